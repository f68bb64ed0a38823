"""A unit's roster on the screen."""
