"""Enrolling (登记): a supervisor has this counter's key made known, once two people have seen whose province it is."""

from collections.abc import Callable

from counter.province.client import enrol_key, offered
from counter.province.transport import Way
from counter.rules.signing import fingerprint
from counter.store.errors import SecondPersonError
from counter.store.records import Operator
from counter.store.store import Store


def enrol(store: Store, url: str, way: Way, code: str, second: Callable[[str], Operator]) -> str:
    """Enrol this counter with a one-time code, and pin the province's key (hex), which is given.

    `second` is told the fingerprint and gives the second person who has compared it; raises what it raises where nobody
    has. Raises `NotAllowedError`, `SecondPersonError`, `InsecureAddressError`, `OutOfReachError`, `RefusedError`.
    """
    store.operators.require_supervisor()
    province_key = offered(url, way)
    checker = second(fingerprint(province_key))
    if checker.id == store.operator.id:
        raise SecondPersonError("nobody confirms their own enrolment")
    key = store.identity.key_to_enrol()
    place = store.place
    enrol_key(url, code, place.branch, place.counter, key, way=way, expected=province_key)
    store.identity.enrol(key, url, province_key, way.ca, checker.id)
    return province_key
