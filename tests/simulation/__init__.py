"""Faults that a seed decides: what the disk, the power and the network can do to a counter, and what must hold after."""
