"""What somebody can do who holds a key, and what finds it."""
