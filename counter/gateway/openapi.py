"""The OpenAPI document, made from the wire messages: what is written about the interface cannot differ from it."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from counter import __version__
from counter.gateway.call import Operation
from counter.province.wire import MAX_PHOTO, Problem
from counter.rules.signing import COUNTER_HEADER, DATE_HEADER, PROVINCE_HEADER, SIGNATURE_HEADER

REF: Final = "#/components/schemas/{name}"
DESCRIPTION: Final = f"""The reference province for the counters of third-generation social security cards.

A request is signed with the counter's Ed25519 key: `{COUNTER_HEADER}: <branch>/<counter>`, `{DATE_HEADER}`
(ISO 8601 with zone) and `{SIGNATURE_HEADER}` (hex), over `counter-request-v1`, method, path with query, date and the
body's SHA-256, one a line. Every answer is signed with the province's key in `{PROVINCE_HEADER}`, over
`counter-answer-v1`, the request's signature, status and the body's SHA-256. JSON bodies may be compressed with zstd
(`Content-Encoding: zstd`)."""


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
            "200": _json(operation.gives, "The answer, signed."),
            "default": _json(Problem, "The answer is no, signed: a code for programs."),
        },
        "security": [{"counter": [], "date": [], "signature": []}] if operation.signed else [],
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
    headers = {"counter": COUNTER_HEADER, "date": DATE_HEADER, "signature": SIGNATURE_HEADER}
    return {name: {"type": "apiKey", "in": "header", "name": header} for name, header in headers.items()}
