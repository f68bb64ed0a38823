"""A counter's home, enrolled with a real province, and the commands that run in it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs
from typer.testing import CliRunner

from counter.cli.root import app
from counter.gateway.seeding.customers import DemoPerson
from counter.gateway.seeding.seed import CodeRow
from counter.rules.case import Case, Photo, PhotoSource, PresentedBy
from counter.rules.record import CaseRecord, decode_record
from counter.rules.reference import Branch
from counter.rules.services import SERVICES
from counter.rules.signing import fingerprint
from tests.cli.conftest import Outcome
from tests.support.customers import complete
from tests.support.demonstration import customer_of
from tests.support.made_up import EQUIPPED
from tests.support.province_world import World

PASSPHRASE = "a made-up passphrase"
NOWHERE = "http://127.0.0.1:9"
WINDOWS = itertools.count(70)
"""Each shell is a window of its own: a province enrols none twice."""

WITH_FILE = frozenset({"apply", "change_photo"})


@dataclass(frozen=True)
class Shell:
    """A counter's home; `shell(…)` runs in it as the clerk or as the supervisor. `url` is another way to the province."""

    home: Path
    passphrase: Path
    world: World
    url: str = ""
    lang: str | None = None

    def __call__(self, *arguments: object, operator: str = "zhang") -> Outcome:
        """Run a command for its one document."""
        return self.say(*arguments, "--json", operator=operator)

    def say(self, *arguments: object, operator: str = "zhang") -> Outcome:
        """Run a command as people do."""
        environ = {
            "COUNTER_HOME": str(self.home),
            "COUNTER_OPERATOR": operator,
            "COUNTER_PASSPHRASE_FILE": str(self.passphrase),
            "COUNTER_LANG": self.lang,
            "COUNTER_PROVINCE": self.url or None,
        }
        spoken = () if self.lang is None else ("--lang", self.lang)
        result = CliRunner().invoke(app, [*spoken, *map(str, arguments)], env=environ)
        return Outcome(result.exit_code, result.stdout, result.stderr)

    def away(self) -> "Shell":
        """The same home while the province cannot be reached."""
        return replace(self, url=NOWHERE)

    def at_the_province(self, id: str) -> CaseRecord:
        """The record that the province holds."""
        ((body,),) = self.world.query("SELECT body FROM entry WHERE id = %s AND outcome = 'created'", id)
        assert isinstance(body, bytes)
        return decode_record(body)

    def cards(self, person: DemoPerson) -> Sequence[str]:
        """How the person's cards stand at the province."""
        ((states,),) = self.world.query(
            "SELECT array_agg(card ->> 'state') FROM dossier, jsonb_array_elements(content -> 'cards') AS card"
            " WHERE number = %s",
            person.number,
        )
        assert isinstance(states, list)
        return states


def enrolment(world: World, code: str, checker: str, passphrase: Path, folder: Path) -> tuple[str | Path, ...]:
    """The command that enrols a counter, with the fingerprint known beforehand and a second person beside."""
    ca = folder / "ca.pem"
    ca.write_text(world.way.ca, "ascii")
    known = ("--ca", ca, "--fingerprint", fingerprint(world.running.public_key))
    return ("enrol", world.url, "--code", code, *known, "--checker", checker, "--checker-passphrase-file", passphrase)


def a_shell(world: World, folder: Path, branch: Branch = EQUIPPED) -> Shell:
    """A new home with a supervisor and a clerk, at a branch that is enrolled with this province."""
    window = str(next(WINDOWS))
    code = f"SHEL-TEST-{window}"
    world.plant(CodeRow(code=code, branch=branch.id, counter=window))
    passphrase = folder / "passphrase.txt"
    passphrase.write_text(PASSPHRASE + "\n", "utf-8")
    shell = Shell(folder / "home", passphrase, world)
    place = ("--city", branch.city, "--bank", branch.bank, "--branch", branch.id, "--counter", window)
    for arguments in (
        ("init", *place, "--name", "李国强"),
        ("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", passphrase),
        enrolment(world, code, "zhang", passphrase, folder),
    ):
        done = shell(*arguments, operator="li")
        assert done.code == 0, done.stderr
    return shell


def case_of(
    service: str,
    person: DemoPerson | None = None,
    customer: str = "citizen",
    presented_by: PresentedBy = PresentedBy.HOLDER,
    **values: Any,
) -> Case:
    """What this customer of the demonstration would bring, complete, being a customer of this kind."""
    person = person or customer_of(service)
    case = complete(SERVICES[service], customer, presented_by, **values)
    document = structs.replace(case.holder.document, number=person.number)
    card = case.old_card and structs.replace(case.old_card, number=person.card, bank=person.bank)
    booking = case.booking and structs.replace(case.booking, id=case.booking.id and f"YY-{person.card[-4:]}")
    photo = Photo(source=PhotoSource.FILE) if service in WITH_FILE else Photo(source=case.photo.source)
    holder = structs.replace(case.holder, name=person.name, document=document)
    return structs.replace(case, holder=holder, old_card=card, booking=booking, photo=photo)


def write_case(folder: Path, case: Case) -> Path:
    """The case as a file that the shell takes."""
    file = folder / "case.json"
    file.write_bytes(msgspec.json.encode(case))
    return file
