"""What the cells of a roster's columns hold: the form in which it is kept, what is wrong with one by itself, its words.

A kind is made once, in the declaration of a column (`counter.roster.columns`); a cell that is no good stays as written.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias

from counter.i18n import in_every_language, named, names_of, t
from counter.roster.errors import RULE
from counter.rules.case import LongTerm
from counter.rules.finding import Finding, Key, stop
from counter.rules.numbers import check_character
from counter.rules.reference import Coded, Reference
from counter.rules.text import number_text, plain
from counter.sheets.cells import date_text, digits_text, is_destroyed, is_error, is_formula
from counter.sheets.header import simplified

FILE: Final = "file"
"""The cell of a person whose photo is a file."""
LONG_TERM: Final[LongTerm] = "long_term"

Form: TypeAlias = Callable[[str], str]
"""From what was written to what is kept; the same again for what is kept."""


class CellKind:
    """A text. Other kinds say what differs."""

    is_listed: ClassVar[bool] = False
    """Is it one of the reference data's, and found in a list of them?"""

    def __init__(self, form: Form) -> None:
        self._form = form

    def form(self, _reference: Reference) -> Form:
        """The normal form, by the code lists."""
        return self._form

    def spoiled(self, column: str, text: str) -> Finding | None:
        """What is wrong with a cell before any rule is asked, EXC-7: a formula, a spreadsheet's error."""
        if is_formula(text):
            return stop(RULE, "roster.formula", column)
        return stop(RULE, "roster.error", column) if is_error(text) else None

    def name(self, _text: str, _reference: Reference) -> str:
        """What a clerk reads for a code; '' where it is read as it stands."""
        return ""

    def words(self, _reference: Reference) -> list[str]:
        """What the template lets the unit choose from; nothing where anything may stand."""
        return []

    def choices(self, _reference: Reference) -> Sequence[Coded]:
        """What a clerk chooses from, where it is listed."""
        return ()

    def value(self, text: str) -> object:
        """What a case holds of it."""
        return text


class Remark(CellKind):
    """What nobody judges."""

    def __init__(self) -> None:
        super().__init__(plain)

    def spoiled(self, _column: str, _text: str) -> Finding | None:
        return None


class LongNumber(CellKind):
    """Digits and letters, of which a spreadsheet may have lost the last, EXC-7."""

    def spoiled(self, column: str, text: str) -> Finding | None:
        spoiled = super().spoiled(column, text)
        return spoiled or (stop(RULE, "roster.destroyed", column) if self.is_destroyed(text) else None)

    def is_destroyed(self, text: str) -> bool:
        return is_destroyed(text)


class DocumentNumber(LongNumber):
    """Also eighteen digits that end in three zeros, and not by the check digit's will: a spreadsheet wrote them."""

    def is_destroyed(self, text: str) -> bool:
        zeros = len(text) == 18 and text.endswith("000") and text.isascii() and text.isdecimal()
        return is_destroyed(text) or (zeros and check_character(text[:17]) != text[17])


class DateCell(CellKind):
    """A day, APP-1: YYYY-MM-DD, or ``long_term``, which counts where it is `endless` only."""

    def __init__(self, *, endless: bool = False) -> None:
        super().__init__(date_text)
        self._endless = endless

    def spoiled(self, column: str, text: str) -> Finding | None:
        is_day = text == LONG_TERM or _day(text)
        return super().spoiled(column, text) or (None if is_day else stop("APP-1", "roster.no_date", column))

    def name(self, text: str, _reference: Reference) -> str:
        return t("choice.long_term") if text == LONG_TERM else ""

    def value(self, text: str) -> date | LongTerm | None:
        return LONG_TERM if self._endless and text == LONG_TERM else _day(text)


