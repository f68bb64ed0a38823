"""A column is declared once; what a declaration lacks is named here."""

import msgspec
import pytest

from counter.i18n import LANGUAGES, has, speaking, t
from counter.roster.columns import COLUMNS, RosterColumn, RosterRow, ranked_column_of
from counter.roster.row import Normal, to_case
from counter.rules.filling import value_at
from tests.support.rosters import REFERENCE, UNIT, WINDOW

SAMPLES = {
    "document_kind": "hukou",
    "number": "441621199001010012",
    "ethnicity": "02",
    "mobile": "13800000001",
    "occupation": "24",
    "old_card": "B00000019",
    "photo": "ZJ20260001",
    "sex": "F",
    "birth": "1990-01-01",
    "valid_from": "2020-01-01",
    "valid_to": "long_term",
}
each_column = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.id)


@each_column
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_its_title_which_is_read_back(column: RosterColumn, language: str) -> None:
    with speaking(language):
        key = f"roster.column.{column.id}"
        assert has(key), f"the catalogs lack {key}"
        assert ranked_column_of(t(key))[0] == column.id, f"the declaration lacks the title of {key}"


@each_column
def test_no_two_columns_share_a_title(column: RosterColumn) -> None:
    for title in (column.id, *column.titles):
        assert ranked_column_of(title)[0] == column.id


@each_column
def test_it_fills_the_path_that_it_names(column: RosterColumn) -> None:
    if not column.path:
        return
    sample = Normal(REFERENCE).row({column.id: SAMPLES.get(column.id, "某")})
    with_it, without = (to_case(row, UNIT, WINDOW) for row in (sample, RosterRow()))
    assert value_at(with_it, column.path) != value_at(without, column.path), f"to_case does not fill {column.path}"


@each_column
def test_its_words_are_read_back_as_the_codes_that_are_shown_by_them(column: RosterColumn) -> None:
    normal = Normal(REFERENCE)
    for language in LANGUAGES:
        with speaking(language):
            for word in column.kind.words(REFERENCE):
                code = normal.value(column.id, word)
                assert column.spoiled(code) is None
                assert column.kind.name(code, REFERENCE) in ({word} if code else {""})


def test_a_row_that_an_older_ledger_keeps_is_read_the_same() -> None:
    kept = (
        b'{"name":"\xe7\x8e\x8b\xe6\xb5\x8b","document_kind":"id_card","number":"441621199001010012","ethnicity":"01",'
        b'"mobile":"13800000001","occupation":"24","old_card":"B00000019","photo":"file","sex":"M",'
        b'"birth":"1990-01-01","valid_from":"2020-01-01","valid_to":"long_term","remarks":"x"}'
    )
    row = msgspec.json.decode(kept, type=RosterRow)
    assert row == RosterRow(
        name="王测",
        document_kind="id_card",
        number="441621199001010012",
        ethnicity="01",
        mobile="13800000001",
        occupation="24",
        old_card="B00000019",
        photo="file",
        sex="M",
        birth="1990-01-01",
        valid_from="2020-01-01",
        valid_to="long_term",
        remarks="x",
    )
    assert msgspec.json.encode(row) == kept


def test_document_kinds_in_traditional_characters() -> None:
    assert Normal(REFERENCE).value("document_kind", "港澳居民來往內地通行證") == "hk_macau_permit"
