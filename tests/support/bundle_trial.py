"""``python -m tests.support.bundle_trial BUNDLE``: a bundle installed where there is no network, and a day's work with it.

Linux: everything happens in a network of its own that has nothing but a loopback (`unshare --net`). The bundle is
installed by its own script with an empty environment; what is installed signs in, records a case, prints its slip, and
brings it to a province that runs from this checkout on the loopback.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from counter.gateway.seeding.customers import demo_people
from tests.cli.test_case import a_case, write

ALONE = "COUNTER_TRIAL_ALONE"


def main(bundle: Path) -> int:
    if ALONE not in os.environ:
        return _without_network(bundle)
    with TemporaryDirectory(prefix="counter-trial-") as folder:
        there = Path(folder)
        there.chmod(0o755)  # the province's database runs as somebody else
        with suppress(OSError):
            socket.create_connection(("192.0.2.1", 443), timeout=3).close()
            sys.exit("there is a network here")
        _said(["sh", str(bundle / "install.sh"), "--to", str(there / "opt")])
        with _province(there / "home") as line:
            _work(there, line)
    return 0


def _without_network(bundle: Path) -> int:
    """The same again in a network of its own."""
    own = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    again = f'ip link set lo up && exec "{sys.executable}" -m tests.support.bundle_trial "{bundle.absolute()}"'
    return subprocess.run([*own, "sh", "-c", again], env=os.environ | {ALONE: "1"}, check=False).returncode


def _work(there: Path, line: dict[str, str]) -> None:
    environ = {"COUNTER_OPERATOR": line["operator"], "COUNTER_PASSPHRASE_FILE": line["passphrase_file"]}

    def counter(*arguments: str) -> Any:
        command = [str(there / "opt" / "counter"), "--home", line["home"], *arguments, "--json"]
        return json.loads(_said(command, environ))

    place = counter("branches", "list", "--city", "441621", "--bank", "abc")["branches"][0]["id"]
    person = next(person for person in demo_people() if person.purpose == "same_number")
    case = a_case(place)
    case["holder"] |= {"name": person.name, "document": case["holder"]["document"] | {"number": person.number}}
    case["old_card"]["number"] = person.card
    signed_in = counter("operator", "list")["operators"]
    recorded = counter("case", "submit", str(write(there, case)))
    slip = counter("ledger", "slip", "1")["text"]
    sent = counter("sync")
    verified = counter("ledger", "verify")
    assert len(signed_in) == 2 and recorded["quote_number"] in slip, slip
    assert (sent["sent"], sent["matched"], verified["valid"]) == (1, True, True), (sent, verified)
    sys.stdout.write(
        f"installed without a network: case {recorded['quote_number']}, its slip, sync matched, verified\n"
    )


@contextmanager
def _province(home: Path) -> Iterator[dict[str, str]]:
    home.mkdir()
    command = [sys.executable, "-m", "counter", "demo", "--home", str(home), "--no-screen", "--json"]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdout=pipe, stdin=pipe, stderr=nothing, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


def _said(command: list[str], environ: dict[str, str] | None = None) -> str:
    """What a program says in an empty environment, where it has to succeed."""
    alone = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent", **(environ or {})}
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
