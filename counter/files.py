"""Paths that somebody types."""

from pathlib import Path


def typed_path(text: str) -> Path:
    """A file or folder as it was typed or pasted, also in the quotation marks that Windows copies around it."""
    return expanded(Path(text.strip().strip('"')))


def expanded(path: Path) -> Path:
    """The path with ``~`` as the user's home; as it stands where that names nobody.

    A spreadsheet's lock files begin with a tilde too (``~$...``).
    """
    try:
        return path.expanduser()
    except RuntimeError:
        return path
