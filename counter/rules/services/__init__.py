"""The catalogue of services (服务事项目录). A further service is a further declaration in `SERVICES`."""

from collections.abc import Mapping
from typing import Final

from counter.rules.service import Service
from counter.rules.services.apply import APPLY
from counter.rules.services.exchange import EXCHANGE

SERVICES: Final[Mapping[str, Service]] = {declared.id: declared for declared in (APPLY, EXCHANGE)}
"""Every declared service by id, in the order of the catalogue."""


class UnknownServiceError(LookupError):
    """No service of this id is declared."""


def service(id: str) -> Service:
    """The declaration of a service. Raises `UnknownServiceError`, without repeating what was asked for."""
    try:
        return SERVICES[id]
    except KeyError:
        raise UnknownServiceError("no such service") from None
