"""Requests that are valid in form, made to name what the clinic has: else each ends at an unknown uuid.

Only some are changed, by their own content: the same request always becomes the same one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

OFTEN: Final = 0.8  # the others stay as they were made up: unknown uuids, far times, both of two ways
COLLECTIONS: Final = {
    "specialties": "specialty",
    "visit-types": "visit_type",
    "doctors": "doctor",
    "patients": "patient",
    "appointments": "appointment",
}
ROWS: Final = ("doctor", "patient", "visit_type", "specialty")
TIMES: Final = ("appointment_datetime", "at")
DAYS: Final = ("day", "from")
# Of visits to come, most can be confirmed; of those behind us, few can still be marked otherwise.
STEPS: Final = ("confirmed", "confirmed", "arrived", "completed", "no_show", "entered_in_error")
LENGTHS: Final = (5, 10, 20, 30, 45, 60)
# Where one of two has to be there, which a document of OpenAPI cannot say: place and address -> those pairs.
NEEDED: Final = {
    ("body", "/api/v1/appointments"): (("patient_uuid", "patient"), ("visit_type_uuid", "minutes")),
    ("query", "/api/v1/openings"): (("visit_type", "minutes"),),
    ("query", "/api/v1/openings/check"): (("visit_type", "minutes"),),
}
Fields = MutableMapping[str, Any]


@dataclass(frozen=True)
class Known:
    """`rows`: kind -> uuids. `free`: (doctor's uuid, time with offset). `words`: of patients' names."""

    rows: dict[str, list[str]]
    free: list[tuple[str, str]]
    words: list[str]


def lead(path: str, parts: Mapping[str, Any], known: Known) -> None:
    """Change one request in place. `path` is the document's, such as /api/v1/doctors/{uuid}; `parts`, what it
    says by place (path, query, header, body): mappings; what is something else is left alone."""
    said = {place: part for place, part in parts.items() if isinstance(part, MutableMapping)}
    # Not of `parts` as a whole: what stands for nothing there has another name in each process.
    chance = random.Random(repr([path, said]))  # noqa: S311  (nothing is secret here)
    for place, part in said.items():
        if chance.random() < OFTEN:
            _say_it_one_way(part, NEEDED.get((place, path), ()), known, chance)
            _name_what_there_is(path, part, known, chance)


def _say_it_one_way(
    part: Fields, needed: Iterable[tuple[str, str]], known: Known, chance: random.Random
) -> None:
    """Of two ways to say one thing one is left, or is there; a place that nobody gave out is left out."""
    part.pop("cursor", None)
    for either, other in (("doctor", "specialty"), ("patient_uuid", "patient")):
        if part.get(either) is not None and part.get(other) is not None:
            del part[chance.choice([either, other])]
    for either, other in needed:
        if part.get(either) is None and part.get(other) is None:
            part[either] = known.rows[either.removesuffix("_uuid")][0]


def _name_what_there_is(path: str, part: Fields, known: Known, chance: random.Random) -> None:
    for name, value in list(part.items()):
        made = None if value is None else _maker(path, name, known)
        if made is not None:
            part[name] = made(chance)
    time = next((name for name in TIMES if part.get(name) is not None), None)
    if time is not None:
        doctor, part[time] = chance.choice(known.free)  # a free time is one doctor's
        part.update({name: doctor for name in ("doctor", "doctor_uuid") if part.get(name) is not None})


def _maker(path: str, name: str, known: Known) -> Callable[[random.Random], Any] | None:
    """How a value of this name is chosen; None where it stays."""
    kind = name.removesuffix("_uuid")
    if kind in ROWS:
        return lambda chance: chance.choice(known.rows[kind])
    if name == "uuid" and "{uuid}" in path:
        row = COLLECTIONS[path.split("/")[3]]
        return lambda chance: chance.choice(known.rows[row])
    if name in DAYS:
        return lambda chance: chance.choice(known.free)[1][: len("2026-03-31")]
    if name == "status" and path.endswith("/status"):
        return lambda chance: chance.choice(STEPS)
    others: dict[str, Sequence[Any]] = {"minutes": LENGTHS, "text": known.words, "If-Match": ["*"]}
    chosen = others.get(name)
    return None if chosen is None else lambda chance: chance.choice(chosen)
