"""Finding a patient while booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any, Final, NamedTuple
from uuid import UUID

import phonenumbers
from django.conf import settings
from django.db import connection, models
from django.db.models import Max, Min, OuterRef, QuerySet, Subquery

from scheduling import alerts
from scheduling.alerts import Alert
from scheduling.clock import clinic_today
from scheduling.matching import misspellings
from scheduling.matching.ages import years_on
from scheduling.matching.birth_dates import Age, age_on
from scheduling.matching.phones import without_extension
from scheduling.matching.search_words import Term, Wanted, rarest_first, wanted
from scheduling.models import HOLDS_TIME, Appointment, Patient, SearchWord, people
from scheduling.models.statements import Given, Reading, Row

MOST_HITS: Final = 8
MOST_LENGTHS: Final = 16  # of lists, whose statements are kept
WORDS: Final = SearchWord._meta.db_table
COLUMNS: Final = (
    *("pk", "sort_key", "uuid", "patient_name", "patient_lastname", "date_of_birth", "phone", "second_phone"),
    *("last_visit", "next_visit", "needs_review", "is_active", "alerts"),
    *("usual_type", "usual_doctor", "usual_specialty"),
)


@dataclass(frozen=True)
class Hit:
    """A patient as offered for choosing: enough to tell two of the same name apart."""

    uuid: UUID
    name: str
    date_of_birth: date | None
    age: Age | None
    years: int | None  # the age in whole years
    phone: str
    last_visit: datetime | None
    next_visit: datetime | None
    needs_review: bool = False
    is_active: bool = True
    usual_type: UUID | None = None  # of the last visit, where it is still given
    usual_doctor: UUID | None = None  # of the last visit
    usual_specialty: UUID | None = None
    alerts: Sequence[Alert] = ()

    @property
    def phone_tail(self) -> str:
        return without_extension(self.phone)[-3:]


@dataclass(frozen=True)
class Found:
    hits: Sequence[Hit]
    more: bool  # there are others that were left out
    is_close: bool = False  # nobody has what was asked for; these have something like it


def search(text: str, *, now: datetime, most: int = MOST_HITS, also_inactive: bool = False) -> Found:
    """Patients by words of the name in any order, birth date, or digits of the phone: 2 queries; where nobody
    has all of it, by words that are a slip away: 4.

    Whoever's name begins with the first word comes before those whose last name does, and those before the
    others; then by last name.
    """
    asked = _wanted(text, now=now)
    ranked = _ranked(asked, most=most, also_inactive=also_inactive)
    is_close = False
    if not ranked and (meant := _meant(asked)) is not None:
        asked, is_close = meant, True
        ranked = _ranked(asked, most=most, also_inactive=also_inactive)
    places = _places(asked, ranked[:most])
    found = read_with_visits(list(places), now=now, most=most)
    found.sort(key=lambda row: (*places[row.key], row.sort_key, row.key))
    return Found([row.hit for row in found], more=len(ranked) > most, is_close=is_close and bool(found))


def matching(text: str, *, now: datetime, most: int) -> tuple[list[Patient], bool]:
    """The same as rows, and whether there are others that were left out: 2 queries."""
    asked = _wanted(text, now=now)
    ranked = _ranked(asked, most=most, also_inactive=False)
    places = _places(asked, ranked[:most])
    rows = list(Patient.objects.filter(pk__in=places)) if places else []
    rows.sort(key=lambda row: (*places[row.pk], row.sort_key, row.pk))
    return rows, len(ranked) > most


def _wanted(text: str, *, now: datetime) -> Wanted:
    return wanted(text, today=clinic_today(now), country_code=_country_code())


def _ranked(asked: Wanted, *, most: int, also_inactive: bool) -> Sequence[Row]:
    """The patients who have all that is asked for, in their order: one more than `most`. 1 query."""
    if asked.nobody or not asked.terms:
        return []
    sql, bounds = _ranking(asked, also_inactive=also_inactive)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {most + 1}", bounds)
        rows: Sequence[Row] = cursor.fetchall()
        return rows


def _meant(asked: Wanted) -> Wanted | None:
    """What may have been meant, by the words near to those typed that somebody has: 1 query."""
    words = sorted(set().union(*map(misspellings.near, misspellings.doubtful(asked))))
    if asked.nobody or not words:
        return None
    # Each is looked up once: of a list of words, MariaDB would read everybody who is called María.
    is_mysql = connection.vendor == "mysql" and not getattr(connection, "mysql_is_mariadb", False)
    rows = ", ".join(["ROW(%s)" if is_mysql else "(%s)"] * len(words))
    sql = f"""WITH near (word) AS (VALUES {rows}) SELECT near.word FROM near
        WHERE EXISTS (SELECT 1 FROM {WORDS} w WHERE w.word = near.word LIMIT 1)"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, words)
        return misspellings.meant(asked, {word for (word,) in cursor.fetchall()})


def _places(asked: Wanted, ranked: Sequence[Row]) -> dict[int, tuple[int, bool]]:
    """Where in the order each patient stands, by key."""
    return {key: (place, word not in asked.names) for key, place, word in ranked}


def hit_of(uuid: UUID, *, now: datetime) -> Hit | None:
    """One patient in the same shape: 1 query."""
    row = with_visits(Patient.objects.filter(uuid=uuid), now).first()
    return None if row is None else hit(row, now)


