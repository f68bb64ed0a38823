"""Services (业务) as a clerk names them: by number, characters, pinyin or its initials, or in any other language."""

from collections.abc import Mapping
from functools import cache

from counter.i18n import DEFAULT, in_every_language, t
from counter.reference.pinyin import typed_as
from counter.rules.service import Service
from counter.rules.services import SERVICES
from counter.rules.text import plain
from counter.widgets.picks import Pick


def matching(text: str) -> list[Service]:
    """Services by number, that one first, or any part of what they are called; all of them for an empty text."""
    wanted = plain(text).lower()

    def fits(service: Service) -> bool:
        return wanted == str(service.number) or any(wanted in name for name in names(service.id))

    found = (service for service in SERVICES.values() if not wanted or fits(service))
    return sorted(found, key=lambda service: (str(service.number) != wanted, service.number))


@cache
def names(service: str) -> tuple[str, ...]:
    """What a service is called, in lower case: its id, its names and initials in every language, its pinyin."""
    called: Mapping[str, str] = in_every_language(f"service.{service}.name")
    initials = in_every_language(f"service.{service}.initials")
    return tuple(name.lower() for name in (service, *called.values(), *initials.values(), *typed_as(called[DEFAULT])))


def service_pick(service: Service) -> Pick:
    """A service in a list: number, name, what it is."""
    return Pick(service.id, (f"{service.number:>3}", t(f"service.{service.id}.name")), t(f"service.{service.id}.hint"))
