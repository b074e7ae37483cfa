"""Other times for many visits at once, as a table: who is offered what."""

import pytest

from scheduling.times.other_times import Calendar, Need, Place, Session, distance, offered

# Grains count from midnight of day 0, which is also minute 0 of the clinic's clocks.
DAY = 288
OWN, BO, CY = 1, 2, 3  # doctors


def at(clock, day=0):
    hours, minutes = map(int, clock.split(":"))
    return day * DAY + (hours * 60 + minutes) // 5


def session(doctor, starts, ends, day=0):
    within = range(at(starts, day), at(ends, day))
    return Session(doctor, within, day, at(starts) * 5)


def need(clock, *, minutes=30, buffer=0, patient=None, day=0, elsewhere=()):
    return Need(day, at(clock) * 5, minutes // 5, buffer // 5, patient or at(clock), frozenset(elsewhere))


def told(needs, own, theirs, *, taken=(), same_time=True, chosen=None, earliest=0):
    """[[(doctor, day, "HH:MM"), ...], ...]"""
    bits = {}
    for doctor, grains in taken:
        bits[doctor] = bits.get(doctor, 0) | sum(1 << grain for grain in grains)
    calendar = Calendar(0, bits, earliest)
    found = offered(needs, [own, theirs], calendar, chosen=chosen or {}, same_time=same_time)
    return [
        [
            (p.doctor, p.start // DAY, f"{p.start % DAY * 5 // 60:02}:{p.start % DAY * 5 % 60:02}")
            for p in places
        ]
        for places in found
    ]


TOMORROW = [session(OWN, "09:00", "12:00", day=1)]
TODAY = [session(BO, "09:00", "12:00")]


@pytest.mark.parametrize(
    ("needs", "own", "theirs", "more", "expected"),
    [
        pytest.param(
            [need("9:40")],
            TOMORROW,
            TODAY,
            {},
            [[(OWN, 1, "09:40"), (BO, 0, "09:40")]],
            id="same time of day",
        ),
        pytest.param(
            [need("9:00"), need("9:30")],
            TOMORROW,
            TODAY,
            {},
            [[(OWN, 1, "09:00"), (BO, 0, "09:00")], [(OWN, 1, "09:30"), (BO, 0, "09:30")]],
            id="no two get the same",
        ),
        pytest.param(
            [need("9:00"), need("9:00", patient=7)],
            TOMORROW,
            TODAY,
            {},
            [[(OWN, 1, "09:00"), (BO, 0, "09:00")], [(OWN, 1, "09:30"), (BO, 0, "09:30")]],
            id="nor do two that were at one time",
        ),
        pytest.param(
            [need("9:00", buffer=15), need("9:30")],
            TOMORROW,
            [],
            {},
            [[(OWN, 1, "09:00"), (OWN, 1, "10:15")], [(OWN, 1, "09:45"), (OWN, 1, "11:00")]],
            id="the time after a visit is kept free, and one pool gives for the other",
        ),
        pytest.param(
            [need("10:00")],
            TOMORROW,
            TODAY,
            {"taken": [(BO, range(at("9:00"), at("11:00")))]},
            [[(OWN, 1, "10:00"), (BO, 0, "11:00")]],
            id="what is taken is not offered",
        ),
        pytest.param(
            [need("9:00")],
            [],
            [session(BO, "11:00", "12:00"), session(CY, "8:00", "9:30", day=2)],
            {},
            [[(CY, 2, "09:00"), (CY, 2, "08:30")]],
            id="near the time of day comes before soon",
        ),
        pytest.param(
            [need("9:00")],
            [],
            [session(BO, "11:00", "12:00"), session(CY, "8:00", "9:30", day=2)],
            {"same_time": False},
            [[(BO, 0, "11:00"), (BO, 0, "11:30")]],
            id="or soon before near",
        ),
        pytest.param(
            [need("10:00", day=1)],
            [],
            [session(BO, "10:00", "11:00"), session(BO, "10:00", "10:30", day=1)],
            {},
            [[(BO, 1, "10:00")]],
            id="never on a day before",
        ),
        pytest.param(
            [need("9:00", elsewhere=range(at("9:00"), at("9:30")))],
            [],
            TODAY,
            {},
            [[(BO, 0, "09:30"), (BO, 0, "10:00")]],
            id="not while the patient is with somebody else",
        ),
        pytest.param(
            [need("9:00", patient=5), need("9:00", patient=5)],
            [],
            [session(BO, "9:00", "10:00"), session(CY, "9:00", "9:30")],
            {},
            [[(BO, 0, "09:00")], [(BO, 0, "09:30")]],
            id="nor two of one patient's at once",
        ),
        pytest.param(
            [need("9:00")], [], TODAY, {"earliest": at("11:10")}, [[(BO, 0, "11:30")]], id="not too soon"
        ),
        pytest.param([need("9:00", minutes=240)], TOMORROW, TODAY, {}, [[]], id="too long for every session"),
        pytest.param([need("9:00")], [], [], {}, [[]], id="nobody is in"),
        pytest.param(
            [need("9:00"), need("9:30")],
            TOMORROW,
            TODAY,
            {"chosen": {1: Place(BO, at("9:00"))}},
            [[(OWN, 1, "09:00"), (BO, 0, "09:30")], [(BO, 0, "09:00"), (BO, 0, "10:00")]],
            id="what was chosen is kept for who chose it",
        ),
        pytest.param(
            [need("9:00")],
            TOMORROW,
            TODAY,
            {"chosen": {0: Place(BO, at("9:00"))}, "taken": [(BO, [at("9:15")])]},
            [[(OWN, 1, "09:00"), (BO, 0, "09:20")]],
            id="what was chosen and is taken meanwhile is offered anew",
        ),
        pytest.param(
            [need("23:30")],
            [],
            [Session(BO, range(at("22:00"), at("1:00", 1)), 0, 22 * 60)],
            {},
            [[(BO, 0, "23:30"), (BO, 0, "23:00")]],
            id="a session past midnight",
        ),
    ],
)
def test_who_is_offered_what(needs, own, theirs, more, expected):
    assert told(needs, own, theirs, **more) == expected


def test_sessions_that_are_full_are_not_looked_at_again():
    calendar = Calendar(0, {BO: (1 << DAY) - 1})
    offered([need("9:00"), need("9:30")], [TODAY, TODAY], calendar, chosen={}, same_time=True)
    assert len(calendar.full) == 1


def test_times_of_day_are_apart_around_midnight():
    assert [distance(10, 20), distance(5, 1435), distance(0, 720)] == [10, 10, 720]
