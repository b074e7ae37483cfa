"""Who does not know what became of a visit, and what patients wrote that a person must read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from scheduling.matching.phones import without_extension
from scheduling.matching.search_words import digits_of
from scheduling.models import Notice, Patient, Reply, SearchWord
from scheduling.models.notices import AT_MOST_ONCE

Kind, State, Why = Notice.Kind, Notice.State, Notice.Why

# Nobody who was not told of these may come in vain, or not at all.
NEWS: Final = (Kind.MOVED, Kind.CANCELLED)
# A visit is past, and its patient was not told that it is off: for some days somebody may still excuse it.
EXCUSABLE: Final = timedelta(days=3)


def not_told(now: datetime) -> QuerySet[Notice]:
    """Notices of visits to come that did not reach their patient, with the visit as it is: the nearest first.

    Of each visit the one that matters most: a change before a reminder, a later one before an earlier.
    """
    lost = Q(state=State.FAILED) | Q(state=State.SKIPPED, why=Why.UNREACHABLE, kind__in=NEWS)
    late = Q(state=State.SKIPPED, why=Why.TOO_LATE, kind__in=NEWS, starts_at__gte=now - EXCUSABLE)
    recent = Q(state__in=(State.FAILED, State.SKIPPED), starts_at__gte=now - EXCUSABLE)  # by its index
    found = Notice.objects.filter(recent, Q(lost, starts_at__gte=now) | late, settled_at=None)
    return (
        found.exclude(_is_known(), former_patient=None)
        .select_related("appointment__doctor", "appointment__patient", "former_patient")
        .order_by("starts_at", "pk")
    )


def _is_known() -> Q:
    """Another notice of the same visit reached the patient later, or stands on the list in its place."""
    others = Notice.objects.filter(appointment=OuterRef("appointment"), former_patient=None).order_by()
    later = Q(pk__gt=OuterRef("pk"))
    change = ~Q(kind__in=AT_MOST_ONCE)
    sent = Exists(others.filter(later, state=State.SENT))
    failed = others.filter(state=State.FAILED, settled_at=None)
    return (
        Q(sent)
        | Q(Exists(failed.filter(later, change)))
        | Q(Exists(failed.filter(change | later)), kind__in=AT_MOST_ONCE)
    )


def replies_for_the_desk() -> QuerySet[Reply]:
    """Replies that nobody has dealt with, with the visit that they speak of, if it is known: oldest first."""
    people = ("notice__appointment__doctor", "notice__appointment__patient", "notice__former_patient")
    found = Reply.objects.filter(outcome=Reply.Outcome.TO_DESK, settled_at=None)
    return found.select_related(*people).order_by("at", "pk")


def count(now: datetime) -> int:
    """How many there are of both: 2 queries."""
    return not_told(now).count() + replies_for_the_desk().count()


def with_numbers(numbers: Collection[str]) -> Mapping[str, Sequence[Patient]]:
    """The records that stand and have these numbers (E.164), by number: 2 queries, by the index of words."""
    words = [f"+{digits_of(number)}" for number in numbers if number]
    if not words:
        return {}
    keys = SearchWord.objects.filter(word__in=words).values_list("patient_id", flat=True)
    found: dict[str, list[Patient]] = defaultdict(list)
    for patient in Patient.objects.standing().filter(pk__in=set(keys)):
        for number in {without_extension(stored) for stored, _whose in patient.phones}:
            found[number].append(patient)
    return {number: found[number] for number in numbers if number in found}
