"""Cases as JSON that somebody wrote from the rules alone, and what the rules demand of each.

A reading starts from a whole case of DESIGN.md's JSON and says what is different in it, by dotted path: nothing here knows
a field that the JSON does not have, so that old callers go on being served.
"""

import copy
import json
from dataclasses import dataclass
from typing import Any

import msgspec

from counter import i18n
from counter.rules.case import Case
from counter.rules.finding import Level
from counter.rules.judge import Judgement, judge
from tests.support.made_up import SHELL, WINDOW, number

ZIJIN, GUANGZHOU, SHENZHEN = "441621", "440100", "440300"
EVERYWHERE = (ZIJIN, GUANGZHOU, SHENZHEN)
NOT_GUANGZHOU = (ZIJIN, SHENZHEN)
GONE: Any = object()
"""The field is missing."""

Json = dict[str, Any]


def id_card(birth: str, sequence: str = "001") -> Json:
    return {
        "kind": "id_card",
        "number": number(birth, sequence),
        "valid_from": "2020-01-01",
        "valid_to": "2035-01-01",
    }


def hukou(birth: str, turns_16: str, sequence: str = "001") -> Json:
    return {
        "kind": "hukou",
        "number": number(birth, sequence),
        "valid_from": "2018-01-01",
        "valid_to": turns_16,
    }


def foreign(kind: str, number: str) -> Json:
    return {"kind": kind, "number": number, "valid_from": "2020-01-01", "valid_to": "2030-01-01"}


CITIZEN_PAPERS = ["id_card_front", "id_card_back"]
HUKOU_PAGES = ["hukou_cover", "hukou_householder", "hukou_member"]
GUARDIAN_PAPERS = ["guardian_id_front", "guardian_id_back"]
AGENT_PAPERS = ["agent_id_front", "agent_id_back"]

APPLY: Json = {
    "service": "apply",
    "presented_by": "holder",
    "holder": {
        "name": "王测试", "document": id_card("19900101"), "ethnicity": "01", "mobile": "13800000000",
        "occupation": "30000", "region": ZIJIN, "address": "紫城镇测试路1号101房", "insurance": "employee",
    },
    "papers": CITIZEN_PAPERS,
    "consents": ["terms", "e_card", "id_photo"],
    "one_card": {"answer": "none", "cards": []},
    "photo": {"source": "id_card"},
    "bank": "abc",
    "pickup": {"method": "branch"},
}  # fmt: skip


def other(base: Json, /, **changes: Any) -> Json:
    """The case with other values, by dotted path (a double underscore stands for the dot)."""
    case = copy.deepcopy(base)
    for path, value in changes.items():
        *folders, name = path.split("__")
        place = case
        for folder in folders:
            place = place.setdefault(folder, {})
        if value is GONE:
            place.pop(name, None)
        else:
            place[name] = copy.deepcopy(value)
    return case


OLD_CARD: Json = {
    "number": "B00000019", "bank": "abc", "kind": "financial", "generation": 2, "in_hand": True,
    "expires": "2030-05-01", "status": "1",
}  # fmt: skip
EXCHANGE = other(
    APPLY, service="exchange", consents=GONE, one_card__answer="here", photo__source="keep", old_card=OLD_CARD,
    mode="same_number",
)  # fmt: skip
REPLACE = other(EXCHANGE, service="replace", mode=GONE)
LOST = other(REPLACE, old_card__in_hand=False, old_card__status="2", old_card__loss_reported=True)
CHANGE_PHOTO = other(REPLACE, service="change_photo", photo={"source": "file", "digest": "0" * 64})
CHANGE_DETAILS = other(
    REPLACE, service="change_details", changes={"name": "王更名"}, insured=True,
    papers=[*CITIZEN_PAPERS, "police_proof", "insurance_proof"],
)  # fmt: skip


def with_card(service: str, **changes: Any) -> Json:
    """A service on a card: who, with which papers, and the card."""
    base = {name: APPLY[name] for name in ("presented_by", "holder", "papers", "bank")}
    return other({**base, "service": service, "old_card": OLD_CARD}, **changes)


COLLECT = with_card("collect", old_card__status="0", old_card__in_hand=False, old_card__at_branch=True)
QUERY: Json = {
    "service": "query",
    "presented_by": "holder",
    "holder": APPLY["holder"],
    "papers": CITIZEN_PAPERS,
    "one_card": {"answer": "here"},
}

