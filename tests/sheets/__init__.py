"""Tests of `counter.sheets`."""
