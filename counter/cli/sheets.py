"""What commands that read a spreadsheet have in common: which of its sheets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from counter.cli.exits import UsageError
from counter.i18n import t

SheetName = Annotated[str | None, typer.Option(help=t("cli.option.sheet"))]


@contextmanager
def sheet_to_choose() -> Iterator[None]:
    """Raises `UsageError` with the names of the sheets where one of them has to be named."""
    from counter.sheets.errors import ChooseSheetError

    try:
        yield
    except ChooseSheetError as error:
        raise UsageError(t("cli.sheet.choose", sheets=" | ".join(error.sheets))) from None
