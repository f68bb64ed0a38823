"""Programs that ours are compared with: the bench installs them into an environment of their own."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / ".venv-bench"
PEERS: Final = ("sqlite-utils", "visidata")


def install() -> Path:
    """The folder of their commands, made where it is not there.

    Raises `subprocess.CalledProcessError` where they cannot be installed: nothing is left out unsaid.
    """
    commands, made_of = FOLDER / "bin", FOLDER / "made-of.txt"
    if not made_of.exists() or made_of.read_text("utf-8").split() != [*PEERS]:
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        subprocess.run([commands / "python", "-m", "pip", "install", "--quiet", *PEERS], check=True)
        made_of.write_text("\n".join(PEERS), "utf-8")
    return commands
