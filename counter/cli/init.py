"""``counter init``: a counter's ledger, its place and its first supervisor."""

from typing import Annotated

import msgspec
import typer

from counter.cli.exits import UsageError
from counter.cli.operator import NewPassphrase, new_passphrase
from counter.cli.output import Json, document, say
from counter.cli.session import ask, session
from counter.i18n import t
from counter.rules.reference import Place, Reference
from counter.settings import load_settings, write_settings
from counter.store.records import Operator, Role


def init(
    context: typer.Context,
    city: Annotated[str | None, typer.Option(help=t("cli.option.place_city"))] = None,
    bank: Annotated[str | None, typer.Option(help=t("cli.option.place_bank"))] = None,
    branch: Annotated[str | None, typer.Option(help=t("cli.option.place_branch"))] = None,
    counter: Annotated[str | None, typer.Option(help=t("cli.option.place_counter"))] = None,
    operator: Annotated[str | None, typer.Option(help=t("cli.option.supervisor"))] = None,
    name: Annotated[str | None, typer.Option(help=t("cli.option.name"))] = None,
    new_passphrase_file: NewPassphrase = None,
    json: Json = False,
) -> None:
    from counter.store.store import Store

    here = session(context)
    settings = here.settings
    place = Place(
        city=city or settings.city or ask(t("cli.ask.city")),
        bank=bank or settings.bank or ask(t("cli.ask.bank")),
        branch=branch or settings.branch or ask(t("cli.ask.branch")),
        counter=counter or settings.counter or ask(t("cli.ask.counter")),
    )
    check_place(place, here.reference())
    who = operator or settings.operator or ask(t("cli.ask.operator"))
    supervisor = Operator(who, name or ask(t("cli.ask.name")), Role.SUPERVISOR)
    Store.create(
        settings.home, place, supervisor, new_passphrase(new_passphrase_file or settings.passphrase_file)
    ).close()
    in_file = load_settings(settings.home, environ={})
    write_settings(msgspec.structs.replace(in_file, **msgspec.structs.asdict(place)))
    if json:
        document({"home": str(settings.home), "place": place, "supervisor": supervisor.id})
    else:
        say(t("cli.init.done", home=settings.home, id=supervisor.id))


def check_place(place: Place, reference: Reference) -> None:
    """Raises `UsageError` for a city, bank, branch or window that cannot be."""
    city = reference.cities.get(place.city)
    if city is None:
        raise UsageError(t("cli.init.city", known=", ".join(reference.cities)))
    if place.bank not in city.banks:
        raise UsageError(t("cli.init.bank", known=", ".join(city.banks)))
    branch = reference.branches.get(place.branch)
    if branch is None or (branch.bank, branch.city) != (place.bank, place.city):
        raise UsageError(t("cli.init.branch"))
    if not place.counter.isalnum():
        raise UsageError(t("cli.init.counter"))
