"""A clinic that changes its zone: the check tells, closures move to their wall-clock times."""

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from scheduling import checks
from scheduling.booking import actions, hours
from scheduling.models import ExtraHours, RecordEvent, TimeOff
from scheduling.times.intervals import Interval
from tests.booking.test_past_midnight import wish
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.django_db


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def closures(osei):
    """Typed in Madrid: a whole day, one on the night of the change, an afternoon, and extra hours."""
    for doctor, starts, ends in (
        (None, "2026-05-01 00:00", "2026-05-02 00:00"),
        (None, "2026-03-29 00:00", "2026-03-30 00:00"),
        (osei, "2026-04-07 16:00", "2026-04-07 18:30"),
    ):
        span = Interval(madrid(starts), madrid(ends))
        hours.add_time_off(doctor, span, reason="Rest", by=None, now=NOW)
    session = Interval(madrid("2026-04-11 09:00"), madrid("2026-04-11 13:00"))
    hours.add_extra_hours(osei, session, by=None, now=NOW)


def follow(*args):
    said = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("follow_time_zone", *args, stdout=said)
    return said.getvalue()


def warned():
    with time_machine.travel(NOW, tick=False):
        return [warning.id for warning in checks.changed_time_zone(None, databases=["default"])]


def times():
    rows = [*TimeOff.objects.all(), *ExtraHours.objects.all()]
    return [(row.starts_at, row.ends_at) for row in rows]


MOVED = {
    "Atlantic/Canary": [
        ("2026-03-29 00:00", "2026-03-29 23:00"),
        ("2026-04-07 15:00", "2026-04-07 17:30"),
        ("2026-04-30 23:00", "2026-05-01 23:00"),
        ("2026-04-11 08:00", "2026-04-11 12:00"),
    ],
    "America/Santiago": [
        ("2026-03-29 03:00", "2026-03-30 03:00"),
        ("2026-04-07 20:00", "2026-04-07 22:30"),
        ("2026-05-01 04:00", "2026-05-02 04:00"),
        ("2026-04-11 13:00", "2026-04-11 17:00"),
    ],
}


@pytest.mark.parametrize("zone", MOVED)
def test_the_check_tells_and_the_command_moves_wall_clock_times_along(closures, settings, zone, osei, ana):
    visit = actions.book(wish(osei, ana, "2026-03-03 10:00"), by=None, now=NOW)
    assert warned() == []
    before, identities = times(), set(TimeOff.objects.values_list("uuid", flat=True))
    settings.CLINIC_TIME_ZONE = zone
    assert warned() == ["scheduling.W001"]
    assert "4 would be moved." in follow("--dry-run")
    assert times() == before
    assert "4 moved." in follow()
    assert times() == [(instant(starts), instant(ends)) for starts, ends in MOVED[zone]]
    assert set(TimeOff.objects.values_list("uuid", flat=True)) == identities
    assert set(TimeOff.objects.values_list("time_zone", "reason")) == {(zone, "Rest")}
    assert warned() == []
    assert "0 moved." in follow()
    visit.refresh_from_db()
    assert visit.appointment_datetime == madrid("2026-03-03 10:00")
    told = RecordEvent.objects.filter(reason=f"Europe/Madrid > {zone}")
    assert told.count() == 8


def test_there_and_back_again_is_as_it_was(closures, settings):
    before = times()
    for zone in ("America/Santiago", "Europe/Madrid"):
        settings.CLINIC_TIME_ZONE = zone
        follow()
    assert times() == before


def test_what_is_over_and_what_is_of_an_unknown_zone_stays(closures, settings):
    TimeOff.objects.update(time_zone="")
    ExtraHours.objects.update(starts_at=instant("2026-02-01 08:00"), ends_at=instant("2026-02-01 09:00"))
    settings.CLINIC_TIME_ZONE = "Atlantic/Canary"
    assert warned() == []
    assert "0 moved." in follow()


def test_a_block_of_the_desks_stays_one(osei, settings):
    span = Interval(madrid("2026-04-07 12:00"), madrid("2026-04-07 13:00"))
    hours.add_time_off(osei, span, reason="Phone calls", by=None, now=NOW, is_block=True)
    settings.CLINIC_TIME_ZONE = "Atlantic/Canary"
    assert "1 moved." in follow()
    assert TimeOff.objects.get().is_block


def test_nothing_is_read_before_the_columns_are_there(closures, settings, django_assert_num_queries):
    """`migrate` checks first, on a database of any earlier version."""
    settings.CLINIC_TIME_ZONE = "Atlantic/Canary"
    newest = MigrationLoader(connection).graph.leaf_nodes("scheduling")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    with django_assert_num_queries(2):  # which migrations were applied
        assert warned() == []


def test_it_is_one_of_the_checks_of_the_database(closures, settings):
    settings.CLINIC_TIME_ZONE = "Atlantic/Canary"
    with time_machine.travel(NOW, tick=False):
        found = [one for one in run_checks(databases=["default"]) if one.id == "scheduling.W001"]
    assert "4 closures, times off and extra hours to come were typed in Europe/Madrid." in str(found[0])
