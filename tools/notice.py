"""Write NOTICE: every package of the lock with its licence, as its installed metadata say it.

    python -m tools.notice

Run it after `make lock`; a test holds the file and the lock together.
"""

import importlib.metadata
import re
from email.message import Message
from pathlib import Path
from typing import Final, cast

ROOT: Final = Path(__file__).parent.parent
NOTICE: Final = ROOT / "NOTICE"
HEAD: Final = """counter
Its own licence is in LICENSE. It is installed with these packages of others (requirements.lock.txt), those of the build
and the tests among them, each under its own licence; the text is in the package.
`python -m tools.notice` writes this list.

"""
UNSAID: Final = {
    "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "only under Emscripten, where counter does not run",
    "sqlcipher3": "Zlib; in it SQLCipher: BSD-3-Clause, OpenSSL: Apache-2.0, SQLite: public domain",
    "tzdata": "Apache-2.0",
}
"""What is for other platforms and not installed here, and what says nothing in its metadata."""
_GENERAL: Final = {"OSI Approved", "DFSG approved"}


def pins() -> list[tuple[str, str]]:
    """The lock's packages and versions."""
    lock = (ROOT / "requirements.lock.txt").read_text("utf-8")
    return re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)", lock, re.MULTILINE)


def licence(name: str) -> str:
    """A package's licence: expression, classifiers, or the first line of the free text; '' where nothing says it."""
    try:
        said = cast("Message", importlib.metadata.metadata(name))
    except importlib.metadata.PackageNotFoundError:
        return UNSAID.get(name, "")
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = [
        each.rpartition(" :: ")[2] for each in said.get_all("Classifier") or () if each.startswith("License")
    ]
    named = [each for each in classifiers if each not in _GENERAL]
    free = str(said.get("License") or "").strip().partition("\n")[0]
    return ", ".join(named) or free or UNSAID.get(name, "")


def notice() -> str:
    """The whole file."""
    return HEAD + "".join(f"{name} {version}: {licence(name)}\n" for name, version in sorted(set(pins())))


if __name__ == "__main__":
    NOTICE.write_text(notice(), "utf-8")
