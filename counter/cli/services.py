"""``counter services``: the catalogue."""

from typing import Annotated, Any

import typer

from counter.cli.output import Json, document, say, yuan
from counter.cli.session import session
from counter.clock import today
from counter.i18n import listed, t
from counter.rules.case import Case, Pickup, PresentedBy
from counter.rules.judge import judge
from counter.rules.reference import Context, Reference
from counter.rules.service import Service


def services(
    context: typer.Context,
    city: Annotated[str, typer.Option(help=t("cli.option.city"))] = "",
    json: Json = False,
) -> None:
    from counter.rules.services import SERVICES

    reference = session(context).reference()
    cities = (city,) if city else tuple(reference.cities)
    catalogue = [_service(service, reference, cities) for service in SERVICES.values()]
    if json:
        document({"services": catalogue})
    else:
        for service in catalogue:
            _tell(service)


def _service(service: Service, reference: Reference, cities: tuple[str, ...]) -> dict[str, Any]:
    context = Context(today=today(), reference=reference)
    return {
        "id": service.id,
        "number": service.number,
        "name": t(f"service.{service.id}.name"),
        "summary": t(f"service.{service.id}.hint"),
        "presented_by": service.presented_by,
        "documents": service.documents,
        "steps": service.steps,
        "papers": [paper.id for paper in service.papers(Case(service=service.id), service, context)],
        "consents": service.consents,
        "photo_sources": service.photo_sources,
        "modes": service.modes,
        "pickup_methods": service.pickup_methods,
        "authorised": sorted({service.authorised(case) for case in _asked(service)} - {""}),
        "fees_fen": {city: judge(Case(service=service.id, city=city), context).fee_fen for city in cities},
    }


def _asked(service: Service) -> list[Case]:
    """The service asked for by everybody who may ask and by nobody, with each way to collect the card."""
    ways = [Pickup(), *(Pickup(method=each) for each in service.pickup_methods)]
    return [
        Case(service=service.id, presented_by=who, pickup=pickup)
        for who in (PresentedBy.HOLDER, *service.presented_by)
        for pickup in ways
    ]


def _tell(service: dict[str, Any]) -> None:
    say(f"{service['number']:>2}  {service['name']}  ({service['id']})")
    say(f"    {service['summary']}")
    say("    " + t("cli.services.steps", names=" > ".join(t(f"step.{step}") for step in service["steps"])))
    say("    " + t("cli.services.papers", names=listed(t(f"paper.{paper}") for paper in service["papers"])))
    fees = listed(map(yuan, sorted(set(service["fees_fen"].values()))))
    say("    " + t("cli.services.fees", fees=fees))
