"""One bad row never takes a page down: what a person, a program, a command and a job do with each."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from scheduling.booking import integrity, stranding
from scheduling.booking.hours import Refused, add_extra_hours, add_time_off, change_week
from scheduling.identity import identity_of
from scheduling.jobs import auditing
from scheduling.times.intervals import Interval
from scheduling.times.weeks import Weekly
from tests import bad_rows, factories
from tests.booking.asking import booked
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

ZONES = ["Europe/Madrid", "America/Lima", "Pacific/Kiritimati"]


@pytest.fixture
def clinic(settings, osei, lind, ana, checkup):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("zone", ZONES)
def test_every_page_of_a_visit_at_a_date_that_cannot_be_opens(clinic, client, settings, zone, osei, ana):
    settings.CLINIC_TIME_ZONE = zone
    visits = bad_rows.plant(osei, ana)
    root = factories.UserFactory(is_staff=True, is_superuser=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    for visit in visits:
        cache.clear()
        pages = [reverse(f"desk:{name}", args=[visit.uuid]) for name in ("appointment", "move", "cancel")]
        pages += [reverse("appointment-status", args=[visit.uuid])]
        pages += [reverse("admin:scheduling_appointment_change", args=[identity_of(visit)])]
        for page in pages:
            answer = client.get(page, follow=True)
            assert answer.status_code == 200, (page, visit.appointment_datetime)
        week = client.get(pages[0]).context["week"]
        assert client.get(week).status_code == 200, (week, visit.appointment_datetime)


@pytest.mark.parametrize("zone", ZONES)
def test_lists_count_them_and_commands_and_jobs_get_through(clinic, client, settings, zone, osei, ana, rae):
    settings.CLINIC_TIME_ZONE = zone
    visits = bad_rows.plant(osei, ana)
    assert integrity.problems(now=NOW) == []
    call_command("check_schedule", "--repair")
    assert auditing.check_schedule(NOW) == "The schedule is sound."
    outside = stranding.left_outside(now=NOW)
    assert set(outside) == {visit.pk for visit in visits if visit.appointment_datetime > NOW}
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    for name, args in (("today", ()), ("waiting", ()), ("attention", ()), ("patient", (ana.uuid,))):
        assert client.get(reverse(f"desk:{name}", args=args), follow=True).status_code == 200, name


SPANS = {
    "9999": (datetime(9999, 12, 30, 9, tzinfo=UTC), datetime(9999, 12, 30, 13, tzinfo=UTC)),
    "9998": (datetime(9998, 6, 1, 9, tzinfo=UTC), datetime(9998, 6, 1, 13, tzinfo=UTC)),
    "2206": (datetime(2206, 3, 2, 9, tzinfo=UTC), datetime(2206, 3, 2, 13, tzinfo=UTC)),
    "2062": (datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2062, 3, 3, 13, tzinfo=UTC)),
    "0001": (datetime(1, 1, 20, 9, tzinfo=UTC), datetime(2026, 3, 3, 13, tzinfo=UTC)),
}


@pytest.mark.parametrize("year", SPANS)
def test_hours_are_refused_in_words_outside_the_years_that_can_be_meant(clinic, osei, year):
    span, said = Interval(*SPANS[year]), f"Check the year: {year}. Hours are recorded until the end of 2036."
    for ask in (
        lambda: add_time_off(osei, span, reason="", by=None, now=NOW),
        lambda: add_time_off(None, span, reason="", by=None, now=NOW),
        lambda: add_extra_hours(osei, span, by=None, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert [problem.message for problem in refused.value.problems] == [said]
    assert not osei.time_off.exists() and not osei.extra_hours.exists()


@pytest.mark.parametrize("last", ["2062-03-03", "2206-03-02", "9999-12-31"])
def test_a_week_holds_until_a_year_that_can_be_meant(clinic, osei, last):
    week = [Weekly(0, datetime(1, 1, 1, 9).time(), datetime(1, 1, 1, 13).time())]
    until = datetime.fromisoformat(last).date()
    with pytest.raises(Refused) as refused:
        change_week(osei, week, first=NOW.date(), last=until, by=None, now=NOW)
    assert refused.value.codes == {"too_far_ahead"}


@pytest.mark.parametrize("typed", ["9999-12-31", "2206-03-02", "0001-01-01"])
def test_a_board_of_a_year_that_cannot_be_is_answered_in_words(clinic, client, rae, osei, typed):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    for name, more in (("today", {}), ("week-go", {"doctor": osei.uuid})):
        page = client.get(reverse(f"desk:{name}"), {"date": typed, **more}, follow=True)
        assert page.status_code == 200
        assert f"Check the year: {typed[:4]}." in page.content.decode()


@pytest.mark.parametrize("typed", ["1900-01-01", "2100-01-01", "2199-12-31"])
def test_the_first_and_last_weeks_that_can_be_read_open(clinic, client, rae, osei, typed):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk:week-go"), {"date": typed, "doctor": osei.uuid}, follow=True)
    assert page.status_code == 200


@pytest.mark.parametrize("year", ["9999", "2206", "0001"])
def test_a_visit_is_not_moved_to_a_year_that_cannot_be(clinic, client, rae, osei, ana, checkup, year):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    visit = booked(osei, ana, checkup, "2026-03-03 12:00")
    sent = {"version": 1, "doctor": str(osei.uuid), "start": f"{year}-03-04T10:00+01:00"}
    page = client.post(reverse("desk:move", args=[visit.uuid]), sent, follow=True)
    assert f"Check the year: {year}." in page.content.decode()
