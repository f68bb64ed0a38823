"""Tests of `counter.gateway`."""
