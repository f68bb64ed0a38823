"""Tests of `counter.devices`."""
