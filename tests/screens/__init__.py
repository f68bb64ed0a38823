"""Tests of `counter.screens`."""
