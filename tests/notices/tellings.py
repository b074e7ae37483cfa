"""Messages to be told, made up without a database row where none is needed."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from scheduling.booking import outbox
from scheduling.models import Appointment, Doctor, Notice, Patient, Source, Status, VisitType
from scheduling.notices.outgoing import News, Telling
from tests.conftest import NOW, madrid

KEYS = count(1)
THURSDAY = madrid("2026-03-05 10:40")


def a_patient(**more):
    return Patient(patient_name="Ana", patient_lastname="Souza Prieto", email="ana@post.example", **more)


def a_visit(
    start=THURSDAY,
    *,
    doctor=None,
    status=Status.CONFIRMED,
    patient=None,
    visit_type=None,
    source=Source.DESK,
):
    """Not saved; its secrets could be recognised in any text."""
    return Appointment(
        doctor=doctor or Doctor(doctor_name="Dr Ama Osei"),
        patient=patient or a_patient(),
        visit_type=visit_type or VisitType(pk=7, name="Vasectomy", minutes=30),
        description="Secret reason",
        appointment_datetime=start,
        minutes=30,
        status=status,
        source=source,
        version=2,
    )


def was(visit, start=None, *, doctor=None, standing=outbox.AGREED):
    start = start or visit.appointment_datetime
    return {"start": start.isoformat(), "doctor": str(doctor or visit.doctor.uuid), "standing": standing}


def news(visit, kind, known=None):
    notice = Notice(pk=next(KEYS), appointment=visit, kind=kind, version=2, due_at=NOW, created_at=NOW)
    return News(notice, visit, known or {})


def telling(kind, *visits, language="en", known=None, patient=None, **more):
    """Of these visits, or of Ana's on the Thursday at 10:40; `known`: what she knows of each."""
    visits = visits or (a_visit(),)
    told = [news(visit, kind, known) for visit in visits]
    return Telling(Notice.Kind(kind), patient or a_patient(), told, language, **more)


def series(length, **more):
    """Weekly visits from the Thursday on."""
    return [a_visit(THURSDAY + timedelta(weeks=number), **more) for number in range(length)]


def another():
    return uuid4()
