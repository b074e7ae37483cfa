"""The plan as rows of the new tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from scheduling.booking.claims import claims_for
from scheduling.booking.record_events import Record
from scheduling.booking.search_words import words_of
from scheduling.legacy import cleaned
from scheduling.legacy.plan import Plan, PlannedVisit
from scheduling.models import (
    Appointment,
    AppointmentEvent,
    Claim,
    Doctor,
    Flag,
    Patient,
    RecordEvent,
    SearchWord,
    Source,
    Specialty,
)

AT_ONCE = 500  # rows per INSERT


@dataclass(frozen=True)
class Rows:
    """Unsaved rows, parents first."""

    specialties: list[Specialty]
    doctors: list[Doctor]
    patients: list[Patient]
    words: list[SearchWord]
    appointments: list[Appointment]
    events: list[AppointmentEvent]
    claims: list[Claim]
    flags: list[Flag]
    record_events: list[RecordEvent]

    def by_model(self) -> dict[type[models.Model], list[models.Model]]:
        return {
            Specialty: [*self.specialties],
            Doctor: [*self.doctors],
            Patient: [*self.patients],
            SearchWord: [*self.words],
            Appointment: [*self.appointments],
            AppointmentEvent: [*self.events],
            Claim: [*self.claims],
            Flag: [*self.flags],
            RecordEvent: [*self.record_events],
        }


def new_uuid(key: str) -> UUID:
    """The uuid of a new patient: random to anyone without the secret, yet the same in the dry run, in the
    real one and in one that had to be repeated."""
    digest = salted_hmac("scheduling.legacy.patient", key, secret=settings.SECRET_KEY, algorithm="sha256")
    return UUID(bytes=digest.digest()[:16], version=4)


def rows(plan: Plan) -> Rows:
    """Every row that the plan asks for."""
    appointments = {visit.old.id: _appointment(plan, visit) for visit in plan.visits}
    patients = list(_patients(plan))
    specialties = [
        Specialty(id=row.id, uuid=UUID(row.uuid), specialty_name=cleaned.specialty_name(row))
        for row in plan.book.specialties
    ]
    doctors = list(_doctors(plan))
    old: list[cleaned.Old] = [*plan.book.specialties, *plan.book.doctors, *plan.book.patients]
    # Of the patients, the old ones come first.
    new: list[Record] = [*specialties, *doctors, *patients[: len(plan.book.patients)]]
    return Rows(
        specialties=specialties,
        doctors=doctors,
        patients=patients,
        words=[word for patient in patients for word in words_of(patient)],
        appointments=list(appointments.values()),
        events=[_event(plan, visit) for visit in plan.visits],
        claims=[
            claim
            for visit in plan.visits
            if visit.place
            for claim in claims_for(
                appointments[visit.old.id], lane=visit.place.lane, patient_free=visit.place.patient_free
            )
        ],
        flags=list(_flags(plan)),
        record_events=list(cleaned.events(zip(old, new, strict=True), now=plan.now)),
    )


def _doctors(plan: Plan) -> Iterator[Doctor]:
    for row in plan.book.doctors:
        yield Doctor(
            id=row.id,
            uuid=UUID(row.uuid),
            doctor_name=cleaned.doctor_name(row),
            email=cleaned.doctor_email(row),
            specialty_id=row.specialty_id,
        )


def _patients(plan: Plan) -> Iterator[Patient]:
    for row in plan.patients:
        yield Patient(
            id=row.id,
            uuid=row.uuid,
            patient_name=row.patient_name,
            patient_lastname=row.patient_lastname,
            needs_review=row.needs_review,
            created_at=plan.now,
        )


def _appointment(plan: Plan, visit: PlannedVisit) -> Appointment:
    return Appointment(
        id=visit.old.id,
        uuid=UUID(visit.old.uuid),
        doctor_id=visit.old.doctor_id,
        patient_id=visit.patient.id,
        description=cleaned.description(visit.old),
        appointment_datetime=visit.time.start,
        minutes=plan.minutes,
        status=visit.status.status.value,
        source=Source.LEGACY.value,
        original_patient_name=visit.old.patient_name,
        created_at=plan.now,
        updated_at=plan.now,
    )


def _event(plan: Plan, visit: PlannedVisit) -> AppointmentEvent:
    return AppointmentEvent(
        appointment_id=visit.old.id,
        at=plan.now,
        kind=AppointmentEvent.Kind.ADOPTED.value,
        channel=Source.LEGACY.value,
        before=cleaned.originals(visit.old),
        after={
            "status": visit.status.status.value,
            "start": visit.time.start.isoformat(),
            "minutes": plan.minutes,
            "time_zone": plan.zone.key,
            "patient": str(visit.patient.uuid),
        },
    )


def _flags(plan: Plan) -> Iterator[Flag]:
    column = {"appointments": "appointment_id", "patients": "patient_id", "doctors": "doctor_id"}
    for flag in plan.flags:
        about = {column[flag.table]: flag.row_id}
        yield Flag(kind=flag.kind.value, detail=flag.detail, created_at=plan.now, **about)


def save(rows: Rows) -> None:
    """INSERT all of them. Needs a transaction around it."""
    for model, instances in rows.by_model().items():
        model._default_manager.bulk_create(instances, batch_size=AT_ONCE)
