"""A made-up visit for the preview of messages: no patient's, and nothing of it is stored."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from scheduling.booking import outbox
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Doctor, Notice, Patient, Source, Status, VisitType
from scheduling.notices.outgoing import News, Telling
from scheduling.times import clinic_day

NOBODYS: Final = UUID("00000000-0000-4000-8000-000000000000")
CODE: Final = "7567"
STANDING: Final = {
    Notice.Kind.RECEIVED: Status.PENDING,
    Notice.Kind.CANCELLED: Status.CANCELLED,
}


def sample(
    kind: Notice.Kind, language: str, *, now: datetime, visit_type: VisitType | None = None
) -> Telling:
    """A message of a kind about a visit in three days at 10:40, which was a day earlier where it is moved."""
    start = _start(now)
    with override(language):
        doctor = Doctor(uuid=NOBODYS, doctor_name=_("Dr Example"))
        patient = Patient(uuid=NOBODYS, patient_name=_("Alex"), patient_lastname=_("Example"))
    visit = Appointment(
        uuid=NOBODYS,
        doctor=doctor,
        patient=patient,
        visit_type=visit_type,
        appointment_datetime=start,
        minutes=30,
        status=STANDING.get(kind, Status.CONFIRMED),
        source=Source.PATIENT,
    )
    before = start - timedelta(days=1) if kind == Notice.Kind.MOVED else start
    was = {"start": before.isoformat(), "doctor": str(NOBODYS), "standing": outbox.AGREED}
    notice = Notice(uuid=NOBODYS, appointment=visit, kind=kind)
    code = CODE if kind == Notice.Kind.ANSWER else ""
    return Telling(kind, patient, [News(notice, visit, was)], language, code=code)


def _start(now: datetime) -> datetime:
    day = clinic_day.day_of(now, clinic_zone()) + timedelta(days=3)
    return clinic_day.whole_day(day, clinic_zone()).start + timedelta(hours=10, minutes=40)
