"""Staff see that messages do not go out, before patients do not come."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection

from scheduling.booking.actions import book
from scheduling.models import Job, MessageSettings, Notice, Status
from scheduling.notices import watching
from tests.booking.asking import wish
from tests.conftest import madrid

pytestmark = pytest.mark.django_db

TEN = madrid("2026-03-02 10:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def job(db):
    return Job.objects.create(name="send_messages", due_at=TEN, succeeded_at=TEN - MINUTE)


@pytest.fixture
def waiting(osei, ana, checkup, rae):
    """A confirmation that is due at ten."""
    kept = wish(osei, ana, checkup, madrid("2026-03-05 10:00"), status=Status.CONFIRMED)
    book(kept, by=rae, now=TEN - 3 * MINUTE)


def test_all_is_well(job, waiting, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert watching.trouble_at(TEN) == ""


@pytest.mark.parametrize(("minutes", "said"), [(14, ""), (16, "messages")])
def test_what_is_due_for_a_quarter_of_an_hour_waits_too_long(job, waiting, minutes, said):
    Job.objects.update(succeeded_at=TEN + minutes * MINUTE)
    at = TEN + minutes * MINUTE
    assert watching.trouble_at(at) == watching.trouble_at(at, watching.over(connection)) == said


def test_what_waits_for_the_morning_does_not_wait_too_long(job, waiting):
    for at in ("2026-03-02 23:00", "2026-03-03 08:59", "2026-03-03 09:10"):
        Job.objects.update(succeeded_at=madrid(at))
        assert watching.trouble_at(madrid(at)) == "", at
    Job.objects.update(succeeded_at=madrid("2026-03-03 09:20"))
    assert watching.trouble_at(madrid("2026-03-03 09:20")) == "messages"


def test_what_was_refused_three_times_is_said_though_its_next_try_is_ahead(job, waiting):
    Notice.objects.update(tries=3, due_at=TEN + 120 * MINUTE)
    assert watching.trouble_at(TEN) == "messages"


@pytest.mark.parametrize("last", [TEN - 16 * MINUTE, None])
def test_nobody_does_the_job(job, last):
    Job.objects.update(succeeded_at=last, due_at=TEN - 16 * MINUTE)
    assert watching.trouble_at(TEN, watching.over(connection)) == "jobs"
    assert watching.trouble_at(TEN) == "jobs"


def test_who_does_the_jobs_has_no_channel(job):
    Job.objects.update(is_on=False)
    assert watching.trouble_at(TEN) == watching.trouble_at(TEN, watching.over(connection)) == "off"


@pytest.mark.parametrize(
    ("is_on", "said"),
    [
        (False, "sending is switched off where the jobs run"),
        (True, "the program that sends them does not run"),
    ],
)
def test_staff_read_why_messages_do_not_go_out(client, rae, job, is_on, said):
    Job.objects.update(is_on=is_on, succeeded_at=TEN - 20 * MINUTE)
    client.force_login(rae)
    with time_machine.travel(TEN, tick=False):
        assert said in client.get("/desk/attention/").content.decode()


def test_the_hours_are_the_clinics(job, waiting):
    MessageSettings.objects.create(sends_from=time(10, 10))
    Job.objects.update(succeeded_at=TEN + 20 * MINUTE)
    for ask in (list, watching.over(connection)):
        assert watching.trouble_at(TEN + 20 * MINUTE, ask) == ""


def test_before_the_first_run_nothing_is_said(waiting):
    assert watching.trouble_at(TEN) == ""


def test_it_is_asked_once_a_minute(job, django_assert_num_queries):
    watching.trouble()
    with django_assert_num_queries(0):
        watching.trouble()


def test_a_clinic_that_writes_to_nobody_has_no_trouble(settings, waiting, django_assert_num_queries):
    settings.NOTICE_CHANNELS = []
    with django_assert_num_queries(0):
        assert watching.trouble() == ""
