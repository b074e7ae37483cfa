"""A search reads bits and not claims: it answers as a plain walk over all claims does, on any book, and what
it asks of the database stays small however full the book is."""

from datetime import date, time, timedelta
from itertools import groupby
from random import Random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.plans import full_reads
from bench.timing import Asked
from scheduling.booking import open_time, taken
from scheduling.booking.openings import ANY_TIME, Wishes, free_starts, look
from scheduling.models import Claim, ExtraHours, Source, TimeOff, WorkingHours
from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking import plain_search
from tests.booking.asking import booked
from tests.conftest import MADRID, NOW, madrid, works

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 23)  # the clocks change on the 29th
DAYS = 12
SHIFTS = [
    [(time(9), time(14))],
    [(time(9), time(13)), (time(15), time(18))],
    [(time(22), time(2))],  # past midnight
    [(time(0), time(0))],  # day and night
    [(time(8, 7), time(11, 58))],  # off the grid
    [],
]
WISHES = [
    ANY_TIME,
    Wishes(weekdays=frozenset({1, 6})),
    Wishes(from_time=time(12)),
    Wishes(frozenset({0, 3}), time(1), time(10, 30)),
]


def at(day, hours=0):
    return clinic_day.whole_day(FIRST, MADRID).start + timedelta(days=day, hours=hours)


def taken_of_a_day(chance, first):
    """Grains of one day, from this one on: none, all, every second, most, or those of some visits."""
    every = range(first, first + 288)
    kind = chance.choice(["free", "full", "second", "most", "visits", "visits"])
    if kind == "visits":
        visits = [(chance.choice(every), chance.choice([1, 3, 6, 9])) for _ in range(chance.randint(1, 25))]
        return {grain for start, length in visits for grain in range(start, start + length)}
    share = {"free": 0, "full": 1, "second": 0, "most": 0.9}[kind]
    return set(every[::2]) if kind == "second" else {g for g in every if chance.random() < share}


def fill(chance, doctors, visits):
    """Hours of all kinds and claims in several lanes, for some weeks."""
    for model in (Claim, WorkingHours, TimeOff, ExtraHours):
        model.objects.all().delete()
    claims = {}
    for doctor in doctors:
        for starts, ends in chance.choice(SHIFTS):
            works(doctor, starts, ends, [day for day in range(7) if chance.random() < 0.8])
        for _ in range(chance.randint(0, 2)):
            start = at(chance.randrange(DAYS), chance.randrange(24))
            model = chance.choice([TimeOff, ExtraHours])
            model.objects.create(
                doctor=doctor, starts_at=start, ends_at=start + timedelta(hours=7, minutes=2)
            )
        if chance.random() < 0.8:
            for day in range(-1, DAYS + 1):
                for grain in taken_of_a_day(chance, grid.grain_of(at(day))):
                    for lane in chance.choice([[0], [0], [0], [1], [0, 2]]):
                        claims[doctor, grain, lane] = chance.choice(visits)
    Claim.objects.bulk_create(
        (Claim(doctor=d, grain=g, lane=lane, appointment=v) for (d, g, lane), v in claims.items()),
        batch_size=2000,
    )


@pytest.fixture
def visits(osei, lind, ana, ben, checkup):
    return [booked(osei, ana, checkup, "2026-03-02 09:00"), booked(lind, ben, checkup, "2026-03-02 10:00")]


