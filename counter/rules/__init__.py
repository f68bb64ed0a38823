"""What is allowed: pure functions and declarations. No I/O, no SQL, no Textual, no language."""