class EnumCode(CellKind):
    """A code of ours, APP-1: `codes` of the catalog ``choice.<catalog>``, the words that units write for each by code,
    and those codes that the template offers."""

    def __init__(self, codes: type[StrEnum], catalog: str, words: Mapping[str, str], offered: Collection[str]) -> None:
        known = {word: str(code) for code, said in words.items() for word in (str(code), *said.split("|"))}
        shown = {word: str(code) for code in codes for word in _said(f"choice.{catalog}.{code}")}
        super().__init__(coded(shown | known))
        self._codes = {str(code): code for code in codes}
        self._catalog = catalog
        self._offered = offered

    def spoiled(self, column: str, text: str) -> Finding | None:
        unknown = text not in self._codes
        what = Key(f"roster.column.{column}")
        spoiled = super().spoiled(column, text)
        return spoiled or (stop("APP-1", "roster.unknown_word", column, what=what) if unknown else None)

    def name(self, text: str, _reference: Reference) -> str:
        return t(f"choice.{self._catalog}.{text}") if text in self._codes else ""

    def words(self, _reference: Reference) -> list[str]:
        return [t(f"choice.{self._catalog}.{code}") for code in self._codes if code in self._offered]

    def value(self, text: str) -> StrEnum | None:
        return self._codes.get(text)


class ListCode(CellKind):
    """A code of a list of the reference data; the rules say which they do not know. `empty` is reported where the
    roster says nothing."""

    is_listed = True

    def __init__(self, codes: Callable[[Reference], Mapping[str, Coded]], width: int = 0, empty: str = "") -> None:
        super().__init__(plain)
        self._codes = codes
        self._width = width
        self._empty = empty

    def form(self, reference: Reference) -> Form:
        names: dict[str, str] = {}
        for each in self._codes(reference).values():
            names |= {name.casefold(): each.code for name in (each.code, *names_of(each))}
        for name, code in list(names.items()):
            names.setdefault(name.removesuffix("族"), code)  # 汉 for 汉族
        return coded(names, self._width)

    def name(self, text: str, reference: Reference) -> str:
        item = self._codes(reference).get(text)
        return named(item) if item else ""

    def words(self, reference: Reference) -> list[str]:
        return list(map(named, self._codes(reference).values()))

    def choices(self, reference: Reference) -> Sequence[Coded]:
        return tuple(self._codes(reference).values())

    def value(self, text: str) -> str:
        return text or self._empty


class CardNumber(LongNumber):
    """A card's number; a word that says that there is none is none."""

    def __init__(self) -> None:
        super().__init__(_card)


class PhotoCell(CellKind):
    """Whose photo it is: '' (keep the old one), ``file``, or the number of a receipt."""

    def __init__(self) -> None:
        super().__init__(_photo)

    def name(self, text: str, _reference: Reference) -> str:
        return t("choice.photo.file") if text == FILE else ""

    def words(self, _reference: Reference) -> list[str]:
        return [t("choice.photo.keep"), t("choice.photo.file")]


def coded(codes: Mapping[str, str], width: int = 0) -> Form:
    """A form that knows names and codes; a spreadsheet may have taken a code's leading zeros."""

    def form(text: str) -> str:
        if found := codes.get(text):
            return found
        bare = digits_text(text)
        folded = bare.casefold()
        return codes.get(folded) or codes.get(folded.zfill(width)) or codes.get(simplified(folded)) or bare

    return form


def bare_number(form: Form) -> Form:
    """The form of a number without what spreadsheets put around it."""
    return lambda text: form(digits_text(text))


def _said(key: str) -> set[str]:
    """What is shown for a choice in any language, as words are compared: a template's list is read back."""
    return {sentence.casefold() for sentence in in_every_language(key).values()}


_NO_CARD: Final = frozenset(["无", "没有", "/", "none"])
_KEEP: Final = frozenset(
    ["", "沿用", "沿用原照片", "原照片", "原相片", "原卡照片", "无", "否", "keep", *_said("choice.photo.keep")]
)
_FILE: Final = frozenset(["文件", "相片文件", "照片文件", "电子照片", "file", *_said("choice.photo.file")])
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")


def _card(text: str) -> str:
    bare = digits_text(text)
    return "" if bare.casefold() in _NO_CARD else number_text(bare)


def _photo(text: str) -> str:
    bare = plain(text)
    folded = bare.casefold()
    if folded in _KEEP:
        return ""
    return FILE if folded in _FILE or folded.endswith(_PICTURES) else digits_text(bare)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
