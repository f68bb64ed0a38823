"""Tests of `counter.desk`."""
