"""Tests of `counter.widgets.grid`."""
