"""Tests of `counter.reference`."""
