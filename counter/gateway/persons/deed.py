"""What a counter did, as the province looks at it, and why it is refused."""

from dataclasses import dataclass
from datetime import date

from counter.gateway.events import Origin
from counter.gateway.persons.dossier import Whom, whom
from counter.rules.case import Case
from counter.rules.reference import Reference
from counter.rules.service import Effect, Service


class RefusalError(Exception):
    """The rules do not allow it at the province: ``finding.<code>`` in the catalogs, and the rule.

    `branch` is the one that does it instead, where another one does (PIC-7).
    """

    def __init__(self, code: str, rule: str, branch: str = "") -> None:
        super().__init__(code)
        self.code = f"province.{code}"
        self.rule = rule
        self.branch = branch


@dataclass(frozen=True, slots=True)
class Deed:
    """What a counter did: the entry's id, its service and case, the business date, who it was and of which bank.

    `people` are whom it is about where the case has no holder: those whose cards came in a parcel.
    """

    id: str
    service: Service
    case: Case
    on: date
    origin: Origin
    bank: str
    reference: Reference
    people: tuple[Whom, ...] = ()

    @property
    def persons(self) -> tuple[Whom, ...]:
        """The holder, and under a new number the holder again (INF-2); or those of a parcel."""
        if self.service.effect is Effect.SIGNING:
            return self.people
        document, changes = self.case.holder.document, self.case.changes
        numbers = (document.number, changes.number if changes else "")
        return tuple(dict.fromkeys(whom(document.kind, number) for number in numbers if number))