def _ranking(asked: Wanted, *, also_inactive: bool) -> tuple[str, list[str]]:
    """Keys of the patients who have all that is asked for, with where the first word stands in their name.

    From the index alone: nobody's record is read before it is known whom to show. By hand: two searches are
    seldom of one shape, and to build and compile the query took four fifths of a search.
    """
    rarest, *others = rarest_first(asked.terms)
    first, place, word = asked.first_name, "w.place", "w.word"
    bounds: list[str] = []
    # Nobody's text: values travel as parameters.
    if first is not None and first != rarest:
        # Of each patient the same: any will do.
        named, between = _in(first, "n")
        named = f"FROM {WORDS} n WHERE n.patient_id = w.patient_id AND ({named})"
        place, word = (
            f"(SELECT n.{column} {named} ORDER BY n.place, n.word LIMIT 1)" for column in ("place", "word")
        )
        bounds += between + between
    condition, between = _in(rarest, "w")
    conditions = [f"({condition})", *([] if also_inactive else ["w.is_active = 1"])]
    bounds += between
    for term in others:
        condition, between = _in(term, "o")
        same = f"SELECT 1 FROM {WORDS} o WHERE o.patient_id = w.patient_id AND ({condition})"  # noqa: S608
        conditions.append(f"EXISTS ({same} LIMIT 1)")
        bounds += between
    sql = f"""SELECT w.patient_id, MIN({place}) AS first_place, MIN({word}) AS first_word
        FROM {WORDS} w WHERE {" AND ".join(conditions)}
        GROUP BY w.patient_id ORDER BY first_place, first_word, w.patient_id"""  # noqa: S608
    return sql, bounds


def _in(term: Term, alias: str) -> tuple[str, list[str]]:
    """As ranges, half-open: SQLite looks no LIKE up in an index that tells capitals apart."""
    condition = " OR ".join([f"({alias}.word >= %s AND {alias}.word < %s)"] * len(term.ranges))
    return condition, [bound for each in term.ranges for bound in (each.first, each.end)]


def _country_code() -> str:
    return str(phonenumbers.country_code_for_region(settings.PHONENUMBER_DEFAULT_REGION) or "")


def with_visits(rows: QuerySet[Patient], now: datetime) -> QuerySet[Patient]:
    """Each row with `last_visit`, `next_visit` and what is usual, from the index of patient and time."""
    visits = Appointment.objects.filter(patient=OuterRef("pk"), status__in=HOLDS_TIME).order_by()
    grouped = visits.values("patient")
    lately = visits.order_by("-appointment_datetime", "-pk")
    return rows.annotate(
        last_visit=Subquery(
            grouped.filter(appointment_datetime__lt=now).values(at=Max("appointment_datetime"))
        ),
        next_visit=Subquery(
            grouped.filter(appointment_datetime__gte=now).values(at=Min("appointment_datetime"))
        ),
        usual_type=Subquery(lately.filter(visit_type__is_active=True).values("visit_type__uuid")[:1]),
        usual_doctor=Subquery(lately.values("doctor__uuid")[:1]),
        usual_specialty=Subquery(lately.values("doctor__specialty__uuid")[:1]),
    )


class Read(NamedTuple):
    """A record as it is read for a list."""

    key: int
    sort_key: str
    hit: Hit


def read_with_visits(keys: Sequence[int], *, now: datetime, most: int) -> list[Read]:
    """Of these records what tells them apart, in no order: 1 query, whose shape is that of `most` keys."""
    if not keys:
        return []
    today = clinic_today(now)
    given = {f"key_{n}": key for n, key in enumerate((*keys, *repeat(keys[-1], most - len(keys))))}
    return [_read(row, today) for row in _with_visits(most).rows(given | {"now": now})]


@lru_cache(maxsize=MOST_LENGTHS)
def _with_visits(count: int) -> Reading:
    keys = Given("key", models.BigIntegerField(), count=count)
    instant: Any = Given("now", models.DateTimeField())
    return Reading(lambda: with_visits(Patient.objects.filter(pk__in=keys), instant).values_list(*COLUMNS))


def _read(row: Row, today: date) -> Read:
    values = dict(zip(COLUMNS, row, strict=True))
    return Read(values["pk"], values["sort_key"], _hit(values, today))


def hit(row: Patient, now: datetime) -> Hit:
    """The same of a record; when it was here is known of one out of `with_visits` alone."""
    return _hit({name: getattr(row, name, None) for name in COLUMNS}, clinic_today(now))


def _hit(values: Mapping[str, Any], today: date) -> Hit:
    born = values["date_of_birth"]
    return Hit(
        uuid=values["uuid"],
        name=people.full_name(values["patient_name"], values["patient_lastname"]),
        date_of_birth=born,
        age=None if born is None else age_on(born, today),
        phone=values["phone"] or values["second_phone"],
        last_visit=values["last_visit"],
        next_visit=values["next_visit"],
        needs_review=values["needs_review"],
        is_active=values["is_active"],
        usual_type=values["usual_type"],
        usual_doctor=values["usual_doctor"],
        usual_specialty=values["usual_specialty"],
        years=years_on(born, today),
        alerts=alerts.read(values["alerts"]),
    )
