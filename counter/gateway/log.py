"""What a gateway writes on standard error, a line each: what went wrong by its place, and who was refused what.

No person, no key and no body is in it: of an error its kind and where, never its words. Where the database is,
its driver may say.
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FIELDS: Final = "fields"
"""Under this name a record carries what it says beside its message."""
LOGGER: Final = "counter.gateway"


def set_up(*, as_json: bool) -> None:
    """Write this process's log, for people or as JSON for programs; of libraries what they warn of, of its own all."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(LOGGER).setLevel(logging.INFO)


def refused(operation: str, status: int, code: str, branch: str, counter: str) -> None:
    """Keep a no: to which counter, where its signature held; of a stranger nothing, whatever they call themselves."""
    who = {"branch": branch, "counter": counter} if branch else {}
    fields = {"operation": operation, "status": status, "code": code, **who}
    logging.getLogger(f"{LOGGER}.refused").info("refused", extra={FIELDS: fields})


def failed(error: Exception) -> None:
    """Log where it happened, not what was said: a database's message may repeat a person's data."""
    logging.getLogger(LOGGER).error("%s at %s", type(error).__name__, _where(error))


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


class JsonLines(logging.Formatter):
    """A record as one JSON object: `at` (UTC), `level`, `logger`, `message`, and what it carries."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_said(record), ensure_ascii=False)


class TextLines(logging.Formatter):
    """The same for people: its first four, then name=value."""

    def format(self, record: logging.LogRecord) -> str:
        at, level, logger, message, *rest = _said(record).items()
        carried = (f"{name}={value}" for name, value in rest)
        return " ".join((at[1], level[1], f"{logger[1]}:", message[1], *carried))


def _said(record: logging.LogRecord) -> dict[str, str]:
    carried: Mapping[str, object] = getattr(record, FIELDS, {})
    error = record.exc_info[1] if record.exc_info else None
    return {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage().replace("\n", " "),
        **({"error": type(error).__name__, "where": _where(error)} if error else {}),
        **{name: str(value) for name, value in carried.items()},
    }
