"""What is laid on a reader while a case is open (读卡): it fills what is blank, and what was typed otherwise is asked
about, once."""

from collections.abc import Callable
from datetime import date
from typing import Final

from counter.desk.open_case import OpenCase
from counter.i18n import card_label, t
from counter.rules.case import ReadDocument
from counter.rules.facts import NUMBER as HOLDER_NUMBER
from counter.rules.filling import value_at
from counter.rules.laid_card import NUMBER, acts_on_card, differs, laid
from counter.rules.laid_card import is_theirs as card_is_theirs
from counter.rules.read_card import ReadCard
from counter.rules.reading import differing, is_theirs, taken, whose
from counter.rules.service import StepId
from counter.screens.background import WorkingScreen
from counter.screens.case.overwriting import OverwriteScreen
from counter.screens.reader import Read, said_by
from counter.screens.reader import whose as named

LAID_AT: Final = (HOLDER_NUMBER, NUMBER)
"""Where something that was laid down fills a number, of the document and of the card."""


class Laying:
    """Takes what was read into an open case; `laid` is called once it is there."""

    def __init__(self, screen: WorkingScreen[None], opened: OpenCase, laid: Callable[[], None]) -> None:
        self._screen = screen
        self._open = opened
        self._laid = laid

    def take(self, read: Read, here: str) -> None:
        """A document is that of a person, a social security card the one that the service acts on."""
        if isinstance(read, ReadCard):
            self._take_card(read)
        else:
            self._take_document(read, here)

    def _take_card(self, read: ReadCard) -> None:
        opened = self._open
        if opened.step is StepId.CONFIRM and opened.case.laid_card == read:
            return
        if opened.step is StepId.CONFIRM or not acts_on_card(opened.service):
            self._refuse(read)
        elif card_is_theirs(opened.case, read) is not False and differs(opened.case, read):
            item = self._differing(read, NUMBER, value_at(opened.case, NUMBER), read.number)
            self._overwrite(read, [item], lambda word: self._put_card(read) if word else None)
        else:
            self._put_card(read)

    def _put_card(self, read: ReadCard) -> None:
        opened = self._open
        opened.lay(laid(opened.case, read, opened.service, opened.desk.context().today))
        self._laid()

    def _take_document(self, read: ReadDocument, here: str) -> None:
        """At the identity step whoever it is of; later only somebody whom the case names, and at the end nobody."""
        case, step = self._open.case, self._open.step
        read = whose(case, read, here)
        differs = differing(case, read)
        if step is StepId.CONFIRM and is_theirs(case, read):
            return
        if step is StepId.CONFIRM or (step is not StepId.IDENTITY and not is_theirs(case, read)):
            self._refuse(read)
        elif differs:
            self._ask(read, differs)
        else:
            self._put(read, over=False)

    def _ask(self, read: ReadDocument, differs: tuple[str, ...]) -> None:
        def answered(word: bool | None) -> None:
            if word or is_theirs(self._open.case, read):  # with a no, what differs is found, and wants the clerk's word
                self._put(read, over=bool(word))

        case = self._open.case
        pairs = ((path, value_at(read.person, path.removeprefix(f"{read.who}."))) for path in differs)
        self._overwrite(
            read, [self._differing(read, path, value_at(case, path), value) for path, value in pairs], answered
        )

    def _refuse(self, read: Read) -> None:
        self._screen.app.bell()
        self._screen.notify(said_by(read)("not_taken", **named(read)), severity="warning", timeout=10)

    def _differing(self, by: Read, path: str, typed: object, read: object) -> str:
        field = t(card_label(self._open.service, path))
        return said_by(by)("differs", field=field, typed=_in_words(typed), read=_in_words(read))

    def _overwrite(self, read: Read, items: list[str], answered: Callable[[bool | None], None]) -> None:
        title, hint = (
            ("card_reader.differs_title", "card_reader.differs_hint")
            if isinstance(read, ReadCard)
            else ("reader.differs_title", "reader.differs_hint")
        )
        self._screen.app.push_screen(OverwriteScreen(items, title=title, hint=hint), answered)

    def _put(self, read: ReadDocument, *, over: bool) -> None:
        opened = self._open
        opened.lay(taken(opened.case, read, opened.service, opened.desk.context(), over=over))
        self._laid()


def _in_words(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return t("choice.long_term") if value == "long_term" else str(value or "")
