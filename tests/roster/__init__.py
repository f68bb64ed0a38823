"""Tests of `counter.roster`."""
