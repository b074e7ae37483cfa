"""Rows at the ends of the calendar, as old books and earlier releases left them, past every rule."""

from datetime import UTC, datetime, timedelta

from scheduling.booking.claims import claims_for
from scheduling.models import Appointment, Claim, ExtraHours, Status, TimeOff
from tests import factories
from tests.conftest import NOW

DATES = ("9999-12-31 23:59:59", "9999-12-31 00:00:00", "9998-06-01 10:00:00", "2206-03-02 10:00:00")
LONG_AGO = ("0001-01-01 00:00:00", "0001-01-01 23:59:59", "1899-12-30 10:00:00")
END, BEGIN = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def plant(doctor, patient):
    """A visit of each kind, of each status that stands in lists; hours and time off of the same kinds. The
    visits to come hold their time, as the release before adopted them. Gives the visits."""
    visits = []
    for number, text in enumerate((*DATES, *LONG_AGO)):
        visit = Appointment.objects.create(
            doctor=doctor,
            patient=patient,
            appointment_datetime=at(text),
            minutes=30,
            status=(Status.PENDING, Status.CONFIRMED)[number % 2],
            created_at=NOW - timedelta(days=30),
            updated_at=NOW,
        )
        visits.append(visit)
        if text in DATES[2:]:
            Claim.objects.bulk_create(claims_for(visit))
    retired = factories.DoctorFactory(specialty=doctor.specialty)
    for model in (TimeOff, ExtraHours):
        model.objects.create(doctor=retired, starts_at=BEGIN, ends_at=END)
        for text in (*DATES[1:], *LONG_AGO[:2]):
            ends = min(at(text), END - timedelta(hours=1)) + timedelta(hours=1)
            model.objects.create(doctor=doctor, starts_at=at(text), ends_at=ends)
    TimeOff.objects.create(doctor=None, starts_at=at(DATES[1]), ends_at=END, reason="Closed for good")
    TimeOff.objects.create(doctor=None, starts_at=at(DATES[3]), ends_at=at("2207-01-01 00:00:00"))
    return visits
