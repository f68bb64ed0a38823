"""What makes the lock and the releases; no part of the wheel."""
