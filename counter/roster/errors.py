"""What a file is no roster for."""

from typing import ClassVar, Final

from counter.rules.finding import Finding
from counter.sheets.errors import SheetFileError

RULE: Final = "EXC-7"


class RosterFileError(SheetFileError):
    """A spreadsheet that can be read and is no roster (code ``roster.file.<reason>``)."""

    namespace: ClassVar = "roster.file"


def refusal(error: SheetFileError) -> Finding:
    """Why a file is not read as a roster, and what to do."""
    return error.finding(RULE)
