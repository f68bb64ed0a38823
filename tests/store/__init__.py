"""Tests of `counter.store`."""
