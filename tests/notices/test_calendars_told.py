"""What calendars are left with, after all that was sent."""

import pytest
from django.core import mail
from icalendar import Calendar

from scheduling.booking import patients
from scheduling.booking.actions import Edit, edit
from scheduling.booking.seen import Seen
from scheduling.models import Status

pytestmark = pytest.mark.django_db


def methods():
    """The methods of the files of each mail."""
    return [
        [str(Calendar.from_ical(content)["method"]) for _name, content, _type in message.attachments]
        for message in mail.outbox
    ]


def test_a_confirmation_that_was_undone_is_taken_out_when_the_visit_is_cancelled(book_at, day):
    visit = book_at(status=Status.PENDING)
    day.send(5)
    visit = day.to(visit, Status.CONFIRMED, 10)
    day.send(20)
    visit = day.undo(visit, 30)
    day.send(40)
    day.cancel(visit, 50)
    day.send(60)
    assert methods() == [[], ["REQUEST"], [], ["CANCEL"]]


def test_a_visit_that_turns_out_to_be_the_childs_stays_in_the_calendar_of_both(book_at, day, ana, ben, rae):
    ben.email = ana.email
    ben = patients.save(ben)
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    edit(Seen.of(visit), Edit(patient=ben), by=rae, now=day.at(20))
    day.send(30)
    assert sorted(methods()[1:]) == [[], ["REQUEST"]]
