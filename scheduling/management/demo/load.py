"""Puts the demo clinic into an empty database: people in one transaction, then visits through `booking`."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.db import connection, transaction

from accounts.models import User
from scheduling.booking import hours
from scheduling.booking import patients as records
from scheduling.booking.actions import book
from scheduling.booking.rules import Refused
from scheduling.management.demo import so_far, written
from scheduling.management.demo.patients import PATIENTS
from scheduling.management.demo.staff import (
    ACCOUNTS,
    AWAY,
    CHILD_UNTIL,
    DOCTORS,
    PASSWORD,
    VISIT_TYPES,
    DemoDoctor,
)
from scheduling.management.demo.visits import Planner, workdays, yesterday
from scheduling.matching.ages import years_on
from scheduling.models import Appointment, Doctor, Patient, Specialty, VisitType, WorkingHours
from scheduling.times import clinic_day


@dataclass(frozen=True)
class Made:
    visits: int
    days: int


def whats_there() -> str:
    """What forbids the demo, in words; "" for an empty database. Demo and real data never mix."""
    for model in (Appointment, Doctor, Patient, Specialty, VisitType):
        if model._default_manager.exists():
            return str(model._meta.verbose_name_plural)
    if User.objects.filter(username__in=[account.username for account in ACCOUNTS]).exists():
        return "users of the demo's names"
    return ""


def is_there() -> bool:
    """Whether what is there is the demo: its accounts, still with the password that everyone knows."""
    users = list(User.objects.filter(username__in=[account.username for account in ACCOUNTS]))
    return len(users) == len(ACCOUNTS) and all(user.check_password(PASSWORD) for user in users)


def load(*, now: datetime, zone: ZoneInfo) -> Made:
    """Make the clinic, its last workday, and the next twelve, beginning with the day of the aware `now`.

    The visits before `now` have taken place, or not, as on any day.
    """
    with transaction.atomic():
        doctors = _doctors()
        patients = _patients(now)
        visit_types = _visit_types()
        for doctor, plan in doctors:
            doctor.visit_types.set(visit_types[name] for name in plan.gives)
    desk = User.objects.get(username=ACCOUNTS[0].username)
    if connection.vendor == "sqlite":
        # Hundreds of transactions: a power cut may cost the last of them, waiting for the disk costs all.
        connection.cursor().execute("PRAGMA synchronous=NORMAL")
    today = clinic_day.day_of(now, zone)
    days = [*yesterday(today), *workdays(today)]
    visits: list[Appointment] = []
    for doctor, plan in doctors:
        theirs = [person for person in patients if _is_child(person, today) == plan.sees_children]
        planner = Planner(zone, seed=plan.email, visit_types=visit_types, patients=theirs)
        visits += _booked(planner, doctor, plan, days, by=desk)
    past = [visit for visit in visits if clinic_day.day_of(visit.appointment_datetime, zone) <= today]
    written.remind(now=now)
    so_far.happen(past, by=desk, now=now, seed="so far")
    written.send(now=now)
    _be_away(doctors, today, now=now, zone=zone)
    return Made(visits=len(visits), days=len(days))


def _visit_types() -> dict[str, VisitType]:
    return {
        name: VisitType.objects.create(
            name=name,
            minutes=kind.minutes,
            buffer_minutes=kind.buffer,
            youngest_age=kind.youngest,
            oldest_age=kind.oldest,
        )
        for name, kind in VISIT_TYPES.items()
    }


def _booked(
    planner: Planner, doctor: Doctor, plan: DemoDoctor, days: Sequence[date], *, by: User
) -> Iterator[Appointment]:
    for number, day in enumerate(days):
        for proposal in planner.proposals(doctor, plan, day, far=number / len(days)):
            # Of a drawn patient who is with another doctor then, the time stays free.
            with suppress(Refused):
                yield book(proposal, by=by, now=planner.booked_at(days[0], proposal))


def _is_child(patient: Patient, today: date) -> bool:
    age = years_on(patient.date_of_birth, today)
    return age is not None and age <= CHILD_UNTIL


def _doctors() -> list[tuple[Doctor, DemoDoctor]]:
    users = {account.username: _user(*account) for account in ACCOUNTS}
    specialties: dict[str, Specialty] = {}
    doctors: list[tuple[Doctor, DemoDoctor]] = []
    for plan in DOCTORS:
        if plan.specialty not in specialties:
            specialties[plan.specialty] = Specialty.objects.create(specialty_name=plan.specialty)
        doctor = Doctor.objects.create(
            doctor_name=plan.name,
            email=plan.email,
            specialty=specialties[plan.specialty],
            user=users.get(plan.username),
            oldest_age=CHILD_UNTIL if plan.sees_children else None,
        )
        WorkingHours.objects.bulk_create(
            WorkingHours(doctor=doctor, weekday=weekday, starts=shift.starts, ends=shift.ends)
            for shift in plan.shifts
            for weekday in shift.weekdays
        )
        doctors.append((doctor, plan))
    return doctors


def _be_away(doctors: list[tuple[Doctor, DemoDoctor]], today: date, *, now: datetime, zone: ZoneInfo) -> None:
    named = {doctor.doctor_name: doctor for doctor, _plan in doctors}
    for away in AWAY:
        span = clinic_day.span(today + timedelta(days=away.days), away.starts, away.ends, zone)
        if span is not None:
            hours.add_time_off(named[away.doctor], span, reason=away.reason, by=None, now=now)


def _user(username: str, first_name: str, last_name: str, role: str, back_office: bool) -> User:
    user = User.objects.create_user(
        username, password=PASSWORD, first_name=first_name, last_name=last_name, is_staff=back_office
    )
    user.groups.add(Group.objects.get(name=role))
    return user


def _patients(now: datetime) -> list[Patient]:
    return [
        records.save(
            Patient(
                patient_name=person.name,
                patient_lastname=person.lastname,
                date_of_birth=person.born_on,
                phone=person.phone,
                email=person.email,
                language=person.language,
                alerts=person.alerts,
                note=person.note,
                created_at=now - timedelta(days=30 + 7 * number),
            )
        )
        for number, person in enumerate(PATIENTS)
    ]
