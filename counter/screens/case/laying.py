"""A document that is laid on the reader while a case is open (读卡): it fills what is blank, and what was typed
otherwise is asked about, once."""

from collections.abc import Callable
from datetime import date

from counter.desk.open_case import OpenCase
from counter.i18n import t
from counter.rules.case import ReadDocument
from counter.rules.filling import value_at
from counter.rules.masking import mask_name
from counter.rules.reading import differing, is_theirs, taken, whose
from counter.rules.service import StepId
from counter.screens.background import WorkingScreen
from counter.screens.case.overwriting import OverwriteScreen


class Laying:
    """Takes what was read into an open case; `laid` is called once it is there."""

    def __init__(self, screen: WorkingScreen[None], opened: OpenCase, laid: Callable[[], None]) -> None:
        self._screen = screen
        self._open = opened
        self._laid = laid

    def take(self, read: ReadDocument, here: str) -> None:
        """At the identity step whoever it is of; later only somebody whom the case names, and at the end nobody."""
        case, step = self._open.case, self._open.step
        read = whose(case, read, here)
        differs = differing(case, read)
        if step is StepId.CONFIRM and is_theirs(case, read):
            return
        if step is StepId.CONFIRM or (step is not StepId.IDENTITY and not is_theirs(case, read)):
            self._screen.app.bell()
            self._screen.notify(t("reader.not_taken", name=mask_name(read.person.name)), severity="warning", timeout=10)
        elif differs:
            self._ask(read, differs)
        else:
            self._put(read, over=False)

    def _ask(self, read: ReadDocument, differs: tuple[str, ...]) -> None:
        def answered(word: bool | None) -> None:
            if word or is_theirs(self._open.case, read):  # with a no, what differs is found, and wants the clerk's word
                self._put(read, over=bool(word))

        case = self._open.case
        items = [
            t(
                "reader.differs",
                field=t(f"field.{path}"),
                typed=_in_words(value_at(case, path)),
                read=_in_words(value_at(read.person, path.removeprefix(f"{read.who}."))),
            )
            for path in differs
        ]
        screen = OverwriteScreen(items, title="reader.differs_title", hint="reader.differs_hint")
        self._screen.app.push_screen(screen, answered)

    def _put(self, read: ReadDocument, *, over: bool) -> None:
        opened = self._open
        opened.lay(taken(opened.case, read, opened.service, opened.desk.context(), over=over))
        self._laid()


def _in_words(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return t("choice.long_term") if value == "long_term" else str(value or "")
