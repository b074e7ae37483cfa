"""Finding a patient while booking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, CharField, Max, Min, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.utils import timezone

from scheduling.models import HOLDS_TIME, Appointment, Patient
from scheduling.names import fold

MOST_HITS: Final = 8
FEWEST_DIGITS: Final = 3  # of a phone number, to look for it
DATE = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b|\b(\d{4})-(\d{1,2})-(\d{1,2})\b", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """A patient as offered for choosing: enough to tell two of the same name apart."""

    uuid: UUID
    name: str
    date_of_birth: date | None
    age: int | None
    phone: str
    last_visit: datetime | None
    next_visit: datetime | None

    @property
    def phone_tail(self) -> str:
        return self.phone[-3:]


@dataclass(frozen=True)
class Found:
    hits: Sequence[Hit]
    more: bool  # there are others that were left out


def search(text: str, *, now: datetime) -> Found:
    """Active patients by words of the name in any order, birth date, or digits of the phone: 1 query."""
    wanted = _wanted(text)
    if wanted is None:
        return Found((), more=False)
    rows = list(_with_visits(wanted, now)[: MOST_HITS + 1])
    return Found([_hit(row, now) for row in rows[:MOST_HITS]], more=len(rows) > MOST_HITS)


def hit_of(uuid: UUID, *, now: datetime) -> Hit | None:
    """One patient in the same shape: 1 query."""
    row = _with_visits(Patient.objects.filter(uuid=uuid), now).first()
    return None if row is None else _hit(row, now)


def twins(full_name: str, born: date | None, *, now: datetime) -> list[Hit]:
    """Patients who may be the same person: the same words as name, and no other birth date. 1 query."""
    words = sorted(fold(full_name).split())
    if not words:
        return []
    return [
        _hit(row, now)
        for row in _with_visits(Patient.objects.active().named(full_name), now)
        if sorted(row.search_key.split()) == words
        and (born is None or row.date_of_birth is None or born == row.date_of_birth)
    ]


def _wanted(text: str) -> QuerySet[Patient] | None:
    """The patients that a typed text asks for; None where it asks for nobody in particular."""
    rows = Patient.objects.active()
    born = DATE.search(text)
    if born:
        day = _date(born)
        rows = rows.filter(date_of_birth=day) if day else rows.none()
        text = text.replace(born.group(), " ")
    elif re.fullmatch(r"[\d\s+().-]+", text):
        digits = re.sub(r"\D", "", text)
        if len(digits) < FEWEST_DIGITS:
            return None
        stored = Cast("phone", CharField(max_length=128))  # a phone field would read the digits as a number
        return rows.annotate(digits=stored).filter(digits__contains=digits)
    words = fold(text).split()
    if not words and not born:
        return None
    # Whoever is called so comes before those who are also called so.
    begins = Case(When(search_key__startswith=words[0] if words else "", then=0), default=1)
    return rows.named(text).order_by(begins, "patient_lastname", "patient_name", "pk")


def _date(found: re.Match[str]) -> date | None:
    day, month, year = found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _with_visits(rows: QuerySet[Patient], now: datetime) -> QuerySet[Patient]:
    """Each row with `last_visit` and `next_visit`, from the index of patient and time."""
    visits = Appointment.objects.filter(patient=OuterRef("pk"), status__in=HOLDS_TIME).order_by()
    grouped = visits.values("patient")
    return rows.annotate(
        last_visit=Subquery(
            grouped.filter(appointment_datetime__lt=now).values(at=Max("appointment_datetime"))
        ),
        next_visit=Subquery(
            grouped.filter(appointment_datetime__gte=now).values(at=Min("appointment_datetime"))
        ),
    )


def _hit(row: Patient, now: datetime) -> Hit:
    born = row.date_of_birth
    return Hit(
        uuid=row.uuid,
        name=row.full_name,
        date_of_birth=born,
        age=None if born is None else _age(born, timezone.localdate(now)),
        phone=str(row.phone or ""),
        last_visit=getattr(row, "last_visit", None),
        next_visit=getattr(row, "next_visit", None),
    )


def _age(born: date, today: date) -> int:
    """Whole years; one born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