MOTHER: Json = {
    "name": "李监护", "document": id_card("19850505", "002"), "relation": "mother", "mobile": "13900000000",
}  # fmt: skip
AGENT: Json = {"name": "李代办", "document": id_card("19850505", "004"), "mobile": "13900000000"}
CHILD_HUKOU = hukou("20160301", "2032-03-01")


def by_guardian(base: Json, /, **changes: Any) -> Json:
    """The case of a child of ten with the hukou book, whose mother stands there."""
    file = {"photo": {"source": "file", "digest": "0" * 64}} if base["service"] == "apply" else {}
    asked = {"consents": ["terms", "e_card", "guardian"] if base["service"] == "apply" else ["guardian"]}
    child = {"presented_by": "guardian", "holder__document": CHILD_HUKOU, "guardian": MOTHER} | asked | file
    papers = [paper for paper in base["papers"] if paper not in CITIZEN_PAPERS] + HUKOU_PAGES + GUARDIAN_PAPERS
    return other(other(base, **child, papers=papers), **changes)


def by_agent(base: Json, /, **changes: Any) -> Json:
    return other(other(base, presented_by="agent", agent=AGENT, papers=[*base["papers"], *AGENT_PAPERS]), **changes)


def not_a_citizen(base: Json, kind: str, number: str, papers: list[str], /, **changes: Any) -> Json:
    """Whoever states birth and sex: Hong Kong, Macau, Taiwan, overseas Chinese, foreigners."""
    stated = {"holder__document": foreign(kind, number), "holder__birth": "1990-01-01", "holder__sex": "M"}
    file = {"photo": {"source": "file", "digest": "0" * 64}} if base["service"] == "apply" else {}
    mine = [paper for paper in base["papers"] if paper not in CITIZEN_PAPERS] + papers
    return other(other(base, **stated, **file, papers=mine), **changes)


@dataclass(frozen=True, slots=True)
class Reading:
    """A case and what the rules demand of it: `stops` are the rules that refuse, none where it is allowed.

    `says` and `silent` are words that the customer's notices and the clerk's findings have and have not; `fee` in fen;
    `papers` are on the list of papers. `at_window`: at a counter of the bank in Zijin, not from a bare shell.
    """

    id: str
    case: Json
    stops: frozenset[str] = frozenset()
    cities: tuple[str, ...] = EVERYWHERE
    says: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    fee: int | None = None
    papers: tuple[str, ...] = ()
    at_window: bool = False


def reading(
    rule: str, what: str, case: Json, stops: str = "", /, cities: tuple[str, ...] = EVERYWHERE, **demands: Any
) -> Reading:
    """`stops`: the rules that refuse, with spaces between."""
    return Reading(f"{rule} {what}", case, frozenset(stops.split()), cities, **demands)


def judged_in(city: str, case: Json, *, at_window: bool = False) -> Judgement:
    """As ``counter case check`` judges the JSON, at a branch of the bank in the city."""
    here = {"city": city, **case}
    if "bank" in here and "branch" not in here:
        here["branch"] = f"{city}-{here['bank']}-01"
    return judge(msgspec.json.decode(json.dumps(here), type=Case), WINDOW if at_window else SHELL)


def differences(city: str, wanted: Reading) -> list[str]:
    """Where the judgement is not what the rules demand, in sentences."""
    judgement = judged_in(city, wanted.case, at_window=wanted.at_window)
    stopped = {finding.rule for finding in judgement.findings if finding.level is Level.STOP}
    sentences = [i18n.sentence(finding) for finding in judgement.findings] + [
        i18n.notice(each) for each in judgement.notices
    ]
    text = "\n".join(sentences)
    found = []
    if stopped != wanted.stops:
        reasons = [f"{each.rule}/{each.code}/{each.field}" for each in judgement.findings if each.level is Level.STOP]
        found.append(f"stops {reasons or 'nothing'}, not {sorted(wanted.stops) or 'nothing'}")
    found += [f"does not say {words!r}:\n{text}" for words in wanted.says if words not in text]
    found += [f"says {words!r}:\n{text}" for words in wanted.silent if words in text]
    if judgement.allowed is bool(wanted.stops):
        found.append(f"allowed: {judgement.allowed}")
    if wanted.fee is not None and judgement.fee_fen != wanted.fee:
        found.append(f"costs {judgement.fee_fen}, not {wanted.fee}")
    found += [f"does not ask for {paper}" for paper in wanted.papers if paper not in judgement.papers]
    return found
