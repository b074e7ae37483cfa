"""A clinic that writes to its patients, by mail."""

from datetime import timedelta

import pytest

from scheduling.booking import patients
from scheduling.booking.actions import Wish, book, cancel, move, set_status, undo
from scheduling.booking.seen import Seen
from tests.booking.asking import wish
from tests.notices.post import NINE, TEN, send


@pytest.fixture(autouse=True)
def messages(settings):
    settings.NOTICE_CHANNELS = ["email"]
    settings.CLINIC_NAME = "Clínica San Telmo"
    settings.CLINIC_PHONE = "+34 915 550 100"


@pytest.fixture
def ana(ana):
    ana.email = "ana@mail.example"
    return patients.save(ana)


@pytest.fixture
def ben(ben):
    ben.email = "ben@mail.example"
    return patients.save(ben)


@pytest.fixture
def book_at(osei, ana, checkup, rae):
    def booked(start=TEN, patient=ana, *, now=NINE, **more):
        return book(wish(osei, patient, checkup, start, **more), by=rae, now=now)

    return booked


@pytest.fixture
def day(osei, rae):
    """What is done with a visit in the course of a day: each takes the visit and the minutes since nine."""

    class Day:
        def at(self, minutes):
            return NINE + timedelta(minutes=minutes)

        def move(self, visit, start, minutes):
            return move(Seen.of(visit), doctor=osei, start=start, by=rae, now=self.at(minutes))

        def cancel(self, visit, minutes):
            at = self.at(minutes)
            return cancel(Seen.of(visit), reason="Ill", wish=Wish.CLINIC, by=rae, now=at)

        def undo(self, visit, minutes):
            return undo(Seen.of(visit), by=rae, now=self.at(minutes))

        def to(self, visit, status, minutes):
            return set_status(Seen.of(visit), status, by=rae, now=self.at(minutes))

        def send(self, minutes):
            return send(self.at(minutes))

    return Day()
