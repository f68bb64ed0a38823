"""Tests of `counter.widgets`."""
