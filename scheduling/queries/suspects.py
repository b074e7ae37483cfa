"""Records that may be of one person: of a patient, of somebody new, and every pair of the clinic."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Final, Protocol

from django.db.models import Count

from scheduling.matching import likeness
from scheduling.matching.likeness import Likeness, Person
from scheduling.matching.search_words import Beginning, digits_of
from scheduling.models import DifferentPeople, Patient, SearchWord
from scheduling.queries.patients import Hit, hit, with_visits

MOST: Final = 20  # suspects of one person
GROUPS: Final = 120  # of records that share a key, on one page
OF_ONE_GROUP: Final = 6  # records looked at; a name that hundreds share is no suspicion
ALL_KEYS: Final = Beginning.of(likeness.MARK)


class Described(Protocol):
    """A patient on record, or one who is about to be."""

    @property
    def patient_name(self) -> str: ...
    @property
    def patient_lastname(self) -> str: ...


@dataclass(frozen=True)
class Suspect:
    """A record that may be of the same person, and what makes it look so."""

    hit: Hit
    common: Sequence[Likeness]


@dataclass(frozen=True)
class Suspected:
    one: Hit
    other: Hit
    common: Sequence[Likeness]


@dataclass(frozen=True)
class Pairs:
    pairs: Sequence[Suspected]
    number: int  # of this page, from 1
    more: bool


def person(of: Described) -> Person:
    """What is compared of a record, or of a `NewPatient`."""
    phones = [digits_of(getattr(of, name, "")) for name in ("phone", "second_phone")]
    return Person(of.patient_name, of.patient_lastname, getattr(of, "date_of_birth", None), *phones)


def like(of: Described, *, now: datetime) -> list[Suspect]:
    """Records that look like this one, strongest first, switched off ones too: 2 queries, and one more for a
    patient on record: whom somebody told apart from it."""
    own = of.pk if isinstance(of, Patient) else None
    this = person(of)
    words = SearchWord.objects.filter(word__in=likeness.keys(this)).exclude(patient=own)
    keys = set(words.order_by().values_list("patient", flat=True).distinct()[:MOST])
    if own is not None and keys:
        keys -= {other for pair in _apart({own, *keys}) if own in pair for other in pair}
    rows = with_visits(Patient.objects.filter(pk__in=keys), now).order_by("pk") if keys else []
    found = [(why, row) for row in rows if (why := likeness.why(this, person(row)))]
    found.sort(key=lambda each: list(Likeness).index(each[0]))
    return [Suspect(hit(row, now), likeness.in_common(this, person(row))) for _why, row in found]


def pairs(number: int, *, now: datetime) -> Pairs:
    """A page of the clinic's pairs who may be one person, from keys that come twice: 5 queries.

    Many a key is shared by people who are not alike, such as a birth date and a last name: so a page looks at
    many of them.
    """
    shared = (
        SearchWord.objects.filter(word__gte=ALL_KEYS.first, word__lt=ALL_KEYS.end, is_active=True)
        .order_by("word")
        .values("word")
        .annotate(records=Count("patient"))
        .filter(records__gt=1)
        .values_list("word", flat=True)
    )
    first = (number - 1) * GROUPS
    keys = list(shared[first : first + GROUPS + 1])
    return Pairs(list(_pairs(keys[:GROUPS], now)), number, more=len(keys) > GROUPS)


def _pairs(keys: Sequence[str], now: datetime) -> Iterator[Suspected]:
    groups: dict[str, list[int]] = defaultdict(list)
    words = SearchWord.objects.filter(word__in=keys, is_active=True).order_by("word", "patient")
    for word, patient in words.values_list("word", "patient"):
        if len(groups[word]) < OF_ONE_GROUP:
            groups[word].append(patient)
    wanted = {patient for group in groups.values() for patient in group}
    if not wanted:
        return
    rows = Patient.objects.in_bulk(wanted)
    apart = _apart(wanted)
    alike: list[tuple[int, int, list[Likeness]]] = []
    for key, group in groups.items():
        for one, other in combinations((rows[pk] for pk in group if pk in rows), 2):
            this, that = person(one), person(other)
            # Two who share several keys are listed once, at the first of them.
            listed_here = key == min(likeness.keys(this) & likeness.keys(that), default="")
            if likeness.why(this, that) and listed_here and (one.pk, other.pk) not in apart:
                alike.append((one.pk, other.pk, likeness.in_common(this, that)))
    shown = {key for one_key, other_key, _common in alike for key in (one_key, other_key)}
    hits = {row.pk: hit(row, now) for row in with_visits(Patient.objects.filter(pk__in=shown), now)}
    for one_key, other_key, common in alike:
        yield Suspected(hits[one_key], hits[other_key], common)


def _apart(keys: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of these that somebody told apart."""
    rows = DifferentPeople.objects.filter(first__in=keys, second__in=keys).order_by()
    return set(rows.values_list("first", "second"))
