"""Finding a patient while booking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial, reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

import phonenumbers
from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from scheduling.clock import clinic_today
from scheduling.matching.names import fold
from scheduling.matching.search_words import Term, Wanted, rarest_first, wanted
from scheduling.models import HOLDS_TIME, Appointment, Patient, SearchWord

MOST_HITS: Final = 8


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
    needs_review: bool = False
    is_active: bool = True

    @property
    def phone_tail(self) -> str:
        return self.phone[-3:]


@dataclass(frozen=True)
class Found:
    hits: Sequence[Hit]
    more: bool  # there are others that were left out


def search(text: str, *, now: datetime, most: int = MOST_HITS, also_inactive: bool = False) -> Found:
    """Patients by words of the name in any order, birth date, or digits of the phone: 2 queries.

    Whoever's name begins with the first word comes before those whose last name does, and those before the
    others; then by last name.
    """
    rows, more = _found(
        text, now=now, most=most, also_inactive=also_inactive, of=partial(with_visits, now=now)
    )
    return Found([hit(row, now) for row in rows], more=more)


def matching(text: str, *, now: datetime, most: int) -> tuple[list[Patient], bool]:
    """The same as rows, and whether there are others that were left out: 2 queries."""
    return _found(text, now=now, most=most, also_inactive=False, of=lambda rows: rows)


def _found(
    text: str,
    *,
    now: datetime,
    most: int,
    also_inactive: bool,
    of: Callable[[QuerySet[Patient]], QuerySet[Patient]],
) -> tuple[list[Patient], bool]:
    """`of`: what is read along with the records."""
    asked = wanted(text, today=clinic_today(now), country_code=_country_code())
    if asked.nobody or not asked.terms:
        return [], False
    ranked = list(_ranked(asked, also_inactive=also_inactive)[: most + 1])
    places = {key: (place, word not in asked.names) for key, place, word in ranked[:most]}
    rows = list(of(Patient.objects.filter(pk__in=places))) if places else []
    rows.sort(key=lambda row: (*places[row.pk], fold(row.patient_lastname), row.search_key, row.pk))
    return rows, len(ranked) > most


def hit_of(uuid: UUID, *, now: datetime) -> Hit | None:
    """One patient in the same shape: 1 query."""
    row = with_visits(Patient.objects.filter(uuid=uuid), now).first()
    return None if row is None else hit(row, now)


def _ranked(asked: Wanted, *, also_inactive: bool) -> QuerySet[SearchWord, Any]:
    """Keys of the patients who have all that is asked for, with where the first word stands in their name.

    From the index alone: nobody's record is read before it is known whom to show.
    """
    rows = _having(asked.terms, also_inactive=also_inactive)
    first = asked.first_name
    place: Any = Min("place")
    word: Any = Min("word")
    if first is not None and first != rarest_first(asked.terms)[0]:
        named = SearchWord.objects.filter(_in(first), patient=OuterRef("patient")).order_by("place", "word")
        # Of each patient the same: any will do.
        place, word = Min(Subquery(named.values("place")[:1])), Min(Subquery(named.values("word")[:1]))
    return (
        rows.values("patient")
        .annotate(first_place=place, first_word=word)
        .order_by("first_place", "first_word", "patient")
        .values_list("patient", "first_place", "first_word")
    )


def _having(terms: Sequence[Term], *, also_inactive: bool = False) -> QuerySet[SearchWord]:
    """Words of the rarest term, of patients who have all the others too."""
    rarest, *others = rarest_first(terms)
    rows = SearchWord.objects.filter(_in(rarest))
    if not also_inactive:
        rows = rows.filter(is_active=True)
    for term in others:
        rows = rows.filter(Exists(SearchWord.objects.filter(_in(term), patient=OuterRef("patient"))))
    return rows


def _in(term: Term) -> Q:
    """As ranges, half-open: SQLite looks no LIKE up in an index that tells capitals apart."""
    return reduce(or_, (Q(word__gte=each.first, word__lt=each.end) for each in term.ranges))


def _country_code() -> str:
    return str(phonenumbers.country_code_for_region(settings.PHONENUMBER_DEFAULT_REGION) or "")


def with_visits(rows: QuerySet[Patient], now: datetime) -> QuerySet[Patient]:
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


def hit(row: Patient, now: datetime) -> Hit:
    born = row.date_of_birth
    return Hit(
        uuid=row.uuid,
        name=row.full_name,
        date_of_birth=born,
        age=None if born is None else age_on(born, clinic_today(now)),
        phone=str(row.phone or ""),
        last_visit=getattr(row, "last_visit", None),
        next_visit=getattr(row, "next_visit", None),
        needs_review=row.needs_review,
        is_active=row.is_active,
    )


def age_on(born: date, today: date) -> int:
    """Whole years; one born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
