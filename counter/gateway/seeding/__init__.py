"""A province for demonstrations and tests: made-up people and their files."""
