"""The branch's printer, reached by the command that the settings name (`slip_printer`)."""

import subprocess
from collections.abc import Sequence

SECONDS = 20.0
"""How long the command may take to accept a text."""


def print_text(command: Sequence[str], text: str) -> bool:
    """Hand a text to the print command on its standard input; did it take it? Blocks: for a thread."""
    try:
        subprocess.run(  # noqa: S603 - the command is the operator's own setting, run without a shell
            command, input=text.encode(), check=True, timeout=SECONDS, capture_output=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
