"""Paths that somebody types."""

from pathlib import Path


def typed_path(text: str) -> Path:
    """A file or folder as it was typed or pasted, also in the quotation marks that Windows copies around it."""
    path = Path(text.strip().strip('"'))
    try:
        return path.expanduser()
    except RuntimeError:  # no user's home: a spreadsheet's lock files begin with a tilde too (~$...)
        return path
