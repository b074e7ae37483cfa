"""A crowded day to look at and to measure: 25 doctors and 400 visits in all states.

In a migrated database: `DEBUG=true DATABASE_URL=... python -m tests.crowd` fills today.
"""

import os
import random
from datetime import date, datetime, time, timedelta
from uuid import UUID

NAMES = ["Ana", "Íñigo", "Rocío", "Carmen", "Tomás", "María-Dolores", "Francisco", "Lucía", "Hassan", "Zoë"]
LAST = ["Peña", "García", "Fernández-Montesinos", "Souza", "O’Neill", "Gutiérrez", "Vidal", "Moreno", "Ruiz"]
SPECIALTIES = ["General practice", "Cardiology", "Dermatology", "Paediatrics", "Gynaecology", "Physiotherapy"]


def fill(day: date, *, now: datetime, doctors: int = 25, visits: int = 400, seed: int = 7) -> None:
    """Doctors with hours from 8 to 18 and a break, their visits, some time off."""
    from scheduling.clock import clinic_zone
    from scheduling.models import Patient, TimeOff
    from scheduling.times import clinic_day
    from tests import factories
    from tests.conftest import works

    chance, zone = random.Random(seed), clinic_zone()
    specialties = [factories.SpecialtyFactory(specialty_name=name) for name in SPECIALTIES]
    types = [
        factories.VisitTypeFactory(name=f"{name} {seed}", minutes=minutes, buffer_minutes=buffer)
        for name, minutes, buffer in (("Control", 15, 0), ("First visit", 30, 0), ("Echo", 40, 10))
    ]
    people = Patient.objects.bulk_create(
        Patient(
            patient_name=chance.choice(NAMES), patient_lastname=f"{chance.choice(LAST)} {chance.choice(LAST)}"
        )
        for _ in range(visits)
    )
    staff = []
    for n in range(doctors):
        name = f"Dr {chance.choice(NAMES)} {chance.choice(LAST)} {chance.choice(LAST)}"
        staff.append(factories.DoctorFactory(doctor_name=name, specialty=specialties[n % len(specialties)]))
        works(staff[-1], time(8), time(14), weekdays=range(7))
        works(staff[-1], time(15), time(18), weekdays=range(7))
    start = clinic_day.instants(datetime.combine(day, time(8)), zone)[0]
    _visits(staff, people, types, start=start, now=now, chance=chance)
    four, noon = timedelta(hours=4), start + timedelta(hours=4)
    TimeOff.objects.create(doctor=staff[0], starts_at=noon, ends_at=noon + four / 4, reason="Training")
    TimeOff.objects.create(
        doctor=None, starts_at=start + 9 * four / 4, ends_at=start + 10 * four / 4, reason="Town feast"
    )
    TimeOff.objects.create(
        doctor=staff[-1], starts_at=start - 2 * four, ends_at=start + 4 * four, reason="Holidays"
    )


def _visits(staff, people, types, *, start, now, chance):
    from scheduling.booking.claims import claims_for
    from scheduling.models import HOLDS_TIME, Appointment, AppointmentEvent, Claim

    made, lanes, free = [], {}, {doctor.pk: start for doctor in staff}
    for n, patient in enumerate(people):
        doctor = staff[n % len(staff)]
        kind = chance.choice(types)
        at = free[doctor.pk]
        beside = n % 97 == 96
        if beside:
            at = made[n - len(staff)].appointment_datetime
        else:
            free[doctor.pk] += timedelta(
                minutes=kind.minutes + kind.buffer_minutes + chance.choice((0, 0, 0, 15))
            )
        status = _state(at, kind.minutes, now, chance)
        visit = Appointment(
            uuid=UUID(int=chance.getrandbits(128), version=4), doctor=doctor, patient=patient,
            visit_type=kind, appointment_datetime=at, minutes=kind.minutes,
            buffer_minutes=0 if beside else kind.buffer_minutes,
            status=status, overbook_reason="Urgent" if beside else "", created_at=now, updated_at=now,
        )  # fmt: skip
        lanes[visit.uuid] = int(beside)
        made.append(visit)
    Appointment.objects.bulk_create(made)
    rows = [claim for v in made if v.status in HOLDS_TIME for claim in claims_for(v, lane=lanes[v.uuid])]
    Claim.objects.bulk_create(rows, ignore_conflicts=True)
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(
            appointment=visit, version=1, at=now - timedelta(minutes=chance.randrange(2, 45)), kind="status",
            channel="desk", before={"status": "confirmed"}, after={"status": "arrived"},
        )
        for visit in made
        if visit.status == "arrived"
    )  # fmt: skip


def _state(at, minutes, now, chance):
    if chance.random() < 0.03:
        return "cancelled"
    if at + timedelta(minutes=minutes) <= now:
        return chance.choice(["completed"] * 9 + ["no_show"])
    if at <= now:
        return "in_progress"
    if at <= now + timedelta(minutes=20):
        return chance.choice(["arrived", "arrived", "confirmed"])
    return chance.choice(["confirmed"] * 4 + ["pending"])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appointments_site.settings")
    import django

    django.setup()
    from django.utils import timezone

    from scheduling.clock import clinic_zone
    from scheduling.times import clinic_day

    moment = timezone.now()
    fill(clinic_day.day_of(moment, clinic_zone()), now=moment)
