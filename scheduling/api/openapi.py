"""The OpenAPI document, with what django-ninja does not say of its own accord."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any, Final

from django.conf import settings

from scheduling.api import examples, problems
from scheduling.api.problems import MEDIA_TYPE
from scheduling.clock import clinic_zone

JSON: Final = "application/json"
SCOPE: Final = "x-scope"  # how `operations.answers` says which key an operation takes
ABOUT: Final = """\
The appointment book of {clinic}.

How other programs, such as a website, a kiosk or a hospital's system, use the appointment book: what is
free, booking it, moving and cancelling. A time that is taken cannot be booked a second time, whoever asks.

**Keys.** Each request says `Authorization: Bearer KEY`. The clinic makes the key; its scope is `read`
(look), `book` (look; patients and appointments) or `manage` (all of it; doctors too).

**Times** are given with their offset from UTC: `2026-03-31T10:20:00+02:00`, or `Z`. Answers are on the
clinic's clocks, {zone}, with their offset, and a day is a day there. In an address, write `+` as `%2B`.

**Asking again.** Whatever is made takes a `uuid` of yours, random and new for each. Where no answer came,
send the same request again: it is made once, and 200 tells what the first one made. Another request under
the same `uuid` is refused with 409.

**Versions.** An appointment has an `ETag`; a change says in `If-Match` on which one it was decided. 412: it
was changed meanwhile, nothing was done, and `current` is how it stands now. 428: there was no `If-Match`. A
change whose answer was lost can be sent again as it was: it is done once.

**Problems** are `application/problem+json` (RFC 9457). `problems` has every reason, with a `code` that
stays the same, and a sentence in the language of `Accept-Language` (`en` or `es`). After a refusal nothing
was written.

**Pages.** A list answers `{"items": [...], "next": ...}`: give `next` as `cursor` for the page after it,
until it is null. Rows that are added meanwhile do not disturb it.

**Limits.** A key has so many requests a minute; `RateLimit-Remaining` says how many are left. 429: wait the
seconds of `Retry-After`.
"""
TAGS: Final = [
    {"name": "Clinic", "description": "What it offers: specialties, kinds of visit, doctors."},
    {"name": "Patients", "description": "Who comes. Personal data: look up only what you need."},
    {"name": "Openings", "description": "What is free, and why a time is not."},
    {"name": "Appointments", "description": "Booked visits: reading, booking, changing."},
]
# Paths are written out from the root of wherever this document came from.
SERVERS: Final = [{"url": "/", "description": "This clinic"}]
LEFT: Final = {
    "RateLimit-Limit": ("integer", "Requests a minute that this key may make."),
    "RateLimit-Remaining": ("integer", "How many are left in this minute."),
    "RateLimit-Reset": ("integer", "Seconds until there are all again."),
}
# May come before a key was looked at: no such address, something broke, or nothing answers.
OF_THE_SITE: Final = {404, 500, 503}
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


def complete(document: dict[str, Any], today: date) -> None:
    """Adds words, scopes, examples (for the clinic's day `today`), headers and the kind of JSON that problems
    are, in place."""
    about = ABOUT.replace("{zone}", clinic_zone().key).replace("{clinic}", settings.CLINIC_NAME)
    document["info"]["description"] = _flowing(about)
    document["tags"], document["servers"] = TAGS, SERVERS
    for operation in _operations(document):
        _say_what_it_does(operation)
        changes = "412" in map(str, operation["responses"])
        parameters = operation.setdefault("parameters", [])
        if changes:
            parameters.append(deepcopy(IF_MATCH))
        for parameter in parameters:
            _without_null(parameter)
        _give_examples(operation, today)
        for status, response in operation["responses"].items():
            _complete(int(status), response, is_visit=_is_one_visit(operation))
    _drop_unused(document)
    for schema in document["components"]["schemas"].values():
        if "description" in schema:
            schema["description"] = _flowing(schema["description"])


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


def _say_what_it_does(operation: dict[str, Any]) -> None:
    """The first line of a docstring is its summary; the rest, with the scope, describes it."""
    summary, _line, rest = operation.get("description", "").partition("\n\n")
    scope = operation.pop(SCOPE)
    operation["summary"] = summary.rstrip(".")
    operation["description"] = _flowing(f"{rest}\n\nTakes a key of the scope `{scope}`.")
    operation["security"] = [{"Bearer": [scope]}]
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["description"] = "Its uuid."


def _flowing(text: str) -> str:
    """Paragraphs without the line breaks of the source, which some readers of Markdown would keep."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _give_examples(operation: dict[str, Any], today: date) -> None:
    values = examples.parameters(operation["operationId"], today)
    for parameter in operation["parameters"]:
        if parameter["name"] in values:
            parameter["example"] = values[parameter["name"]]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["examples"] = examples.bodies(operation["operationId"], today)


def _is_one_visit(operation: dict[str, Any]) -> bool:
    """Whether the answer is one appointment, which has an ETag."""
    schema = operation["responses"][200]["content"][JSON]["schema"]
    return bool(schema.get("$ref", "").endswith("/AppointmentDetail"))


def _complete(status: int, response: dict[str, Any], *, is_visit: bool) -> None:
    if status >= 400 and JSON in response.get("content", {}):
        content = response["content"][MEDIA_TYPE] = response["content"].pop(JSON)
        if content["schema"] == {"$ref": "#/components/schemas/Problem"}:
            content["example"] = problems.in_short(status)
    names = set() if status == 401 else set(LEFT)
    names |= {"WWW-Authenticate"} if status in (401, 403) else set()
    names |= {"Retry-After"} if status in (429, 503) else set()
    names |= {"Location"} if status == 201 else set()
    names |= {"ETag"} if status in (412, 428) or (is_visit and status < 300) else set()
    response["headers"] = {
        name: {"description": text, "schema": {"type": kind}, "required": status not in OF_THE_SITE}
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
