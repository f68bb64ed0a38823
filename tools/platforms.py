"""Where the lock can be installed without a compiler: has every pin a wheel there? Asks the package index."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = {
    "Linux x86_64": "x86_64-manylinux_2_28",
    "Linux arm64": "aarch64-manylinux_2_28",
    "macOS x86_64": "x86_64-apple-darwin",
    "macOS arm64": "aarch64-apple-darwin",
    "Windows x86_64": "x86_64-pc-windows-msvc",
}


def uv() -> str:
    """The machine's, else the one that the lock brings."""
    return shutil.which("uv") or str(Path(sys.executable).with_name("uv"))


def lacking(platform: str, python: str) -> str:
    """What uv says of the first pin without a wheel; nothing if each has one."""
    command = [uv(), "pip", "compile", "--quiet", "--no-header", "--no-deps", "--only-binary", ":all:"]
    command += ["--python-platform", platform, "--python-version", python, str(ROOT / "requirements.lock.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def main() -> int:
    served = True
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            lack = lacking(platform, python)
            served = served and not lack
            print(f"{name:15} {python}  {lack or 'every pin has a wheel'}", flush=True)
    return 0 if served else 1


if __name__ == "__main__":
    sys.exit(main())
