"""``counter --version``: what is running here, one line each, as somebody who helps from afar asks for it."""

import platform
from collections.abc import Iterator
from importlib.metadata import version as installed

from counter import __version__


def versions() -> Iterator[str]:
    """A name and its version, one a line; nothing of it is a sentence."""
    from counter.province.wire import VERSION
    from counter.rules.link import FORM
    from counter.store.cipher import engine_versions

    cipher, sqlite = engine_versions()
    yield f"counter {__version__}"
    yield f"Python {platform.python_version()}"
    yield f"Textual {installed('textual')}"
    yield f"SQLCipher {cipher}, SQLite {sqlite}"
    yield f"wire v{VERSION}, entry form {FORM}"
    yield platform.platform()
