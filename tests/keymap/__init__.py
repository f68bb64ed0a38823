"""Which key does what, and where a clerk puts it."""
