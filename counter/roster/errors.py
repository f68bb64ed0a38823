"""What a roster file can be refused for."""

from typing import Final

from counter.rules.finding import Finding, Level

RULE: Final = "EXC-7"


class RosterFileError(Exception):
    """This file is not read; `finding` says why and what to do (code ``roster.file.<reason>``)."""

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.finding = Finding(Level.STOP, RULE, f"roster.file.{reason}", params=params)


class ChooseSheetError(Exception):
    """More than one sheet has a header: the caller says which; `sheets` are their names."""

    def __init__(self, sheets: tuple[str, ...]) -> None:
        super().__init__("more than one sheet has a header")
        self.sheets = sheets
