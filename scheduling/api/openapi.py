"""The OpenAPI document, with what django-ninja does not say of its own accord."""

import json
from collections.abc import Iterator
from typing import Any, Final

from scheduling.api.problems import MEDIA_TYPE

JSON: Final = "application/json"
LEFT: Final = {
    "RateLimit-Limit": ("integer", "Requests a minute that this key may make."),
    "RateLimit-Remaining": ("integer", "How many are left in this minute."),
    "RateLimit-Reset": ("integer", "Seconds until there are all again."),
}
HEADERS: Final = {
    "ETag": ("string", "The version of the appointment: what If-Match takes."),
    "Location": ("string", "Where it can be read."),
    "Retry-After": ("integer", "Seconds."),
    "WWW-Authenticate": ("string", "What is wanted: a key, or one of another scope."),
    **LEFT,
}
IF_MATCH: Final = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "description": "The ETag with which the appointment was read; `*` for whatever stands now.",
}


def complete(document: dict[str, Any]) -> None:
    """Adds headers, the kind of JSON that problems are, and which parameters may be left out, in place."""
    for operation in _operations(document):
        changes = "412" in map(str, operation["responses"])
        parameters = operation.setdefault("parameters", [])
        if changes:
            parameters.append(IF_MATCH)
        for parameter in parameters:
            _without_null(parameter)
        for status, response in operation["responses"].items():
            _complete(int(status), response, is_visit=_is_one_visit(operation))
    _drop_unused(document)


def _drop_unused(document: dict[str, Any]) -> None:
    """Schemas that only describe the parameters of addresses stand there already."""
    schemas = document["components"]["schemas"]
    while True:
        said = json.dumps(document)
        unused = [name for name in schemas if f'#/components/schemas/{name}"' not in said]
        if not unused:
            return
        for name in unused:
            del schemas[name]


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _is_one_visit(operation: dict[str, Any]) -> bool:
    """Whether the answer is one appointment, which has an ETag."""
    schema = operation["responses"][200]["content"][JSON]["schema"]
    return bool(schema.get("$ref", "").endswith("/AppointmentDetail"))


def _complete(status: int, response: dict[str, Any], *, is_visit: bool) -> None:
    if status >= 400 and JSON in response.get("content", {}):
        response["content"][MEDIA_TYPE] = response["content"].pop(JSON)
    names = set() if status == 401 else set(LEFT)
    names |= {"WWW-Authenticate"} if status in (401, 403) else set()
    names |= {"Retry-After"} if status == 429 else set()
    names |= {"Location"} if status == 201 else set()
    names |= {"ETag"} if status in (412, 428) or (is_visit and status < 300) else set()
    response["headers"] = {
        name: {"description": text, "schema": {"type": kind}, "required": status != 500}
        for name, (kind, text) in HEADERS.items()
        if name in names
    }


def _without_null(parameter: dict[str, Any]) -> None:
    """What may be left out of an address is not null there."""
    schema = parameter["schema"]
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
