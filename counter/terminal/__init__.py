"""The terminal itself: keys on their way, its end."""
