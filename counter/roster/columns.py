"""The columns of a roster and what units call them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counter.sheets.header import bare_title


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """A column: its id, which is a field of `RosterRow`; its titles, the official Chinese one first.

    `field` is the path of its value in a case, '' where the case has none.
    """

    id: str
    titles: tuple[str, ...]
    field: str = ""


def _column(id: str, field: str, chinese: str, english: str) -> RosterColumn:
    return RosterColumn(id, (*chinese.split(), *english.split(", ")), field)


COLUMNS: Final = (
    _column(
        "name",
        "holder.name",
        "姓名 名字 持卡人 持卡人姓名 中文姓名 人员姓名",
        "name, full name",
    ),
    _column(
        "document_kind",
        "holder.document.kind",
        "证件种类 证件类型 证件类别",
        "document kind, document type, id type",
    ),
    _column(
        "number",
        "holder.document.number",
        "证件号码 身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 居民身份证号 居民身份证号码 证件号 "
        "有效证件号码 社会保障号 社会保障号码 身份号码",
        "document number, id, id number, id no, id no., id card",
    ),
    _column(
        "ethnicity",
        "holder.ethnicity",
        "民族 族别",
        "ethnicity",
    ),
    _column(
        "mobile",
        "holder.mobile",
        "手机号码 手机 手机号 联系电话 联系方式 联系手机 电话 电话号码 移动电话 联系号码",
        "mobile, mobile number, mobile phone, phone, phone number, telephone",
    ),
    _column(
        "occupation",
        "holder.occupation",
        "职业 工种 岗位 职业类别 职业工种",
        "occupation, job",
    ),
    _column(
        "old_card",
        "old_card.number",
        "原社保卡号 社保卡号 社保卡号码 社会保障卡号 社会保障卡号码 原卡号 旧卡号 卡号",
        "old card, card number",
    ),
    _column(
        "photo",
        "photo.source",
        "照片 相片 照片来源 相片来源 相片回执号 照片回执号",
        "photo",
    ),
    _column(
        "sex",
        "holder.sex",
        "性别",
        "sex, gender",
    ),
    _column(
        "birth",
        "holder.birth",
        "出生日期 出生年月日 生日",
        "birth date, date of birth, birth",
    ),
    _column(
        "valid_from",
        "holder.document.valid_from",
        "有效期自 有效期起 证件有效期自 证件有效期起 有效期开始日期 证件开始日期",
        "valid from",
    ),
    _column(
        "valid_to",
        "holder.document.valid_to",
        "有效期至 有效期止 证件有效期至 证件有效期止 有效期截止日期 证件到期日 证件到期日期",
        "valid to, valid until",
    ),
    _column(
        "remarks",
        "",
        "备注 说明",
        "remarks, remark, note, notes",
    ),
)
"""The columns in the order of the template; the grid shows those that it has room for."""

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
