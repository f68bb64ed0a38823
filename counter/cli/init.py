"""``counter init``: a counter's ledger, its place and its first supervisor."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import typer

from counter.cli.exits import UsageError
from counter.cli.operator import NewPassphrase, new_passphrase
from counter.cli.output import Json, document, note, say
from counter.cli.session import ask, session
from counter.i18n import t
from counter.rules.link import is_name
from counter.rules.reference import Place, Reference
from counter.rules.text import plain
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
    given = Place(
        city=city or settings.city,
        bank=bank or settings.bank,
        branch=branch or settings.branch,
        counter=counter or settings.counter,
    )
    place = find_place(given, here.reference())
    who = operator or settings.operator or ask(t("cli.ask.operator"))
    supervisor = Operator(who, name or ask(t("cli.ask.name")), Role.SUPERVISOR)
    passphrase = new_passphrase(new_passphrase_file or settings.passphrase_file)
    if not Store.is_there(settings.home):  # the place first: a ledger without one could not be told again
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        in_file = load_settings(settings.home, environ={})
        write_settings(msgspec.structs.replace(in_file, **msgspec.structs.asdict(place)))
    Store.create(settings.home, place, supervisor, passphrase).close()
    if json:
        document({"home": str(settings.home), "place": place, "supervisor": supervisor.id})
    else:
        say(t("cli.init.done", home=settings.home, id=supervisor.id))


def find_place(given: Place, reference: Reference) -> Place:
    """The place that ids, names or initials name; what is not given is asked for. Raises `UsageError`."""
    cities = reference.cities
    city = _choose(given.city, "city", {code: (policy.zh, policy.en) for code, policy in cities.items()})
    banks = {id: reference.banks[id] for id in cities[city].banks}
    bank = _choose(
        given.bank, "bank", {id: (one.zh, one.short, one.en, *one.initials.split()) for id, one in banks.items()}
    )
    here = [one for one in reference.branches.values() if (one.bank, one.city) == (bank, city)]
    branch = _choose(given.branch, "branch", {one.id: (one.name, *one.initials.split()) for one in here})
    return Place(city=city, bank=bank, branch=branch, counter=_window(given.counter))


def _choose(given: str, what: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """The id that is meant; a wrong answer at the terminal is asked for again, with what there is to choose from."""
    while True:
        meant = plain(given or ask(t(f"cli.ask.{what}"))).casefold()
        if meant in known:
            return meant
        found = [id for id, names in known.items() if meant and any(meant in name.casefold() for name in names)]
        if len(found) == 1:
            return found[0]
        listed = "\n".join(f"  {id}  {known[id][0]}" for id in found or known)
        said = t(f"cli.init.{what}", known=listed)
        if given:
            raise UsageError(said)
        note(said)


def _window(given: str) -> str:
    counter = given or ask(t("cli.ask.counter"))
    if not is_name(counter):
        raise UsageError(t("cli.init.counter"))
    return counter
