"""One patient with everything that the page of the record says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from scheduling.clock import clinic_today
from scheduling.matching.birth_dates import Age, age_on
from scheduling.matching.search_words import email_word, phone_word
from scheduling.models import (
    CALLED_OFF,
    HOLDS_TIME,
    Appointment,
    Flag,
    Patient,
    PatientMerge,
    SearchWord,
    Status,
)
from scheduling.queries import series, suspects
from scheduling.queries.patients import Hit, hit, with_visits
from scheduling.queries.series import Left
from scheduling.queries.suspects import Suspect

PAST_ON_ONE_PAGE: Final = 15
MOST_COMING: Final = 50
MOST_CANCELLED: Final = 30
MOST_RELATIVES: Final = 8
STOOD: Final = HOLDS_TIME | {Status.NO_SHOW}


@dataclass(frozen=True)
class Past:
    """A page of the visits that were, newest first."""

    visits: Page[Appointment]
    no_shows: int  # of all of them


@dataclass(frozen=True)
class Record:
    patient: Patient
    age: Age | None
    coming: Sequence[Appointment]
    past: Past
    called_off: Sequence[Appointment]
    called_off_total: int
    relatives: Sequence[Hit]
    suspects: Sequence[Suspect]
    flags: Sequence[Flag]  # unresolved, about the patient
    merges: Sequence[PatientMerge]  # records that were made a part of this one
    series: Sequence[Left]  # of which visits are to come


def find(uuid: UUID) -> Patient | None:
    return Patient.objects.filter(uuid=uuid).first()


def of(patient: Patient, *, past: str | None, now: datetime) -> Record:
    """13 queries at most, whatever the number of visits.

    `past`: the page of the past ones, as it stands in the address.
    """
    visits = Appointment.objects.filter(patient=patient).select_related("doctor", "visit_type")
    stood = visits.filter(status__in=STOOD, appointment_datetime__lt=now)
    counts = visits.order_by().aggregate(
        past=Count("pk", filter=Q(status__in=STOOD, appointment_datetime__lt=now)),
        no_shows=Count("pk", filter=Q(status=Status.NO_SHOW)),
        called_off=Count("pk", filter=Q(status__in=CALLED_OFF)),
    )
    pages = Paginator(stood.order_by("-appointment_datetime", "-pk"), PAST_ON_ONE_PAGE)
    pages.count = counts["past"]  # counted along with the others
    # A no-show that was noted before its hour belongs to what was.
    coming = visits.filter(status__in=HOLDS_TIME, appointment_datetime__gte=now)
    merges = PatientMerge.objects.filter(kept=patient, undone_at=None).select_related("gone", "by")
    born = patient.date_of_birth
    return Record(
        patient=patient,
        age=None if born is None else age_on(born, clinic_today(now)),
        coming=list(coming[:MOST_COMING]),
        past=Past(pages.get_page(past), counts["no_shows"]),
        called_off=list(
            visits.filter(status__in=CALLED_OFF).order_by("-appointment_datetime", "-pk")[:MOST_CANCELLED]
        ),
        called_off_total=counts["called_off"],
        relatives=[hit(row, now) for row in _relatives(patient, now)],
        suspects=suspects.like(patient, now=now) if patient.merged_into_id is None else [],
        flags=list(patient.flags.unresolved()),
        merges=list(merges),
        series=series.left_of(patient, now=now),
    )


def visit_count(patient: Patient) -> int:
    return Appointment.objects.filter(patient=patient).count()


def _relatives(patient: Patient, now: datetime) -> QuerySet[Patient] | list[Patient]:
    """Others with the same phone or e-mail: a hint, and no more than that."""
    shared = [phone_word(number) for number, _label in patient.phones]
    shared += [email_word(patient.email)] if patient.email else []
    if not shared:
        return []
    words = SearchWord.objects.filter(word__in=shared, is_active=True).exclude(patient=patient)
    keys = list(words.order_by().values_list("patient", flat=True).distinct()[:MOST_RELATIVES])
    return with_visits(Patient.objects.filter(pk__in=keys), now).order_by("sort_key", "pk") if keys else []
