"""``make bundle``: all that a branch needs to install counter without a network, in one folder and one archive.

The wheels of the lock that counter itself needs, counter's own, the scripts that install, update and undo, the units of
the timer, and the checksum of each. For the platform that it is made on, and for others that are named, for which pip
fetches the wheels from its index; a bundle is for one platform and one Python.
"""

import argparse
import hashlib
import importlib.util
import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import counter
from tools.platforms import uv

ROOT = Path(__file__).parent.parent
INSTALLING = ROOT / "tools" / "installing"
LOCK = ROOT / "requirements.lock.txt"
PROJECT = "shebaoka-counter"
HERE = "here"
PLATFORMS: Mapping[str, Mapping[str, str]] = {
    "manylinux_2_28_x86_64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "manylinux_2_28_aarch64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    "macosx_11_0_arm64": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "win_amd64": {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"},
}
"""What pip calls a platform, and what the lock's markers ask of it."""


class BundleError(Exception):
    """Why there is no bundle."""


def environment(target: str, python: str) -> dict[str, str]:
    """What markers ask, on that platform."""
    here = {name: str(value) for name, value in default_environment().items()}
    if target == HERE:
        return here
    return here | {
        "os_name": "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
        **PLATFORMS[target],
    }


def pins(lock: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Of each project that the lock pins there its lines, with the hashes."""
    blocks = re.findall(r"^[a-z0-9][^\n]*\n(?:[ ]+--hash[^\n]*\n)+", lock, re.MULTILINE)
    found: dict[str, str] = {}
    for block in blocks:
        pin = Requirement(block.partition("\\")[0].strip())
        if pin.marker is None or pin.marker.evaluate(dict(environ)):
            found[canonicalize_name(pin.name)] = block
    return found


def needed(project: str, extras: Iterable[str], environ: Mapping[str, str]) -> set[str]:
    """Every project that this one needs there, by what is installed here says of itself."""
    names: set[str] = set()
    waiting = [(project, frozenset(extras))]
    while waiting:
        name, wanted = waiting.pop()
        for requirement in _asked_by(name, wanted, environ):
            found = canonicalize_name(requirement.name)
            if found not in names or requirement.extras:
                names.add(found)
                waiting.append((found, frozenset(requirement.extras)))
    return names


def _asked_by(name: str, extras: Iterable[str], environ: Mapping[str, str]) -> Iterator[Requirement]:
    try:
        said = requires(name) or []
    except PackageNotFoundError:  # of another platform: what it needs is pinned, and is a leaf in this lock
        return
    for requirement in map(Requirement, said):
        asked = [
            requirement.marker is None or requirement.marker.evaluate({**environ, "extra": extra})
            for extra in ("", *extras)
        ]
        if any(asked):
            yield requirement


def make(target: str, python: str, to: Path, extras: Iterable[str]) -> Path:
    """The folder of a bundle."""
    environ = environment(target, python)
    folder = to / f"counter-{counter.__version__}-{target if target != HERE else _here()}-py{environ['python_version']}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known, names = pins(LOCK.read_text("utf-8"), environ), needed(PROJECT, extras, environ)
    if lacking := names - set(known):
        raise BundleError(f"the lock does not pin {', '.join(sorted(lacking))}")
    (folder / "requirements.txt").write_text("".join(known[name] for name in sorted(names)), "utf-8", newline="\n")
    _download(folder, target, python)
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    copy_scripts(folder)
    system, machine = environ["platform_system"], environ["platform_machine"].lower()
    made_for = {
        "version": counter.__version__,
        "python": environ["python_version"],
        "system": system,
        "machine": machine,
    }
    (folder / "bundle.json").write_text(json.dumps(made_for, indent=2) + "\n", "utf-8", newline="\n")
    write_sums(folder)
    return folder


def copy_scripts(folder: Path) -> None:
    """What installs, and the timer's units; what Windows reads has its line ends."""
    for file in INSTALLING.iterdir():
        if file.suffix == ".cmd":
            (folder / file.name).write_text(file.read_text("utf-8"), "utf-8", newline="\r\n")
        elif file.is_file():
            shutil.copy(file, folder)


def write_sums(folder: Path) -> None:
    """The checksum of every file, as `sha256sum --check` reads them."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n" for file in files
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8", newline="\n")


def _download(folder: Path, target: str, python: str) -> None:
    """Wheels only, each with the lock's hash; pip asks whatever index it is set to."""
    command = [*_pip(), "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "-r", str(folder / "requirements.txt")]
    command += ["--dest", str(folder / "wheels")]
    if target != HERE:
        command += ["--platform", target, "--python-version", python, "--implementation", "cp"]
        older = [tag for tag in ("manylinux_2_17", "manylinux2014", "manylinux_2_27") if target.startswith("manylinux")]
        command += [word for tag in older for word in ("--platform", f"{tag}_{target.rpartition('_28_')[2]}")]
    _run(command)


def _pip() -> list[str]:
    """That of .venv; where uv has made it there is none, and uv lends one."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    return [uv(), "tool", "run", "pip"]


def _here() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundleError(done.stderr.strip() or done.stdout.strip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platforms", nargs="*", help=f"{HERE}, {', '.join(PLATFORMS)}")
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}", help="of the others")
    parser.add_argument("--extra", action="append", default=[], help="gateway")
    parser.add_argument("--to", type=Path, default=ROOT / "dist" / "bundle")
    options = parser.parse_args()
    targets = options.platforms or [HERE]
    if unknown := set(targets) - {HERE, *PLATFORMS}:
        parser.error(f"no such platform: {', '.join(sorted(unknown))}")
    for target in targets:
        try:
            folder = make(target, options.python, options.to, options.extra)
        except BundleError as error:
            print(f"no bundle for {target}: {error}", file=sys.stderr)
            return 1
        archive = shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
        size = Path(archive).stat().st_size / 1024**2
        print(f"{archive}  {size:.0f} MB, {len(list((folder / 'wheels').iterdir()))} wheels", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
