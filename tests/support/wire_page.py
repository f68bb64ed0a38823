"""docs/wire.md: every call to the province and every message, as `counter/province/wire.py` declares them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

import counter.gateway
from counter.gateway.app import OPERATIONS
from counter.gateway.call import Operation, encode
from counter.province import wire
from counter.rules.case import DocumentKind, IdentityAnswer
from tests.support.made_up import EXCHANGE

INTRO: Final = f"""\
What goes between a counter and the province, message by message, as `counter/province/wire.py` declares it; both ends are made from that file, and
`GET /openapi.json` at a running gateway says the same for programs. How requests and answers are signed, what each *no* means, and what the reference
province does with an entry stands in [gateway.md](gateway.md).

- **JSON over HTTPS**, UTF-8, fields by name. A field with a default may be left out; one that the other end does not know is passed over. Version
  {wire.VERSION} is in every path.
- **Signed** by RFC 9421 (HTTP Message Signatures), Ed25519 over RFC 9530 Content-Digest: every request but the three that say *unsigned* by the
  counter, every answer to one whose signature holds by the province, a no too. An answer without it is none; a caller whose signature does not hold
  gets a plain no, and nothing that the province signed. Each request has a nonce of its own, and is done once.
- **Once**: what is done carries an `id` that the counter made and kept before it asked, the ledger entry's. Asked again, by whichever way, it is done once
  and the answer is the same; the entry that follows at sync is the same act. Questions change nothing.
- **No person in an address**: numbers and names stand in bodies only.
- **Limits**: a body {wire.MAX_BYTES // 1024} KiB after unpacking (zstd), a photo {wire.MAX_PHOTO // 1024} KiB, {wire.MAX_ENTRIES} entries,
  {wire.MAX_PERSONS} persons a call.
- Money is in fen, dates are `YYYY-MM-DD`, moments ISO 8601 with zone; bytes are Base64, digests and hashes lower-case hex."""
RAISED: Final = re.compile(r"ProblemError\(\s*(\d{3}), \"(\w+)\"")


def wire_page(note: str) -> str:
    """The page; `note` says how it is made."""
    schemas = _schemas()
    parts = [
        "# The wire",
        note,
        INTRO,
        _example(),
        "## The calls",
        *map(_call, OPERATIONS),
        _problems(),
        "## The messages",
    ]
    return "\n\n".join([*parts, *(_message(name, schema) for name, schema in schemas.items())]) + "\n"


def _schemas() -> dict[str, dict[str, Any]]:
    messages = [each for one in OPERATIONS for each in (one.takes, one.gives) if issubclass(each, msgspec.Struct)]
    _, schemas = msgspec.json.schema_components([*messages, wire.Problem], ref_template="{name}")
    return dict(sorted(schemas.items()))


def _example() -> str:
    question = wire.IdentityQuestion(
        person=wire.Person(kind=DocumentKind.ID_CARD, number=EXCHANGE.holder.document.number, name=EXCHANGE.holder.name)
    )
    asked, answered = encode(question).decode(), encode(wire.IdentityReply(answer=IdentityAnswer.MATCH)).decode()
    refused = encode(wire.Problem(code="province.card_state", rule="LOS-2")).decode()
    return f"""\
## An example

`POST /v1/identity`, with the headers that sign it:

```json
{asked}
```

The answer, `200`, signed; and a no, as `409` brings one (`code` is `finding.<code>` in the catalogs where `rule` names a rule):

```json
{answered}
{refused}
```"""


def _call(operation: Operation[Any]) -> str:
    takes = {bytes: "a JPEG", type(None): "nothing"}.get(operation.takes) or _link(operation.takes.__name__)
    query = "".join(f", `?{name}=`" for name in operation.query)
    unsigned = "" if operation.signed else " *unsigned*"
    lines = f"takes {takes}{query}; answers {_link(operation.gives.__name__)}"
    return f"### {operation.method} {operation.path}{unsigned}\n\n{operation.summary}\n\n{lines}"


def _problems() -> str:
    found: dict[int, set[str]] = {}
    for source in sorted(Path(counter.gateway.__path__[0]).rglob("*.py")):
        for status, code in RAISED.findall(source.read_text("utf-8")):
            found.setdefault(int(status), set()).add(code)
    rows = (f"| {status} | {', '.join(f'`{code}`' for code in sorted(found[status]))} |" for status in sorted(found))
    head = (
        f"A no is a {_link('Problem')}. These codes are for programs; what to do about each is said in"
        " [gateway.md](gateway.md). Beside them 404 `not_found`, 405 `method`, and 409 with a rule and its finding's code."
    )
    return "\n".join(["## No", "", head, "", "| status | codes |", "|---|---|", *rows])


def _message(name: str, schema: dict[str, Any]) -> str:
    heading, said = f"### {name}", _said(schema.get("description", ""))
    if "enum" in schema:
        said = "" if said == "An enumeration." else said
        return "\n\n".join(filter(None, (heading, said, "One of " + ", ".join(f"`{one}`" for one in schema["enum"]))))
    needed = schema.get("required", ())
    rows = [
        f"| `{field}` | {_type(of)} | {'' if field in needed else _default(of)} |"
        for field, of in schema.get("properties", {}).items()
    ]
    table = "\n".join(["| field | is | left out |", "|---|---|---|", *rows]) if rows else "No fields."
    return "\n\n".join(filter(None, (heading, said, table)))


def _said(docstring: str) -> str:
    """A docstring as Markdown has it."""
    text = re.sub(r"\s*\n\s*\n\s*", "\n\n", docstring.strip())
    return re.sub(r"``(.+?)``", r"`\1`", re.sub(r"(?<!\n)\n(?!\n) *", " ", text)).replace("|", "\\|")


def _default(of: dict[str, Any]) -> str:
    return f"`{msgspec.json.encode(of['default']).decode()}`" if "default" in of else "may be"


def _type(of: dict[str, Any]) -> str:
    if "$ref" in of:
        return _link(of["$ref"])
    if "anyOf" in of:
        return " or ".join(_type(one) for one in of["anyOf"])
    if "enum" in of:
        return " or ".join(f"`{one}`" for one in of["enum"])
    name = str(of.get("contentEncoding") or of.get("format") or of.get("type", "anything"))
    inner = f" of {_type(of['items'])}" if isinstance(of.get("items"), dict) else ""
    return f"{name}{inner}{''.join(_limits(of))}"


def _limits(of: dict[str, Any]) -> Iterator[str]:
    for key, words in LIMITS.items():
        if key in of:
            yield f", {words} {of[key]}"
    if "pattern" in of:
        yield f", `{of['pattern']}`".replace("|", "\\|")


LIMITS: Final = {
    "minLength": "at least",
    "maxLength": "at most",
    "maxItems": "at most",
    "minimum": "from",
    "maximum": "to",
    "exclusiveMaximum": "below",
}


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
