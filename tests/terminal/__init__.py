"""Tests of `counter.terminal`."""
