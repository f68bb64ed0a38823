"""Worlds, clerks and samples that several tests share."""
