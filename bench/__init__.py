"""Measurements against a limit in the same run: ratios, never a test."""
