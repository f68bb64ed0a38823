"""Tests of `counter.grid`."""
