"""Fills a migrated, empty database with a made-up clinic: a million visits and their claims in minutes.

Past visits keep their claims, as in a real book: the claims are the schedule.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench import clinic, people
from bench.bulk import Row, load
from bench.clinic import Shape, Visit
from scheduling.matching import search_words
from scheduling.matching.names import fold
from scheduling.times import grid

SPECIALTIES: Final = ("Cardiology", "Dermatology", "General practice", "Neurology", "Paediatrics", "Surgery")
MIDNIGHT: Final = "2020-01-01 00:00:00"


def staff(shape: Shape, zone: ZoneInfo) -> None:
    """Specialties, doctors with their hours, visit types and patients."""
    specialties = ((key, _uuid("s", key), name, 1) for key, name in enumerate(SPECIALTIES, 1))
    load("specialties", "id uuid specialty_name is_active", specialties)
    columns = "id uuid doctor_name email specialty_id user_id is_active overbook_limit"
    load("doctors", columns, _doctors(shape))
    load("working_hours", "id doctor_id weekday starts ends valid_from valid_until", _hours(shape))
    load("extra_hours", "id uuid doctor_id starts_at ends_at", _saturday(shape, zone))
    kinds = ((k.key, _uuid("v", k.key), k.name, k.grains * 5, k.buffer * 5, 1, 1) for k in clinic.KINDS)
    load("visit_types", "id uuid name minutes buffer_minutes is_online is_active", kinds)
    columns = "id uuid patient_name patient_lastname date_of_birth email phone language may_contact note "
    load("patients", columns + "is_active needs_review search_key sort_key created_at", _patients(shape))
    load("patient_words", "word is_active place patient_id", _words(shape))


def appointments(visits: Sequence[Visit]) -> None:
    """Appointments, their claims and one event each."""
    columns = "id uuid doctor_id patient_id visit_type_id description appointment_datetime minutes "
    columns += "buffer_minutes status overbook_reason source original_patient_name version created_at "
    load("appointments", columns + "created_by_id updated_at", map(_appointment, visits))
    load("claims", "doctor_id grain lane patient_id appointment_id", _claims(visits))
    columns = "id appointment_id at by_id kind channel before after reason"
    load("appointment_events", columns, map(_event, visits))


def _saturday(shape: Shape, zone: ZoneInfo) -> Iterator[Row]:
    first = clinic.first_grain(clinic.BOARD_DAY, clinic.BOARD_SESSION, zone)
    last = first + clinic.BOARD_VISITS * clinic.CHECK_UP.grains
    for doctor in range(1, shape.board_doctors + 1):
        yield doctor, _uuid("x", doctor), doctor, _instant(first), _instant(last)


def _doctors(shape: Shape) -> Iterator[Row]:
    for key, (name, lastname) in enumerate(people.names(shape.doctors, "doctors"), 1):
        specialty = key % len(SPECIALTIES) + 1
        yield key, _uuid("d", key), f"Dr {name} {lastname}", f"d{key}@clinic.example", specialty, None, 1, 2


def _hours(shape: Shape) -> Iterator[Row]:
    key = 0
    for doctor in range(1, shape.doctors + 1):
        for weekday in range(5):
            for starts, ends in clinic.SESSIONS:
                key += 1
                yield key, doctor, weekday, str(starts), str(ends), None, None


def _patients(shape: Shape) -> Iterator[Row]:
    for key, name, lastname, born, phone in _people(shape):
        contact = (f"p{key}@post.example", phone, "es", 1)
        yield (
            *(key, _uuid("p", key), name, lastname, str(born), *contact),
            *("", 1, 0, fold(f"{name} {lastname}"), fold(f"{lastname} {name}"), MIDNIGHT),
        )


def _words(shape: Shape) -> Iterator[Row]:
    """In the order of their key."""
    yield from sorted(
        (word, 1, place, key)
        for key, name, lastname, born, phone in _people(shape)
        for word, place in search_words.kept(
            name, lastname, born=born, phone=phone, email=f"p{key}@post.example"
        ).items()
    )


def _people(shape: Shape) -> Iterator[tuple[int, str, str, date, str]]:
    """The same patients every time."""
    chance = random.Random("patients")
    for key, (name, lastname) in enumerate(people.names(shape.patients, "patients"), 1):
        born = clinic.TODAY - timedelta(days=chance.randrange(365, 365 * 95))
        yield key, name, lastname, born, f"+346{chance.randrange(10**8):08}"


def _appointment(visit: Visit) -> Row:
    booked = _instant(visit.booked_grain)
    kind = visit.kind
    return (
        *(visit.key, _uuid("a", visit.key), visit.doctor, visit.patient, kind.key, "Pain in the left knee"),
        *(_instant(visit.grain), kind.grains * 5, kind.buffer * 5, visit.status, "", "desk"),
        *(None, 1, booked, None, booked),
    )


def _claims(visits: Iterable[Visit]) -> Iterator[Row]:
    for visit in visits:
        if visit.holds_time:
            after = visit.grain + visit.kind.grains
            for grain in range(visit.grain, after):
                yield visit.doctor, grain, 0, visit.patient, visit.key
            for grain in range(after, after + visit.kind.buffer):
                yield visit.doctor, grain, 0, None, visit.key


def _event(visit: Visit) -> Row:
    facts = {
        "status": visit.status,
        "start": _instant(visit.grain).replace(" ", "T") + "+00:00",
        "minutes": visit.kind.grains * 5,
        "doctor": _uuid("d", visit.doctor),
    }
    booked = _instant(visit.booked_grain)
    return visit.key, visit.key, booked, None, "booked", "desk", "{}", json.dumps(facts), ""


@lru_cache(maxsize=20_000)
def _instant(grain: int) -> str:
    """As both databases take a UTC time."""
    return grid.instant_of(grain).strftime("%Y-%m-%d %H:%M:%S")


def _uuid(kind: str, key: int) -> str:
    """The same random-looking version 4 identity for the same row every time."""
    digits = f"{_scattered(ord(kind), key):016x}{_scattered(key, ord(kind)):016x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _scattered(*values: Any) -> int:
    """64 bits without order (hashes of whole numbers are the same in every process)."""
    return hash((*values, 0x5EED)) & 0xFFFF_FFFF_FFFF_FFFF
