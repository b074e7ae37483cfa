"""Old rows -> new rows: everything that adoption decides, decided without writing anything."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduling.legacy import lanes, linking
from scheduling.legacy.linking import MakeUuid, PlannedPatient
from scheduling.legacy.mapping import ReadStatus, ReadTime, read_status, read_time
from scheduling.legacy.reading import OldAppointment, OldBook, OldDoctor
from scheduling.matching import emails
from scheduling.models import HOLDS_TIME, Flag
from scheduling.times import clinic_day, grid, possible


@dataclass(frozen=True)
class PlannedVisit:
    """An old appointment and what becomes of it. `place` is None for one that takes no time of the schedule:
    it is cancelled, before today, or at a date that can't be."""

    old: OldAppointment
    patient: PlannedPatient
    status: ReadStatus
    time: ReadTime
    place: lanes.Place | None


@dataclass(frozen=True)
class PlannedFlag:
    """A doubt about one row of `table` (appointments, patients or doctors)."""

    table: str
    row_id: int
    kind: Flag.Kind
    detail: str


@dataclass(frozen=True)
class Plan:
    """What the new tables will hold. `now` is the aware instant of the adoption."""

    book: OldBook
    now: datetime
    zone: ZoneInfo
    minutes: int
    patients: list[PlannedPatient]  # the old ones first
    visits: list[PlannedVisit]
    flags: list[PlannedFlag]

    def grains_of(self, visit: PlannedVisit) -> range:
        return grid.grains(visit.time.start, self.minutes)


def make_plan(book: OldBook, *, now: datetime, zone: ZoneInfo, minutes: int, make_uuid: MakeUuid) -> Plan:
    """Decide everything. The book must be without `faults`; the same arguments give the same plan."""
    kept = linking.kept(book.patients)
    texts = [row.patient_name for row in book.appointments]
    patient_of = linking.link(texts, kept, next_id=book.next_ids["patients"], make_uuid=make_uuid)
    new = {patient.id: patient for patient in patient_of.values() if patient.is_new}
    visits = _visits(book, patient_of, now=now, zone=zone, minutes=minutes)
    patients = [*kept, *(new[key] for key in sorted(new))]
    furthest = possible.furthest(clinic_day.day_of(now, zone))
    far = clinic_day.whole_day(furthest, zone).end
    flags = [*_doctor_flags(book.doctors), *_patient_flags(patients), *_visit_flags(visits, far)]
    return Plan(book, now, zone, minutes, patients, visits, flags)


def _visits(
    book: OldBook, patient_of: dict[str, PlannedPatient], *, now: datetime, zone: ZoneInfo, minutes: int
) -> list[PlannedVisit]:
    read = [
        (
            row,
            patient_of[row.patient_name],
            read_status(row.status),
            read_time(row.appointment_datetime, zone),
        )
        for row in book.appointments
    ]
    # All of today, not from now on: the morning's visits are on today's board as well.
    today = clinic_day.whole_day(clinic_day.day_of(now, zone), zone)
    places = lanes.places(
        lanes.Wish(row.id, row.doctor_id, patient.id, time.start, grid.grains(time.start, minutes))
        for row, patient, status, time in read
        if status.status in HOLDS_TIME
        and time.start >= today.start
        and time.doubt != Flag.Kind.DATE_CANNOT_BE
    )
    return [
        PlannedVisit(row, patient, status, time, places.get(row.id)) for row, patient, status, time in read
    ]


def _doctor_flags(doctors: list[OldDoctor]) -> Iterator[PlannedFlag]:
    for doctor in doctors:
        if emails.read(doctor.email) is None:
            yield PlannedFlag("doctors", doctor.id, Flag.Kind.BAD_EMAIL, doctor.email)


def _patient_flags(patients: list[PlannedPatient]) -> Iterator[PlannedFlag]:
    for patient in patients:
        for kind, detail in patient.doubts:
            yield PlannedFlag("patients", patient.id, kind, detail)


def _visit_flags(visits: list[PlannedVisit], far: datetime) -> Iterator[PlannedFlag]:
    """`far`: nobody books for later than that; 2062 was meant to be 2026."""
    by_id = {visit.old.id: visit for visit in visits}

    def overlaps(visit: PlannedVisit, others: set[int]) -> str:
        """The visit's own old time and those of the others: as many as fit."""
        when = [by_id[other].old.appointment_datetime for other in sorted(others)]
        return f"{visit.old.appointment_datetime} / {', '.join(when)}"[:1000]

    for visit in visits:
        yield from _flags_of(visit, overlaps, far)


def _flags_of(
    visit: PlannedVisit, overlaps: Callable[[PlannedVisit, set[int]], str], far: datetime
) -> Iterator[PlannedFlag]:
    def flag(kind: Flag.Kind, detail: str) -> PlannedFlag:
        return PlannedFlag("appointments", visit.old.id, kind, detail)

    doubt = Flag.Kind.DATE_CANNOT_BE if visit.time.start >= far else visit.time.doubt
    if doubt:
        yield flag(doubt, visit.old.appointment_datetime)
    if not visit.status.known:
        yield flag(Flag.Kind.UNKNOWN_STATUS, (visit.old.status or "")[:1000])
    if visit.place and visit.place.beside:
        yield flag(Flag.Kind.DOCTOR_OVERLAP, overlaps(visit, visit.place.beside))
    if visit.place and visit.place.behind:
        yield flag(Flag.Kind.PATIENT_OVERLAP, overlaps(visit, visit.place.behind))


def summary(plan: Plan) -> list[str]:
    """The plan in numbers, a line each."""
    kinds = Counter(flag.kind for flag in plan.flags)
    new = [patient for patient in plan.patients if patient.is_new]
    linked = len({visit.patient.id for visit in plan.visits if not visit.patient.is_new})
    statuses = Counter(visit.status.status.value for visit in plan.visits)
    held = [visit for visit in plan.visits if visit.place]
    claims = sum(len(plan.grains_of(visit)) for visit in held)
    deepest = max((visit.place.lane for visit in held if visit.place), default=0)
    review = sum(patient.needs_review for patient in new)
    return [
        f"Specialties: {len(plan.book.specialties)}. Doctors: {len(plan.book.doctors)}, "
        f"{kinds[Flag.Kind.BAD_EMAIL]} without a valid e-mail address.",
        f"Patients: {len(plan.patients) - len(new)} kept ({linked} of them recognised in appointments), "
        f"{len(new)} new; {review} to be reviewed: {kinds[Flag.Kind.SEVERAL_PATIENTS]} could be several "
        f"patients, {kinds[Flag.Kind.NAME_NOT_SPLIT]} have no clear last name.",
        f"Appointments: {len(plan.visits)} of {plan.minutes} minutes. "
        + ", ".join(f"{status} {count}" for status, count in sorted(statuses.items()))
        + f"; {kinds[Flag.Kind.UNKNOWN_STATUS]} had an unknown status and became pending.",
        f"Times: {kinds[Flag.Kind.TIME_NEVER_WAS]} never were on the clinic's clocks, "
        f"{kinds[Flag.Kind.TIME_CAME_TWICE]} came twice, "
        f"{kinds[Flag.Kind.DATE_CANNOT_BE]} are dates that can't be.",
        f"Schedule from today on: {len(held)} visits in {claims} claims; "
        f"{kinds[Flag.Kind.DOCTOR_OVERLAP]} overlap another of the same doctor (in {deepest + 1} lanes), "
        f"{kinds[Flag.Kind.PATIENT_OVERLAP]} an earlier one of the same patient.",
    ]
