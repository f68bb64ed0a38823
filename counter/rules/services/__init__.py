"""The catalogue of services (服务事项目录). A further service is a further declaration in `SERVICES`."""

from collections.abc import Mapping
from typing import Final

from counter.rules.card_life import UNASKED
from counter.rules.machine import Machine, Transition
from counter.rules.service import Service
from counter.rules.services.apply import APPLY
from counter.rules.services.bank_change import BOOK_BANK_CHANGE, REVIEW_BANK_CHANGE, TRANSFER_LETTER
from counter.rules.services.exchange import EXCHANGE
from counter.rules.services.holding import ACTIVATE, CANCEL, COLLECT, RESET_PIN, UNLOCK
from counter.rules.services.loss import REPORT_LOSS, WITHDRAW_LOSS
from counter.rules.services.parcels import SIGN_PARCEL
from counter.rules.services.province import CLEAN_UP, QUERY
from counter.rules.services.referrals import REFERRALS
from counter.rules.services.replacement import CHANGE_DETAILS, CHANGE_PHOTO, REPLACE

_DECLARED: Final = (
    APPLY,
    EXCHANGE,
    REPLACE,
    COLLECT,
    ACTIVATE,
    REPORT_LOSS,
    WITHDRAW_LOSS,
    RESET_PIN,
    CHANGE_PHOTO,
    CHANGE_DETAILS,
    BOOK_BANK_CHANGE,
    REVIEW_BANK_CHANGE,
    CLEAN_UP,
    QUERY,
    UNLOCK,
    CANCEL,
    TRANSFER_LETTER,
    *REFERRALS,
    SIGN_PARCEL,
)
SERVICES: Final[Mapping[str, Service]] = {declared.id: declared for declared in _DECLARED}
"""Every declared service by id, in the order of the catalogue."""

CARD_LIFE: Final = Machine(
    (
        *(
            Transition(declared.id, move.before, move.after, move.rule)
            for declared in _DECLARED
            for move in declared.moves
        ),
        *UNASKED,
    )
)
"""The whole life of a card; a service is an event by its own id. Drawn in docs/states.md."""

WAYS_ON: Final[Mapping[str, Service]] = {code: declared for declared in _DECLARED for code in declared.way_on_from}
"""The referral with which a customer leaves who is stopped by a finding of this code: never a dead end (REF-1)."""


class UnknownServiceError(LookupError):
    """No service of this id is declared."""


def service(id: str) -> Service:
    """The declaration of a service. Raises `UnknownServiceError`, without repeating what was asked for."""
    try:
        return SERVICES[id]
    except KeyError:
        raise UnknownServiceError("no such service") from None
