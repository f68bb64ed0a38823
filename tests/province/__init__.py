"""Tests of `counter.province`."""
