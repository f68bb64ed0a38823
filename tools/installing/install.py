"""Install counter from this bundle, update it, or take the last update back. Needs Python alone, and no network.

    install.sh --to /opt/counter                            the first time
    install.sh --to /opt/counter --home /var/lib/counter    an update: a backup of the home first
    install.sh --to /opt/counter --undo                     back to the version of before

Every version has a folder of its own below `versions/`; `counter` (Windows: `counter.cmd`) starts the one in use, and
is written as the last thing. Whatever fails leaves the version in use as it was.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
INSTALLED = "installed"
"""Stands in the folder of a version that is whole."""
PREVIOUS = "previous.txt"
"""Names the version that was in use before."""

LAUNCHES = (
    '@"%~dp0versions\\{version}\\Scripts\\counter.exe" %*\r\n'
    if WINDOWS
    else '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/versions/{version}/bin/counter" "$@"\n'
)
"""What starts a version, from wherever it lies: a name of letters beyond ASCII is none that cmd reads."""


class InstallError(Exception):
    """Why nothing was installed."""


def check_files(bundle: Path) -> None:
    """Is every file as it was when the bundle was made, and is there no other?"""
    named = {}
    for line in (bundle / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        named[name] = digest
    there = {file.relative_to(bundle).as_posix() for file in bundle.rglob("*") if file.is_file()} - {"SHA256SUMS"}
    if wrong := sorted(there.symmetric_difference(named)):
        raise InstallError(f"not as the list of checksums has it: {', '.join(wrong)}")
    for name, digest in named.items():
        if hashlib.sha256((bundle / name).read_bytes()).hexdigest() != digest:
            raise InstallError(f"{name} is damaged: carry the bundle over again")


def check_machine(made_for: dict[str, str]) -> None:
    """Wheels are for one system, one kind of processor and one Python."""
    here = {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": platform.system(),
        "machine": platform.machine().lower(),
    }
    for what, is_here in here.items():
        if made_for[what] != is_here:
            raise InstallError(f"the bundle is for {what} {made_for[what]}, and here is {is_here}")


def install(bundle: Path, to: Path, home: Path | None) -> str:
    """Install, or update: then `home` is backed up first, by the version in use. What to tell whoever asked."""
    check_files(bundle)
    made_for = json.loads((bundle / "bundle.json").read_text("utf-8"))
    check_machine(made_for)
    version, before = made_for["version"], in_use(to)
    folder = to / "versions" / version
    if (folder / INSTALLED).exists():
        raise InstallError(f"{version} is installed already")
    backup = back_up(to, home, version) if before else None
    try:
        fill(folder, bundle)
        use(to, version, before)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    kept = f"; the home of before is kept in {backup}" if backup else ""
    return f"counter {version} is installed: {launcher(to)}{kept}"


def fill(folder: Path, bundle: Path) -> None:
    """An environment of its own, from the wheels of the bundle alone, each held against the hash of the lock."""
    shutil.rmtree(folder, ignore_errors=True)  # one that was broken off
    try:
        venv.create(folder, with_pip=True)
    except subprocess.CalledProcessError as error:
        raise InstallError("this Python makes no environments with pip: python3-venv is to be installed") from error
    pip = [str(program(folder, "python")), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-index", "--no-deps", "--no-compile"]
    run([*pip, "--find-links", str(bundle / "wheels"), "--require-hashes", "-r", str(bundle / "requirements.txt")])
    run([*pip, *map(str, sorted(bundle.glob("shebaoka_counter-*.whl")))])
    run([str(program(folder, "counter")), "--version"])
    (folder / INSTALLED).write_text("", "utf-8")


def back_up(to: Path, home: Path | None, version: str) -> Path:
    """The home as it is before an update; the operator's passphrase is asked for, or stands in the environment."""
    if home is None:
        raise InstallError("an update backs the home up first: name it with --home")
    backup = to / "backups" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-before-{version}"
    backup.parent.mkdir(exist_ok=True)
    done = subprocess.run([str(launcher(to)), "--home", str(home), "ledger", "backup", str(backup)], check=False)
    if done.returncode:
        raise InstallError("there is no backup, hence no update")
    return backup


def undo(to: Path) -> str:
    """Back to the version of before; the one in use stays, to be used again."""
    file = to / PREVIOUS
    before = file.read_text("utf-8").strip() if file.exists() else ""
    if not before or not (to / "versions" / before / INSTALLED).exists():
        raise InstallError("there is no version of before")
    use(to, before, in_use(to))
    return f"counter {before} is in use again"


def use(to: Path, version: str, before: str) -> None:
    """Have the launcher start this version; the last act, whole or not at all."""
    file = to / PREVIOUS
    kept = file.read_text("utf-8") if file.exists() else "\n"
    write_whole(file, before + "\n")
    try:
        write_whole(launcher(to), LAUNCHES.format(version=version))
    except BaseException:
        write_whole(file, kept)
        raise


def write_whole(file: Path, text: str) -> None:
    """The whole file or the one of before."""
    new = file.with_name(file.name + ".new")
    with new.open("w", encoding="utf-8", newline="") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    new.chmod(0o755)
    new.replace(file)


def in_use(to: Path) -> str:
    """The version that the launcher starts; '' for none."""
    if not launcher(to).exists():
        return ""
    found = re.search(r"versions[/\\]([^/\\\"]+)[/\\]", launcher(to).read_text("utf-8"))
    if found is None or not (to / "versions" / found[1] / INSTALLED).exists():
        raise InstallError(f"{launcher(to)} starts no version that lies here")
    return found[1]


def launcher(to: Path) -> Path:
    return to / ("counter.cmd" if WINDOWS else "counter")


def program(folder: Path, name: str) -> Path:
    return folder / ("Scripts" if WINDOWS else "bin") / (f"{name}.exe" if WINDOWS else name)


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InstallError(done.stderr.strip() or f"{command[0]} failed")


def main() -> int:
    usual = Path(os.environ.get("LOCALAPPDATA", "C:/")) / "counter" if WINDOWS else Path("/opt/counter")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=usual, help=f"where counter lies ({usual})")
    parser.add_argument("--home", type=Path, help="the home that an update backs up first")
    parser.add_argument("--undo", action="store_true", help="back to the version of before")
    options = parser.parse_args()
    to = options.to.absolute()
    os.umask(0o022)  # whoever runs counter is somebody else than who installs it
    try:
        to.mkdir(parents=True, exist_ok=True)
        print(undo(to) if options.undo else install(BUNDLE, to, options.home))
    except (InstallError, OSError, ValueError, KeyError) as error:
        print(f"nothing has changed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
