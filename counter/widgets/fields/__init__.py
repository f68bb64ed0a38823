"""The fields of a form: one line each."""
