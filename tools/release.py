"""``make release VERSION=x.y.z``: from a clean tree to a tag whose wheel and source archive were tried alone.

Nothing is committed and no tag is set before both archives have passed; until then a failure leaves the tree as it was.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).parent.parent
CHANGELOG = Path("CHANGELOG.md")
VERSION = Path("counter/__init__.py")
LOCK = Path("requirements.lock.txt")
HEADING = "## [Unreleased]\n"


class ReleaseError(Exception):
    """Why there is no release."""


# --- what changes in the text ------------------------------------------------------------------------------------


def unreleased(changelog: str) -> str:
    """What people who use it will notice."""
    _, heading, rest = changelog.partition(HEADING)
    if not heading:
        raise ReleaseError("the changelog has no section [Unreleased]")
    notes = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0].strip()
    if not re.search(r"^- ", notes, re.MULTILINE):
        raise ReleaseError("the changelog says nothing under [Unreleased]")
    return notes


def released(changelog: str, version: str, date: str) -> str:
    """With the notes under the version, and nothing under [Unreleased]."""
    return changelog.replace(HEADING, f"{HEADING}\n## [{version}] - {date}\n", 1)


def with_version(source: str, version: str) -> str:
    """The package's source, with a version that is not older than the one it has."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseError(f"a version is three numbers, x.y.z, and not {version or 'nothing'}")
    found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    if found is None:
        raise ReleaseError(f"{VERSION} has no version")
    if Version(version) < Version(found[1]):
        raise ReleaseError(f"{version} is older than {found[1]}")
    return source.replace(found[0], f'__version__ = "{version}"')


# --- the repository ----------------------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> str:
    return _output(["git", "-C", str(root), *arguments])


def refuse_unready(root: Path, version: str) -> None:
    if changed := git(root, "status", "--porcelain"):
        raise ReleaseError(f"the tree is not clean:\n{changed}")
    if git(root, "tag", "--list", f"v{version}"):
        raise ReleaseError(f"v{version} is there already")


def prepare(root: Path, version: str, date: str) -> str:
    """Write changelog and version, answer with the notes; a ReleaseError before anything is written."""
    refuse_unready(root, version)
    source = with_version((root / VERSION).read_text("utf-8"), version)
    changelog = (root / CHANGELOG).read_text("utf-8")
    notes = unreleased(changelog)
    (root / CHANGELOG).write_text(released(changelog, version, date), "utf-8", newline="\n")
    (root / VERSION).write_text(source, "utf-8", newline="\n")
    return notes


def restore(root: Path) -> None:
    git(root, "checkout", "--quiet", "HEAD", "--", str(CHANGELOG), str(VERSION))


def commit(root: Path, version: str, notes: str) -> None:
    """And tag: what changed is the tag's message."""
    git(root, "commit", "--quiet", "--all", "--message", f"Release {version}")
    message = f"counter {version}\n\n{notes}"
    git(root, "tag", "--annotate", "--cleanup=whitespace", "--message", message, f"v{version}")


# --- the archives ------------------------------------------------------------------------------------------------


def build(root: Path, folder: Path) -> tuple[Path, Path]:
    """Wheel and source archive; the wheel from the tree and the one from the source archive are the same."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir"]
    _output([*command, str(folder), str(root)])
    _output([*command, str(folder / "tree"), "--wheel", str(root)])
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    if wheel.read_bytes() != (folder / "tree" / wheel.name).read_bytes():
        raise ReleaseError("the source archive builds another wheel than the tree")
    return wheel, source


def install_lock(venv: Path, lock: Path) -> None:
    _output([sys.executable, "-m", "venv", str(venv)])
    _pip(venv, "--require-hashes", "--requirement", str(lock))


def try_out(root: Path, venv: Path, archive: Path, version: str, home: Path) -> None:
    """Installed alone, with an empty home: it answers, in both languages, and its data are those of the tree."""
    _pip(venv, "--no-build-isolation", "--force-reinstall", str(archive))
    for arguments, expected in (
        ("--version", f"counter {version}"),
        ("check id 11010519491231002X", "+ 11010519491231002X"),
        ("services", "换发三代卡"),
        ("--lang en services", "First card"),
        ("branches search 荔湾", "荔湾区"),
    ):
        said = _alone([str(venv / "bin" / "counter"), *arguments.split()], home)
        if expected not in said:
            raise ReleaseError(f"{archive.name}: counter {arguments} does not say {expected} but:\n{said}")

    python = str(venv / "bin" / "python")
    package = Path(_alone([python, "-c", "import counter; print(counter.__path__[0])"], home))
    for folder, installed in ((root / "data", package / "_data"), (root / "counter/locale", package / "locale")):
        for file in (file for file in folder.rglob("*") if file.is_file()):
            carried = installed / file.relative_to(folder)
            if not carried.is_file() or carried.read_bytes() != file.read_bytes():
                raise ReleaseError(f"{archive.name} does not carry {file.relative_to(root)} as it is")


def _pip(venv: Path, *arguments: str) -> None:
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _output([*pip, *arguments])


def _alone(command: Sequence[str], home: Path) -> str:
    return _output(command, cwd=home, environ={"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"})


def _output(command: Sequence[str], cwd: Path | None = None, environ: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


# --- all of it ---------------------------------------------------------------------------------------------------


def release(root: Path, version: str) -> list[Path]:
    """The two archives, in ``dist/``; the tag is set."""
    notes = prepare(root, version, datetime.now(UTC).astimezone().date().isoformat())
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            archives = build(root, folder / "dist")
            install_lock(folder / "venv", root / LOCK)
            for archive in archives:
                home = folder / f"home-{archive.name}"
                home.mkdir()
                try_out(root, folder / "venv", archive, version, home)
            (root / "dist").mkdir(exist_ok=True)
            kept = [Path(shutil.copy(archive, root / "dist")) for archive in archives]
        commit(root, version, notes)
    except BaseException:
        restore(root)
        raise
    return kept


def main(arguments: Sequence[str]) -> int:
    version = arguments[0] if arguments else ""
    try:
        kept = release(ROOT, version)
    except ReleaseError as error:
        print(f"no release: {error}", file=sys.stderr)
        return 1
    print("\n".join([f"v{version} is tagged; both were tried in an empty environment:", *map(str, kept)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