@pytest.fixture
def noor(cardiology):
    return factories.DoctorFactory(doctor_name="Dr Noor", specialty=cardiology)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_the_search_finds_what_a_plain_walk_over_all_claims_finds(osei, lind, noor, visits, seed):
    chance = Random(seed)
    doctors = chance.sample([osei, lind, noor], 3)
    noor.is_active = chance.random() < 0.8
    fill(chance, doctors, visits)
    start = at(chance.randrange(DAYS), chance.randrange(24)) + timedelta(minutes=chance.randrange(60))
    span = Interval(start, start + timedelta(hours=chance.choice([1, 30, 200])))
    now = chance.choice([NOW, at(3, 10) + timedelta(minutes=2)])
    asked = {
        "minutes": chance.choice([5, 10, 12, 30, 45, 240, 720]),
        "buffer_minutes": chance.choice([0, 0, 5, 20, 60]),
        "source": chance.choice([Source.DESK, Source.PATIENT]),
    }
    wished = {"wishes": chance.choice(WISHES), "count": chance.choice([1, 10, 500])}
    wished["most_days"] = chance.choice([None, None, 5])
    looked = look(doctors, span=span, now=now, **asked, **wished)
    found = [(opening.doctor, opening.start) for opening in looked.openings]
    plain = plain_search.soonest(doctors, span, now, **asked, **wished)
    assert (found, looked.until, looked.is_cut) == plain

    moving = chance.choice([None, visits[0].uuid])
    hours = open_time.load([doctor.pk for doctor in doctors], span)
    every = free_starts(doctors, span=span, now=NOW, moving=moving, **asked)
    plainly = plain_search.free(doctors, span, NOW, hours=hours, moving=moving, **asked)
    for place, theirs in groupby(plainly, key=lambda each: each[0]):
        assert every.pop(doctors[place].pk) == [start for _place, start in theirs]
    assert not any(every.values())


def every_second_grain(span):
    return range(grid.grain_of(span.start), grid.grain_of(span.end), 2)


def every_grain(span):
    return range(grid.grain_of(span.start), grid.grain_of(span.end))


@pytest.fixture
def crowd(cardiology, visits):
    """Ten doctors who work from nine to four, and no visits of theirs yet."""
    doctors = factories.DoctorFactory.create_batch(10, specialty=cardiology)
    for doctor in doctors:
        works(doctor, time(9), time(16), range(7))
    return doctors


def take(doctors, days, visit, grains, lanes=(0,)):
    """So many days from today on, by one visit, without the trouble of booking it."""
    span = Interval(NOW, NOW + timedelta(days=1))
    Claim.objects.bulk_create(
        (
            Claim(doctor=doctor, grain=grain + 288 * day, lane=lane, appointment=visit)
            for doctor in doctors
            for day in range(days)
            for grain in grains(span)
            if grid.grain_of(NOW) <= grain < grid.grain_of(NOW) + 12 * 9
            for lane in lanes
        ),
        batch_size=10_000,
    )


@pytest.mark.parametrize("grains", [every_grain, every_second_grain])
def test_sixty_full_days_take_seven_statements_and_few_rows(crowd, visits, grains):
    """With a hole after each grain as well: nothing fits, and no more is read than where all is taken."""
    take(crowd, 61, visits[0], grains, lanes=[0, 1])
    assert Claim.objects.count() > 60_000
    span = Interval(NOW, NOW + timedelta(days=60))
    with Asked() as asked:
        looked = look(crowd, minutes=10, span=span, now=NOW)
    assert (looked.openings, looked.until) == ([], span.end)
    assert asked.queries == 7  # hours, and windows of 1, 2, 4, 8, 16 and 29 days
    hours = 7 * len(crowd)
    assert asked.rows() <= hours + 60 * len(crowd) * 3  # a day from nine to four lies in 3 blocks at most
    assert full_reads(asked.statements) == []


def test_a_full_year_is_given_up_after_so_many_days_of_all_doctors(crowd, visits):
    take(crowd, 40, visits[0], every_grain)
    year = Interval(NOW, NOW + timedelta(days=365))
    with Asked() as asked:
        looked = look(crowd, minutes=10, span=year, now=NOW, most_days=300)
    assert (looked.openings, looked.until, looked.is_cut) == ([], madrid("2026-04-02 00:00"), True)
    assert asked.queries == 6  # hours, and windows of 1, 2, 4, 8 and 16 days: 310 of ten doctors
    assert asked.rows() <= 7 * len(crowd) + 31 * len(crowd) * 3


def test_nothing_but_the_primary_key_of_the_claims_is_read(crowd, visits):
    take(crowd, 20, visits[0], every_grain)
    with Asked() as asked:
        look(crowd, minutes=10, span=Interval(NOW, NOW + timedelta(days=10)), now=NOW)
    of_claims = [each for each in asked.statements if "claims" in each[0]]
    assert of_claims
    for sql, parameters in of_claims:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {'QUERY PLAN' * (connection.vendor == 'sqlite')} {sql}", parameters)
            plan = [" ".join(map(str, row)) for row in cursor.fetchall()]
        steps = [step for step in plan if "claims" in step]
        assert steps
        if connection.vendor == "sqlite":
            assert all("USING COVERING INDEX sqlite_autoindex_claims" in step for step in steps), plan
            assert not any("TEMP B-TREE" in step for step in plan), plan
        else:
            assert all("range PRIMARY PRIMARY" in s and "Using index" in s for s in steps), plan


