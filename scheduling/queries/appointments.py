"""One appointment with everything that its page says of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Q

from scheduling.clock import clinic_zone
from scheduling.models import Appointment, AppointmentEvent, Claim, Doctor, Flag, Patient, Status, VisitType
from scheduling.queries import paging
from scheduling.queries.paging import Page
from scheduling.times import clinic_day, grid

# What events name by uuid, and what its row is called.
NAMED: Final[Mapping[str, tuple[type[Doctor | Patient | VisitType], Callable[[Any], str]]]] = {
    "doctor": (Doctor, attrgetter("doctor_name")),
    "visit_type": (VisitType, attrgetter("name")),
    "patient": (Patient, attrgetter("full_name")),
}


@dataclass(frozen=True)
class Record:
    appointment: Appointment
    events: Sequence[AppointmentEvent]  # the newest first
    flags: Sequence[Flag]  # unresolved
    names: Mapping[str, str] = field(default_factory=dict)  # by uuid, of those whom its history names


def find(uuid: UUID) -> Appointment | None:
    """With its people and who booked it: 1 query."""
    return Appointment.objects.with_people().select_related("created_by").filter(uuid=uuid).first()


def page(
    column: Literal["appointment_datetime", "updated_at"],
    *,
    day: date | None = None,
    first: date | None = None,
    last: date | None = None,
    doctor: Doctor | None = None,
    patient: Patient | None = None,
    status: Status | None = None,
    changed_since: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Page[Appointment]:
    """Appointments of which all that is given is true, in the order of a time (`paging.by_time`): 2 queries.

    `day`, `first` and `last` (both counted) are days of the clinic; `changed_since` is aware.
    """
    rows = Appointment.objects.with_people()
    if day is not None:
        rows = rows.starting_in(clinic_day.whole_day(day, clinic_zone()))
    if last is not None:
        rows = rows.filter(appointment_datetime__lt=clinic_day.whole_day(last, clinic_zone()).end)
    begins = None if first is None else clinic_day.whole_day(first, clinic_zone()).start
    if column == "appointment_datetime" and after is not None and begins is not None:
        begins = None if after[0] >= begins else begins  # as below
    if changed_since is not None and column == "updated_at" and after is not None:
        # The cursor is a later bound: of two, SQLite may walk on from the first.
        changed_since = None if after[0] >= changed_since else changed_since
    exact = {"doctor": doctor, "patient": patient, "status": status, "updated_at__gte": changed_since}
    exact["appointment_datetime__gte"] = begins
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    return paging.by_time(rows, column, after, limit)


def record(uuid: UUID) -> Record | None:
    """With its history and doubts: 3 queries, and 1 each for the doctors, types and patients named in it."""
    appointment = find(uuid)
    if appointment is None:
        return None
    events = list(appointment.events.select_related("by").order_by("-version"))
    flags = list(appointment.flags.unresolved())
    return Record(appointment, events, flags, names=names_in(events))


def names_in(events: Iterable[AppointmentEvent]) -> Mapping[str, str]:
    """Names by uuid of the doctors, types and patients from which and to which the visit was changed: no
    query where there are none."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        for fact in NAMED if event.kind == AppointmentEvent.Kind.EDITED else ["doctor"]:
            before, after = event.before.get(fact), event.after.get(fact)
            if before != after and (fact != "doctor" or before):
                wanted[fact] |= {uuid for uuid in (before, after) if uuid}
    names: dict[str, str] = {}
    for fact, uuids in wanted.items():
        model, name_of = NAMED[fact]
        rows = model._default_manager.filter(uuid__in=uuids).order_by()
        names |= {str(row.uuid): name_of(row) for row in rows}
    return names


def in_the_way_of(appointment: Appointment) -> list[Appointment]:
    """Who has the time of a visit that gave it up: other visits of its doctor or its patient. 1 query."""
    start, minutes = appointment.appointment_datetime, appointment.minutes
    doctors = grid.grains(start, minutes + appointment.buffer_minutes)
    patients = grid.grains(start, minutes)
    claims = Claim.objects.filter(
        Q(doctor_id=appointment.doctor_id, grain__gte=doctors.start, grain__lt=doctors.stop)
        | Q(patient_id=appointment.patient_id, grain__gte=patients.start, grain__lt=patients.stop)
    )
    others = Appointment.objects.filter(pk__in=claims.order_by().values("appointment_id"))
    return list(others.exclude(pk=appointment.pk).with_people().order_by("appointment_datetime", "pk"))


def exists(uuid: UUID) -> bool:
    return Appointment.objects.filter(uuid=uuid).exists()


def in_the_way(doctor: Doctor, grains: range) -> Appointment | None:
    """The visit (its buffer too) that takes the doctor's time, the latest booked first: 1 query."""
    rows = Appointment.objects.select_related("created_by", "patient").order_by("-created_at", "-pk")
    held = Claim.objects.filter(doctor=doctor, grain__gte=grains.start, grain__lt=grains.stop)
    return rows.filter(pk__in=held.values("appointment")).first()


def in_the_way_of_patient(patient: Patient, grains: range) -> Appointment | None:
    """The first visit of the patient in this time: 1 query."""
    held = Claim.objects.filter(patient=patient, grain__gte=grains.start, grain__lt=grains.stop)
    rows = Appointment.objects.filter(pk__in=held.order_by().values("appointment_id")).with_people()
    return rows.order_by("appointment_datetime", "pk").first()


def went_past(appointment: Appointment) -> list[str]:
    """The codes of what was knowingly gone past when it was booked: 1 query."""
    event = appointment.events.filter(kind=AppointmentEvent.Kind.BOOKED).order_by("version").first()
    return list(event.after.get("accepted", ())) if event else []
