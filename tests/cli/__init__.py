"""Tests of `counter.cli`."""
