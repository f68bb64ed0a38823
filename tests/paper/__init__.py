"""Tests of `counter.paper`."""
