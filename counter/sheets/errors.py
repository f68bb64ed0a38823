"""What a spreadsheet is not read for."""

from typing import ClassVar

from counter.rules.finding import Finding, Level


class SheetFileError(Exception):
    """This file is not read: `reason` names the sentence that says why and what to do, `params` fill it.

    Who asked for the file knows the rule that it is wanted for, and so makes the finding.
    """

    namespace: ClassVar = "sheet.file"

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def finding(self, rule: str) -> Finding:
        """Why the file is refused, under the rule of who asked (code ``sheet.file.<reason>``)."""
        return Finding(Level.STOP, rule, f"{self.namespace}.{self.reason}", params=self.params)


class ChooseSheetError(Exception):
    """More than one sheet has a header: the caller says which; `sheets` are their names."""

    def __init__(self, sheets: tuple[str, ...]) -> None:
        super().__init__("more than one sheet has a header")
        self.sheets = sheets
