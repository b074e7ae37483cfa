"""Other times for the visits of a doctor who is away, out of what is stored."""

from datetime import time, timedelta

import pytest

from scheduling.booking import instead, together
from scheduling.booking.instead import Terms
from scheduling.booking.seen import Seen
from scheduling.booking.together import Move
from scheduling.models import TimeOff
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked
from tests.booking.sound import assert_sound
from tests.conftest import NOW, madrid, works

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = "2026-03-03", "2026-03-04"
ALL_DAY = Interval(madrid(f"{TUESDAY} 00:00"), madrid(f"{WEDNESDAY} 00:00"))


def off(doctor, span=ALL_DAY):
    return TimeOff.objects.create(doctor=doctor, starts_at=span.start, ends_at=span.end, reason="Ill")


def told(found, visit):
    return [(o.doctor, o.start) for o in found.offers[visit.uuid]]


def test_the_doctor_on_the_next_day_and_a_colleague_on_the_same(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, f"{TUESDAY} 10:00")
    off(osei)
    assert told(instead.times_for(osei, [visit], now=NOW), visit) == [
        (osei, madrid(f"{WEDNESDAY} 10:00")),
        (lind, madrid(f"{TUESDAY} 10:00")),
    ]


def test_without_time_off_on_record_the_span_itself_is_not_offered(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, f"{TUESDAY} 10:00")
    found = instead.times_for(osei, [visit], Terms(away=ALL_DAY, same_time=False), now=NOW)
    assert told(found, visit)[0] == (osei, madrid(f"{WEDNESDAY} 10:00"))


def test_colleagues_alone(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, f"{TUESDAY} 10:00")
    off(osei)
    found = instead.times_for(osei, [visit], Terms(colleagues_only=True), now=NOW)
    assert told(found, visit) == [(lind, madrid(f"{TUESDAY} {at}")) for at in ("10:00", "09:30")]


def test_whoever_is_switched_off_or_of_another_specialty_or_away_is_not_offered(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, f"{TUESDAY} 10:00")
    works(factories.DoctorFactory(), time(9), time(14))
    works(factories.DoctorFactory(specialty=osei.specialty, is_active=False), time(9), time(14))
    off(lind, Interval(ALL_DAY.start, ALL_DAY.end + timedelta(days=30)))
    osei.is_active = False
    osei.save()
    assert told(instead.times_for(osei, [visit], now=NOW), visit) == []


def test_not_while_the_patient_is_elsewhere_and_not_what_is_taken(osei, lind, ana, ben, checkup):
    visit = booked(osei, ana, checkup, f"{TUESDAY} 10:00")
    other = factories.DoctorFactory()
    works(other, time(9), time(14))
    booked(other, ana, checkup, f"{WEDNESDAY} 10:00")
    booked(lind, ben, checkup, f"{TUESDAY} 10:00")
    off(osei)
    assert told(instead.times_for(osei, [visit], now=NOW), visit) == [
        (osei, madrid(f"{WEDNESDAY} 09:30")),
        (lind, madrid(f"{TUESDAY} 09:30")),
    ]


def test_a_time_that_was_chosen_and_is_taken_is_told_and_offered_anew(osei, lind, ana, ben, checkup):
    visit = booked(osei, ana, checkup, f"{TUESDAY} 10:00")
    off(osei)
    chosen = {visit.uuid: (lind.uuid, madrid(f"{TUESDAY} 12:00"))}
    found = instead.times_for(osei, [visit], Terms(chosen=chosen), now=NOW)
    assert (told(found, visit)[0], found.gone) == ((lind, madrid(f"{TUESDAY} 12:00")), frozenset())
    booked(lind, ben, checkup, f"{TUESDAY} 12:15")
    found = instead.times_for(osei, [visit], Terms(chosen=chosen), now=NOW)
    assert found.gone == {visit.uuid}
    assert told(found, visit)[0] == (osei, madrid(f"{WEDNESDAY} 10:00"))
    nobody = {visit.uuid: (ana.uuid, madrid(f"{TUESDAY} 12:00"))}
    assert instead.times_for(osei, [visit], Terms(chosen=nobody), now=NOW).gone == {visit.uuid}


def full_day(doctor, patients, checkup):
    times = [f"{hour:02}:{minute:02}" for hour in range(9, 14) for minute in (0, 30)]
    return [
        booked(doctor, patient, checkup, f"{TUESDAY} {at}")
        for patient, at in zip(patients, times, strict=False)
    ]


def test_a_whole_day_goes_to_colleagues_as_offered_in_one_commit(osei, lind, checkup):
    visits = full_day(osei, factories.PatientFactory.create_batch(10), checkup)
    off(osei)
    found = instead.times_for(osei, visits, Terms(colleagues_only=True), now=NOW)
    steps = [
        Move(seen=Seen.of(v), doctor=found.offers[v.uuid][0].doctor, start=found.offers[v.uuid][0].start)
        for v in visits
    ]
    moved = together.change(steps, by=None, now=NOW)
    assert {(v.doctor, v.appointment_datetime) for v in moved} == {
        (lind, v.appointment_datetime) for v in visits
    }
    assert_sound()


@pytest.mark.parametrize("count", [1, 10])
def test_five_statements_for_any_number_of_visits(count, osei, lind, checkup, django_assert_num_queries):
    visits = full_day(osei, factories.PatientFactory.create_batch(count), checkup)
    off(osei)
    with django_assert_num_queries(5):
        instead.times_for(osei, visits, now=NOW)


def test_nothing_is_asked_for_nobody(osei, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert instead.times_for(osei, [], now=NOW).offers == {}
