"""Which key does what: every command of the screen by its id, and what a clerk's own ``keys.toml`` makes of it."""