def test_a_free_day_behind_a_full_month_is_not_walked_to_its_end(crowd, visits, monkeypatch):
    """The window that has it holds a month of free days of all doctors."""
    take(crowd, 31, visits[0], every_grain)
    made = []
    instant_of = grid.instant_of
    monkeypatch.setattr(grid, "instant_of", lambda grain: made.append(grain) or instant_of(grain))
    looked = look(crowd, minutes=5, span=Interval(NOW, NOW + timedelta(days=60)), now=NOW)
    assert [opening.start for opening in looked.openings] == [madrid("2026-04-02 09:00")] * 10
    assert len(made) <= 11


def test_a_buffer_reaches_into_the_block_behind_closing_time(cardiology, visits):
    doctor = factories.DoctorFactory(specialty=cardiology)
    border = -(-grid.grain_of(madrid("2026-03-03 10:00")) // taken.BLOCK) * taken.BLOCK
    closes = grid.instant_of(border)
    opens = closes - timedelta(minutes=30)
    ExtraHours.objects.create(doctor=doctor, starts_at=opens, ends_at=closes)
    asked = {"minutes": 30, "buffer_minutes": 10, "span": Interval(opens, closes), "now": NOW}
    assert free_starts([doctor], **asked) == {doctor.pk: [opens]}
    Claim.objects.create(doctor=doctor, grain=border + 1, appointment=visits[0])
    assert free_starts([doctor], **asked) == {doctor.pk: []}


def test_of_one_time_the_doctor_named_first_comes_first_though_another_opened_before(cardiology, visits):
    late, early = factories.DoctorFactory.create_batch(2, specialty=cardiology)
    works(late, time(9), time(14))
    works(early, time(8, 30), time(14))
    taken_until_nine = grid.grains(madrid("2026-03-03 08:30"), 30)
    Claim.objects.bulk_create(Claim(doctor=early, grain=g, appointment=visits[0]) for g in taken_until_nine)
    span = Interval(madrid("2026-03-03 00:00"), madrid("2026-03-04 00:00"))
    (first,) = look([late, early], minutes=30, span=span, now=NOW, count=1).openings
    assert (first.doctor, first.start) == (late, madrid("2026-03-03 09:00"))


def test_where_no_session_is_long_enough_nothing_is_read(crowd, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert look(crowd, minutes=425, span=Interval(NOW, NOW + timedelta(days=60)), now=NOW).openings == []


def test_days_that_are_not_wished_for_are_not_read(osei, now, django_assert_num_queries):
    """Dr Osei works from Monday to Friday."""
    wishes = Wishes(weekdays=frozenset({5, 6}))
    span = Interval(NOW, NOW + timedelta(days=60))
    with django_assert_num_queries(1):
        assert look([osei], minutes=30, span=span, now=now, wishes=wishes).openings == []


def test_blocks_are_read_whole_and_put_together_in_every_lane(osei, lind, visits):
    first = 60 * 100_000
    held = {osei: {first, first + 59, first + 60, first + 179}, lind: {first + 120}}
    Claim.objects.bulk_create(
        Claim(doctor=doctor, grain=grain, lane=lane, appointment=visits[0])
        for doctor, grains in held.items()
        for grain in grains
        for lane in (0, 1, 3)
    )
    known = taken.read([osei.pk, lind.pk], [range(first + 5, first + 6), range(first + 119, first + 180)])
    for doctor, grains in held.items():
        assert known.since(doctor.pk, first) == sum(1 << grain - first for grain in grains)
        assert known.since(doctor.pk, first + 60) == sum(
            1 << g - first - 60 for g in grains if g >= first + 60
        )
    assert known.since(0, first) == 0
    assert taken.read([osei.pk], [range(first, first + 1)], moving=visits[0].uuid).since(osei.pk, first) == 0
    assert taken.read([osei.pk], [range(first, first + 1)], moving=visits[1].uuid).since(osei.pk, first) != 0
