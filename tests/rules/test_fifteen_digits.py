"""A citizen's number of the first generation: the record, the questions and the province know the one of 18 (WHO-2)."""

import pytest
from msgspec import structs

from counter.gateway.persons.dossier import whom
from counter.province.questions.question import person_of
from counter.rules.case import Case, Document, DocumentKind, PresentedBy
from counter.rules.filling import with_value
from counter.rules.judge import judge
from counter.rules.normal import normalise
from counter.rules.services import SERVICES
from tests.support.customers import AGENT, GUARDIAN, complete
from tests.support.made_up import WINDOW, judged, number, stops, told

OLD, NEW = "441621900101001", number("19900101")


def of(who: PresentedBy) -> Case:
    customer = "citizen" if who is not PresentedBy.GUARDIAN else "child under 14, hukou book"
    return complete(SERVICES["apply"], customer, who)


@pytest.mark.rule("WHO-2")
def test_who_2_the_record_carries_eighteen() -> None:
    case = with_value(of(PresentedBy.HOLDER), "holder.document.number", OLD)
    judgement = judge(case, WINDOW)
    assert judgement.allowed
    assert ("WHO-2", "number.upgraded") in told(judgement), "the clerk compares it with the document"
    assert judgement.record(case).case.holder.document.number == NEW
    assert person_of(case).number == NEW, "and so does every question"


@pytest.mark.rule("WHO-2")
@pytest.mark.parametrize(
    ("who", "path"), [(PresentedBy.GUARDIAN, "guardian"), (PresentedBy.AGENT, "agent")], ids=["guardian", "agent"]
)
def test_who_2_whoever_acts_is_known_by_eighteen_too(who: PresentedBy, path: str) -> None:
    acting = {"guardian": GUARDIAN, "agent": structs.replace(AGENT, reason="")}[path]
    legacy = acting.document.number[:6] + acting.document.number[8:17]
    case = with_value(of(who), f"{path}.document.number", legacy)
    judgement = judge(case, WINDOW)
    assert judgement.allowed and ("WHO-2", "number.upgraded") in told(judgement)
    kept = judgement.record(case).case
    assert {"guardian": kept.guardian, "agent": kept.agent}[path] == acting


@pytest.mark.rule("AGT-1")
def test_agt_1_the_same_person_is_the_same_by_either_number() -> None:
    case = with_value(of(PresentedBy.AGENT), "agent.document.number", OLD)
    assert ("AGT-1", "proxy.same_person", "agent.document.number") in stops(judge(case, WINDOW))


@pytest.mark.rule("INF-2")
def test_inf_2_a_new_number_is_recorded_as_eighteen_and_differs_from_the_old_one() -> None:
    case = complete(SERVICES["change_details"], "citizen", PresentedBy.HOLDER)
    assert ("INF-2", "changes.same", "changes.number") in stops(judged(case, changes__number=OLD))
    other = judge(with_value(case, "changes.number", "441621900102002"), WINDOW).record(
        with_value(case, "changes.number", "441621900102002")
    )
    assert other.case.changes and other.case.changes.number == number("19900102", "002")


@pytest.mark.parametrize(
    "kind", [kind for kind in DocumentKind if kind not in {DocumentKind.ID_CARD, DocumentKind.HUKOU}]
)
def test_no_other_document_s_number_is_changed(kind: DocumentKind) -> None:
    case = Case(service="query", holder=structs.replace(Case().holder, document=Document(kind=kind, number=OLD)))
    assert normalise(case) == case
    assert whom(kind, OLD).number == OLD


@pytest.mark.parametrize("written", [OLD, NEW, f" {OLD} "])
def test_the_province_knows_one_person(written: str) -> None:
    assert whom(DocumentKind.HUKOU, written) == whom(DocumentKind.ID_CARD, NEW)
