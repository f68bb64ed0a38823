"""Import of a real branch list (网点名单), any spreadsheet: checked row by row, refused by row.

Banks, cities and districts may be written as ids or as names. What is good is a `Branch`; what is bad is a finding
under the number of its row as a spreadsheet shows it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from msgspec import structs

from counter.files import write_whole
from counter.reference.load import BRANCHES
from counter.rules.finding import Finding, Level, stop, tell
from counter.rules.reference import Branch, Reference
from counter.rules.text import plain
from counter.sheets.book import SheetRow
from counter.sheets.cells import is_error, is_formula
from counter.sheets.errors import SheetFileError
from counter.sheets.header import Header, bare_title, choose, find_header
from counter.sheets.opening import open_book

RULE: Final = "BNK-3"
_COLUMNS: Final = Branch.__struct_fields__
_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("编号", "网点编号", "网点代码"),
    "bank": ("银行", "服务银行", "所属银行"),
    "city": ("城市", "发卡地", "地市"),
    "district": ("区县", "区域", "所在区", "所在区县"),
    "name": ("网点名称", "名称", "网点"),
    "address": ("地址", "网点地址"),
    "hours": ("营业时间",),
    "phone": ("电话", "联系电话", "网点电话", "联系方式"),
    "instant": ("即时制卡",),
    "initials": ("首字母", "拼音首字母"),
    "source": ("来源",),
}
_NEEDED: Final = ("bank", "city", "district", "name", "address")
_YES_NO: Final = dict.fromkeys(("是", "1", "true", "yes", "y", "有", "√"), True) | dict.fromkeys(
    ("否", "0", "false", "no", "n", "无", "", "×"), False
)
# Land line with area code and extension, mobile, short number, 400 number; several of them.
_ONE_PHONE: Final = (
    r"(?:(?:\(0\d{2,3}\)|0\d{2,3})-?)?[1-9]\d{6,7}(?:-\d{1,6})?|1[3-9]\d{9}|[19]\d{4,5}|400-?\d{3}-?\d{4}"
)
_PHONES: Final = re.compile(f"(?:{_ONE_PHONE})(?:[/、,;](?:{_ONE_PHONE}))*", re.ASCII)
_LONGEST: Final = 200

_MOST: Final = 50_000
"""Rows of a list: three times what Guangdong has of all banks together."""
_BY_TITLE: Final = {bare_title(title): name for name, titles in _TITLES.items() for title in (name, *titles)}


@dataclass(frozen=True, slots=True)
class BranchImport:
    """What a list holds: the good rows, and the findings by row (0 is the file as a whole)."""

    rows: tuple[Branch, ...]
    findings: Mapping[int, tuple[Finding, ...]]

    @property
    def valid(self) -> bool:
        """Nothing in the list is refused."""
        return not any(each.level is Level.STOP for line in self.findings.values() for each in line)


def import_branches(path: Path, reference: Reference, sheet: str | None = None) -> BranchImport:
    """Read and check a branch list; what is in the file never raises, but for `ChooseSheetError`: which sheet?"""
    try:
        with open_book(path, _recognised) as book:
            chosen = choose({each: find_header(book.rows(each), _positions) for each in book.sheets}, sheet)
            if chosen is None:
                return _refused(0, _lacks(_NEEDED))
            header = chosen[1]
            if missing := [name for name in _NEEDED if name not in header.columns]:
                return _refused(header.row, _lacks(missing))
            below = (row for row in book.rows(chosen[0]) if row.number > header.row and any(map(plain, row.cells)))
            found = _Importer(reference).read((row, _values(row, header)) for row in below)
    except SheetFileError as error:
        return _refused(0, error.finding(RULE))
    except OSError:
        return _refused(0, SheetFileError("unreadable").finding(RULE))
    return found if found.rows or found.findings else _refused(0, stop(RULE, "branches.empty"))


def save_branches(home: Path, rows: Iterable[Branch]) -> Path:
    """Write ``<home>/branches.csv`` in one step: the old list or the new one stands there, never half of one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([int(v) if isinstance(v, bool) else v for v in structs.astuple(row)] for row in rows)
    home.mkdir(parents=True, exist_ok=True)
    target = home / BRANCHES
    write_whole(target, text.getvalue())
    return target


