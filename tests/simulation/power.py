"""Power loss (断电): a disk that keeps what was brought to it, and of the rest what the dice say.

`Recorder` logs every call by which a program changes files, and between them what the program has said is done. `Disk`
plays the log back up to any call and gives the folder as it may be found after the power went off there: of what was not
synced a file keeps any part, also half a sector; a name that was made, moved or removed since its folder was synced is as
it was before or as it is after, and no later change of a name is there without the earlier ones (file systems keep a
journal of names). Shared memory (``-shm``) is gone.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.simulation.calls import Call, watched

SECTOR = 512


class Said(NamedTuple):
    """The program has told somebody that this is done."""

    what: str


Step = Call | Said


class Recorder:
    """The log of one program's calls below a folder, and of what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []

    def said(self, what: str) -> None:
        self.steps.append(Said(what))

    @contextmanager
    def recording(self) -> Iterator["Recorder"]:
        with watched(self.folder, self._note):
            yield self

    def _note(self, call: Call) -> int:
        if not call.path.endswith("-shm"):
            self.steps.append(call)
        return 0


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    since: list[Call] = field(default_factory=list)


class _Name(NamedTuple):
    """A change of a name: where, and the file that stands there from then on; None: nothing does."""

    path: str
    file: "_File | None"


class Disk:
    """A folder's files as a disk has them; `folder` is where they stood when they were recorded."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._durable: dict[str, _File] = {}
        self._now: dict[str, _File] = {}
        self._names: list[_Name] = []
        self._folders: set[str] = set()

    def play(self, steps: Iterable[Step]) -> list[str]:
        """Make these calls; what was said meanwhile."""
        said = []
        for step in steps:
            if isinstance(step, Said):
                said.append(step.what)
            else:
                self._make(step)
        return said

    def _make(self, call: Call) -> None:
        match call.kind:
            case "open" | "make":
                if call.path not in self._now:
                    self._name(call.path, _File())
            case "folder":
                self._folders.add(f"{call.path}/")
                self._name(f"{call.path}/", _File())
            case "write" | "truncate":
                self._now[call.path].since.append(call)
            case "sync":
                self._sync(call)
            case "rename":
                self._name(call.target, self._now[call.path])
                self._name(call.path, None)
            case "remove" | "delete" if call.path in self._now:
                self._name(call.path, None)
                if call.at:  # SQLite has asked for the folder to be synced, too
                    self._sync_names(str(Path(call.path).parent))

    def _sync(self, call: Call) -> None:
        file = self._now.get(call.path)
        if file is None:
            self._sync_names(call.path)
            return
        if call.data:  # written by Python, whose writes are not seen
            file.durable, file.since = bytearray(call.data), []
        for change in file.since:
            _apply(file.durable, change)
        file.since.clear()
        if call.path.endswith("-wal"):  # SQLite syncs the folder of a new WAL
            self._sync_names(str(Path(call.path).parent))

    def _name(self, path: str, file: _File | None) -> None:
        if file is None:
            del self._now[path]
        else:
            self._now[path] = file
        self._names.append(_Name(path, file))

    def _sync_names(self, folder: str) -> None:
        last = max((n for n, name in enumerate(self._names) if str(Path(name.path).parent) == folder), default=-1)
        _rename(self._durable, self._names[: last + 1])
        del self._names[: last + 1]

    def found(self, target: Path, dice: Random) -> None:
        """Write what may be found on the disk now into a new folder."""
        names = dict(self._durable)
        _rename(names, self._names[: dice.randint(0, len(self._names))])
        target.mkdir(0o700, parents=True)
        lost = [path for path in self._folders if path not in names]
        for path, file in sorted(names.items()):  # a folder comes before what is in it
            place = target / os.path.relpath(path, self._folder)
            if path.startswith(tuple(lost)):
                continue
            if path.endswith("/"):
                place.mkdir(0o700)
            else:
                place.write_bytes(_as_found(file, dice))


def _rename(names: dict[str, _File], changes: Sequence[_Name]) -> None:
    for path, file in changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _as_found(file: _File, dice: Random) -> bytes:
    """What of a file's latest writes has reached the disk: none, all, the first of them, or any, one torn."""
    content = bytearray(file.durable)
    kept = {
        0: [],
        1: list(file.since),
        2: file.since[: dice.randint(0, len(file.since))],
        3: [change for change in file.since if dice.random() < 0.5],
    }[dice.randint(0, 3)]
    for change in kept:
        _apply(content, _torn(change, dice) if change is kept[-1] and dice.random() < 0.5 else change)
    return bytes(content)


def _torn(change: Call, dice: Random) -> Call:
    if change.kind != "write":
        return change
    return change._replace(data=change.data[: dice.randint(0, len(change.data) // SECTOR) * SECTOR])


def _apply(content: bytearray, change: Call) -> None:
    if change.kind == "truncate":
        del content[change.at :]
        content.extend(bytes(change.at - len(content)))
        return
    end = change.at + len(change.data)
    content.extend(bytes(max(0, end - len(content))))
    content[change.at : end] = change.data
