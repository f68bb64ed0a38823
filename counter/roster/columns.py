"""The columns of a roster: each declared once, on the field of the row that it fills.

A new column is a field here and its title ``roster.column.<id>`` in the catalogs: the reader knows its titles, the
template offers it, the grid shows it, the checks say its findings at it. A test names what one lacks.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final, get_type_hints

import msgspec

from counter.roster.kinds import (
    CardNumber,
    CellKind,
    DateCell,
    DocumentNumber,
    EnumCode,
    ListCode,
    LongNumber,
    PhotoCell,
    Remark,
    bare_number,
)
from counter.rules.case import DocumentKind, Sex
from counter.rules.finding import Finding
from counter.rules.masking import mask_card, mask_mobile, mask_name, mask_number
from counter.rules.services.exchange import EXCHANGE
from counter.rules.text import mobile_text, name_text, number_text
from counter.sheets.header import bare_title

OTHER_OCCUPATION: Final = "90"
"""其他人员: reported for somebody whose occupation the roster leaves out."""

_KINDS: Final[Mapping[str, str]] = {
    DocumentKind.ID_CARD: "居民身份证|身份证|二代身份证|公民身份证|resident identity card|identity card|id card",
    DocumentKind.HUKOU: "居民户口簿|户口簿|户口本|hukou book",
    DocumentKind.HK_MACAU_PERMIT: "港澳居民来往内地通行证|港澳居民通行证|港澳通行证|回乡证|hk/macau travel permit",
    DocumentKind.HK_MACAU_RESIDENCE: "港澳居民居住证|港澳居住证|hk/macau residence permit",
    DocumentKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证|台湾通行证|台胞证|taiwan travel permit",
    DocumentKind.TAIWAN_RESIDENCE: "台湾居民居住证|台湾居住证|taiwan residence permit",
    DocumentKind.PASSPORT: "外国护照|护照|foreign passport|passport",
    DocumentKind.CHINESE_PASSPORT: "中国护照（华侨）|中国护照|华侨护照|chinese passport (overseas)|chinese passport",
    DocumentKind.PERMANENT_RESIDENCE: "外国人永久居留身份证|外国人永久居留证|永居证|permanent residence card",
}
_SEXES: Final[Mapping[str, str]] = {Sex.MALE: "男|男性|m|male|1", Sex.FEMALE: "女|女性|f|female|2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterColumn:
    """A column. `chinese` (the official title first) and `english` are what units call it, separated by ``|``.

    `kind` is what its cells hold. `path` is where a case has the value, '' where it has none; what the rules say of
    `also` is said at this column too. `width` is the grid's, in terminal cells, `place` comes before another's there
    where it is lower; `mask` hides what stands in it. `sheet_width` is the template's, in characters; it stars what is
    `needed`. `id` is the name of the field.
    """

    chinese: str
    english: str
    kind: CellKind
    path: str = ""
    also: tuple[str, ...] = ()
    width: int = 12
    place: int = 3
    mask: Callable[[str], str] | None = None
    sheet_width: int = 12
    needed: bool = False
    id: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        return (*self.chinese.split("|"), *self.english.split("|"))

    def spoiled(self, text: str) -> Finding | None:
        """What is wrong with a cell before any rule is asked; of an empty one nothing."""
        return self.kind.spoiled(self.id, text) if text else None


class RosterRow(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a roster says of one person, by column, in normal form; '' where it says nothing.

    Kinds, ethnicities, occupations and sexes are codes as in a case, dates YYYY-MM-DD or ``long_term``. What cannot be
    understood stays as written, and the checks say so. `photo` is '' (keep the old one), ``file`` or a receipt number.
    The ledger keeps rows by these names: one can be added, and none renamed.
    """

    name: Annotated[
        str,
        RosterColumn(
            chinese="姓名|名字|持卡人|持卡人姓名|中文姓名|人员姓名",
            english="name|full name",
            kind=CellKind(name_text),
            path="holder.name",
            width=8,
            place=0,
            mask=mask_name,
            sheet_width=14,
            needed=True,
        ),
    ] = ""
    document_kind: Annotated[
        str,
        RosterColumn(
            chinese="证件种类|证件类型|证件类别",
            english="document kind|document type|id type",
            kind=EnumCode(DocumentKind, "document", _KINDS, EXCHANGE.documents),
            path="holder.document.kind",
            place=4,
            sheet_width=24,
        ),
    ] = ""
    number: Annotated[
        str,
        RosterColumn(
            chinese="证件号码|身份证号|身份证号码|身份证|公民身份号码|公民身份证号码|居民身份证号|居民身份证号码|证件号|"
            "有效证件号码|社会保障号|社会保障号码|身份号码",
            english="document number|id|id number|id no|id no.|id card",
            kind=DocumentNumber(bare_number(number_text)),
            path="holder.document.number",
            also=("presented_by", "identity_check.answer"),  # too young; the identity check
            width=18,
            place=1,
            mask=mask_number,
            sheet_width=24,
            needed=True,
        ),
    ] = ""
    ethnicity: Annotated[
        str,
        RosterColumn(
            chinese="民族|族别",
            english="ethnicity",
            kind=ListCode(lambda reference: reference.ethnicities, width=2),
            path="holder.ethnicity",
            width=6,
        ),
    ] = ""
    mobile: Annotated[
        str,
        RosterColumn(
            chinese="手机号码|手机|手机号|联系电话|联系方式|联系手机|电话|电话号码|移动电话|联系号码",
            english="mobile|mobile number|mobile phone|phone|phone number|telephone",
            kind=LongNumber(bare_number(mobile_text)),
            path="holder.mobile",
            width=11,
            place=2,
            mask=mask_mobile,
            sheet_width=16,
            needed=True,
        ),
    ] = ""
    occupation: Annotated[
        str,
        RosterColumn(
            chinese="职业|工种|岗位|职业类别|职业工种",
            english="occupation|job",
            kind=ListCode(lambda reference: reference.occupations, empty=OTHER_OCCUPATION),
            path="holder.occupation",
            sheet_width=28,
        ),
    ] = ""
    old_card: Annotated[
        str,
        RosterColumn(
            chinese="原社保卡号|社保卡号|社保卡号码|社会保障卡号|社会保障卡号码|原卡号|旧卡号|卡号",
            english="old card|card number",
            kind=CardNumber(),
            path="old_card.number",
            width=10,
            mask=mask_card,
            sheet_width=16,
        ),
    ] = ""
    photo: Annotated[
        str,
        RosterColumn(
            chinese="照片|相片|照片来源|相片来源|相片回执号|照片回执号",
            english="photo",
            kind=PhotoCell(),
            path="photo.source",
            also=("photo.receipt", "photo.digest"),
            width=8,
        ),
    ] = ""
    sex: Annotated[
        str,
        RosterColumn(
            chinese="性别",
            english="sex|gender",
            kind=EnumCode(Sex, "sex", _SEXES, tuple(Sex)),
            path="holder.sex",
            width=4,
            place=4,
        ),
    ] = ""
    birth: Annotated[
        str,
        RosterColumn(
            chinese="出生日期|出生年月日|生日",
            english="birth date|date of birth|birth",
            kind=DateCell(),
            path="holder.birth",
            width=10,
            place=4,
        ),
    ] = ""
    valid_from: Annotated[
        str,
        RosterColumn(
            chinese="有效期自|有效期起|证件有效期自|证件有效期起|有效期开始日期|证件开始日期",
            english="valid from",
            kind=DateCell(),
            path="holder.document.valid_from",
            width=10,
            place=4,
        ),
    ] = ""
    valid_to: Annotated[
        str,
        RosterColumn(
            chinese="有效期至|有效期止|证件有效期至|证件有效期止|有效期截止日期|证件到期日|证件到期日期",
            english="valid to|valid until",
            kind=DateCell(endless=True),
            path="holder.document.valid_to",
            width=10,
            place=4,
        ),
    ] = ""
    remarks: Annotated[
        str,
        RosterColumn(
            chinese="备注|说明",
            english="remarks|remark|note|notes",
            kind=Remark(),
            place=4,
            sheet_width=24,
        ),
    ] = ""


COLUMNS: Final[tuple[RosterColumn, ...]] = tuple(
    replace(hint.__metadata__[0], id=name) for name, hint in get_type_hints(RosterRow, include_extras=True).items()
)
"""The columns in the order of the template."""

BY_ID: Final[Mapping[str, RosterColumn]] = {column.id: column for column in COLUMNS}

_WHOSE: Final = re.compile("^(?:员工|职工|人员|持卡人|参保人|参保人员|本人|申请人|申领人|客户|个人)(?:的)?")
_BY_TITLE: Final[Mapping[str, tuple[str, int]]] = {
    bare_title(title): (column.id, rank) for column in COLUMNS for rank, title in enumerate((column.id, *column.titles))
}


def ranked_column_of(title: str) -> tuple[str, int]:
    """The id of the column that a title names, or '': ``*姓名 (必填)``, ``员工手机号``, ``ID No.``.

    Beside it how far down the column's own list the title stands: 手机号码 before 联系电话.
    """
    bare = bare_title(title)
    return _BY_TITLE.get(bare) or _BY_TITLE.get(_WHOSE.sub("", bare), ("", 0))