class _Importer:
    """Checks rows in their order; remembers what they may not repeat."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._banks = {
            name: bank.id
            for bank in reference.banks.values()
            for name in (bank.id, bank.zh, bank.short, f"中国{bank.zh}")
        }
        cities = reference.cities.values()
        self._cities = {name: each.city for each in cities for name in (each.city, each.zh, each.zh.removesuffix("市"))}
        self._by_name: dict[str, list[str]] = {}
        for region in reference.regions.values():
            self._by_name.setdefault(region.name, []).append(region.code)
        self._known = {_identity(branch): branch.id for branch in reference.branches.values()}
        self._lines: dict[tuple[str, ...], int] = {}

    def read(self, rows: Iterable[tuple[SheetRow, dict[str, str]]]) -> BranchImport:
        """All rows. Raises `SheetFileError` for what is damaged further down."""
        good: list[Branch] = []
        findings: dict[int, tuple[Finding, ...]] = {}
        for nth, (row, values) in enumerate(rows, start=1):
            if nth > _MOST:
                return _refused(0, stop(RULE, "branches.rows", limit=_MOST))
            branch, found = self._check(row.number, values)
            if row.hidden:
                found = (*found, tell(RULE, "branches.hidden"))
            if found:
                findings[row.number] = found
            if not any(each.level is Level.STOP for each in found):
                good.append(branch)
        return BranchImport(self._named(good), findings)

    def _check(self, line: int, row: Mapping[str, str]) -> tuple[Branch, tuple[Finding, ...]]:
        bank = self._banks.get(row["bank"].casefold(), "")
        city = self._cities.get(row["city"], "")
        district = self._district(row["district"], city)
        # A county with a policy of its own stands under it, whatever city the list gives.
        city = self._reference.city_of(district) or city
        instant = _YES_NO.get(row.get("instant", "").casefold())
        branch = Branch(
            id=row.get("id", ""),
            bank=bank,
            city=city,
            district=district,
            name=row["name"],
            address=row["address"],
            hours=row.get("hours", ""),
            phone=row.get("phone", "").replace(" ", ""),
            instant=instant is True,
            initials=row.get("initials", "").lower() or _initials(row["name"][:_LONGEST]),
            source=row.get("source", "") or "import",
        )
        found = [*_spoiled(row), *self._places(branch), *_form(branch)]
        if instant is None:
            found.append(stop(RULE, "branches.instant", "instant"))
        if not found or all(each.level is not Level.STOP for each in found):
            found.extend(self._repeated(line, branch))
        return branch, tuple(found)

    def _district(self, text: str, city: str) -> str:
        """The code of a district of the city, given as its code or its name; the city itself where it has none."""
        return next((code for code in (text, *self._by_name.get(text, ())) if self._in(code, city)), "")

    def _in(self, region: str, city: str) -> bool:
        while (known := self._reference.regions.get(region)) and region != city:
            region = known.parent
        return known is not None

    def _places(self, branch: Branch) -> Iterator[Finding]:
        if not branch.bank:
            yield stop("BNK-1", "branches.bank_unknown", "bank")
        if not branch.city:
            yield stop(RULE, "branches.city_unknown", "city")
        elif not branch.district:
            yield stop(RULE, "branches.district_unknown", "district")
        elif branch.bank and branch.bank not in self._reference.cities[branch.city].banks:
            yield tell("BNK-1", "branches.bank_elsewhere", "bank")

    def _repeated(self, line: int, branch: Branch) -> Iterator[Finding]:
        keys = [_identity(branch), (branch.id,)] if branch.id else [_identity(branch)]
        earlier = next((self._lines[key] for key in keys if key in self._lines), None)
        if earlier is not None:
            yield stop(RULE, "branches.duplicate", "name", line=earlier)
        else:
            self._lines.update(dict.fromkeys(keys, line))

    def _named(self, branches: Sequence[Branch]) -> tuple[Branch, ...]:
        """Every branch with an id: its own, the one that it had, or the next free one of its bank and place."""
        taken = {branch.id for branch in branches} | set(self._known.values())
        given = {branch.id for branch in branches if branch.id}
        named = []
        for branch in branches:
            found = branch.id or self._known.get(_identity(branch), "")
            if not branch.id and (not found or found in given):
                found = next(free for n in count(1) if (free := f"{branch.city}-{branch.bank}-{n:02d}") not in taken)
            taken.add(found)
            named.append(structs.replace(branch, id=found))
        return tuple(named)


def _identity(branch: Branch) -> tuple[str, ...]:
    return branch.bank, branch.district, branch.name


def _spoiled(row: Mapping[str, str]) -> Iterator[Finding]:
    for column, text in row.items():
        if is_formula(text) or is_error(text):
            yield stop(RULE, "branches.formula" if is_formula(text) else "branches.error", column)


def _form(branch: Branch) -> Iterator[Finding]:
    if not branch.name:
        yield stop(RULE, "branches.name_empty", "name")
    if not branch.address:
        yield stop(RULE, "branches.address_empty", "address")
    if not branch.phone:
        yield tell(RULE, "branches.phone_empty", "phone")
    elif len(branch.phone) > _LONGEST or not _PHONES.fullmatch(branch.phone):
        yield stop(RULE, "branches.phone", "phone")
    for column in ("name", "address", "hours", "initials", "source"):
        if len(getattr(branch, column)) > _LONGEST:
            yield stop(RULE, "branches.long", column, limit=_LONGEST)
    if not re.fullmatch(r"[A-Za-z0-9-]{0,40}", branch.id):
        yield stop(RULE, "branches.id", "id")


def _initials(name: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - a quarter of a second that only an import needs

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(char for char in letters if char.isascii() and char.isalnum())


def _refused(line: int, finding: Finding) -> BranchImport:
    return BranchImport((), {line: (finding,)})


def _lacks(columns: Iterable[str]) -> Finding:
    return stop(RULE, "branches.header", columns=" ".join(f"{_TITLES[name][0]}/{name}" for name in columns))


def _recognised(cells: Sequence[str]) -> int:
    return len(_columns(cells))


def _positions(cells: Sequence[str]) -> Mapping[str, int]:
    """A header has two known columns at least."""
    columns = _columns(cells)
    return columns if len(columns) > 1 else {}


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """The position of each column that these cells name; of two of one name the first."""
    named = [(_BY_TITLE.get(bare_title(cell), ""), at) for at, cell in enumerate(cells)]
    return {name: at for name, at in reversed(named) if name}


def _values(row: SheetRow, header: Header) -> dict[str, str]:
    """The cells of our columns; a short row has none in the last ones."""
    return {name: plain(row.cells[at]) if at < len(row.cells) else "" for name, at in header.columns.items()}
