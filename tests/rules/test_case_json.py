"""The case as JSON: what is written is read again, and what is no date is refused with its place."""

from datetime import date

import msgspec
import pytest

from counter.rules.case import Case, Document, Holder, LongTerm
from counter.rules.filling import with_value
from counter.rules.record import CaseRecord, decode_record, encode_record


@pytest.mark.parametrize("end", [date(2035, 1, 1), "long_term", None])
def test_a_document_with_any_end_survives_the_ledger(end: date | LongTerm | None) -> None:
    case = Case(holder=Holder(document=Document(valid_to=end)))
    record = decode_record(encode_record(CaseRecord(case=case, fee_fen=0)))
    assert record.case.holder.document.valid_to == end
    assert with_value(record.case, "holder.document.number", "1").holder.document.valid_to == end


@pytest.mark.parametrize("end", ['"2035-02-30"', '"soon"', '"long_term\\n"', "5"])
def test_an_end_that_is_no_day_is_refused(end: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(f'{{"valid_to": {end}}}', type=Document)
