"""Tests of `counter.rules`."""
