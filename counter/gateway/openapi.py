"""The OpenAPI document, made from the wire messages: what is written about the interface cannot differ from it."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from counter import __version__
from counter.gateway.call import Operation
from counter.province.wire import MAX_PHOTO, Problem
from counter.rules.signing import DIGEST_HEADER, INPUT_HEADER, SIGNATURE_HEADER

REF: Final = "#/components/schemas/{name}"
DESCRIPTION: Final = f"""The reference province for the counters of third-generation social security cards.

Requests and answers are signed by HTTP Message Signatures (RFC 9421, Ed25519) over Content-Digest (RFC 9530, SHA-256),
in exactly the form that `docs/gateway.md` says: `{DIGEST_HEADER}`, `{INPUT_HEADER}` and `{SIGNATURE_HEADER}`. A request
is signed with the counter's key (`keyid="<branch>/<counter>"`), with a nonce that is taken once; an answer with the
province's, over the request too. What nobody known has signed is answered without a signature. JSON bodies may be
compressed with zstd (`Content-Encoding: zstd`)."""


def document(operations: Iterable[Operation[Any]]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    operations = tuple(operations)
    messages = [type_ for operation in operations for type_ in (operation.takes, operation.gives)]
    _, schemas = msgspec.json.schema_components(
        [Problem, *(type_ for type_ in messages if issubclass(type_, msgspec.Struct))], ref_template=REF
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "counter gateway", "version": __version__, "description": DESCRIPTION},
        "paths": _paths(operations),
        "components": {"schemas": schemas, "securitySchemes": _security()},
    }


def _paths(operations: Iterable[Operation[Any]]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return paths


def _operation(operation: Operation[Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.answer.__name__,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": {
            "200": _json(operation.gives, "The answer, signed where the request is."),
            "default": _json(Problem, "The answer is no: a code for programs."),
        },
        "security": [{"digest": [], "input": [], "signature": []}] if operation.signed else [],
    }
    if operation.takes is bytes:
        schema = {"type": "string", "format": "binary", "maxLength": MAX_PHOTO}
        described["requestBody"] = {"required": True, "content": {"image/jpeg": {"schema": schema}}}
    elif operation.takes is not type(None):
        described["requestBody"] = _json(operation.takes) | {"required": True}
    return described


def _parameters(operation: Operation[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{digest}" in operation.path:
        digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        found.append({"name": "digest", "in": "path", "required": True, "schema": digest})
    for name in operation.query:
        cursor = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1, "default": 0}
        found.append({"name": name, "in": "query", "schema": cursor})
    return found


def _json(message: type[Any], description: str = "") -> dict[str, Any]:
    schema = {"$ref": REF.format(name=message.__name__)}
    content = {"content": {"application/json": {"schema": schema}}}
    return {"description": description, **content} if description else content


def _security() -> dict[str, Any]:
    headers = {"digest": DIGEST_HEADER, "input": INPUT_HEADER, "signature": SIGNATURE_HEADER}
    return {name: {"type": "apiKey", "in": "header", "name": header} for name, header in headers.items()}
