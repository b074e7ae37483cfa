"""Weeks that follow each other: what a change from a day on keeps, and what it makes."""

from datetime import date, time

import pytest

from scheduling.times import weeks
from scheduling.times.weeks import Period, Weekly

MONDAY = date(2026, 3, 9)
SUNDAY = date(2026, 3, 8)


def on(weekday, starts, ends, first=None, last=None):
    return Weekly(weekday, time(starts), time(ends), first, last)


MON, WED = on(0, 9, 14), on(2, 9, 13)


def test_a_week_without_dates_holds_always():
    assert weeks.periods([WED, MON]) == [Period(None, None, (MON, WED))]
    assert weeks.periods([]) == [Period(None, None, ())]


def test_new_hours_from_a_monday_keep_the_old_ones_until_the_sunday():
    rows = weeks.changed([MON, WED], [MON, on(2, 9, 12)], first=MONDAY, last=None)
    # Monday goes on as it was: one row. Wednesday is two.
    assert rows == [MON, on(2, 9, 12, MONDAY), on(2, 9, 13, None, SUNDAY)]
    assert weeks.periods(rows) == [
        Period(None, SUNDAY, (MON, WED)),
        Period(MONDAY, None, (MON, on(2, 9, 12))),
    ]


def test_hours_for_some_weeks_give_way_to_the_old_ones_again():
    last = date(2026, 3, 22)
    rows = weeks.changed([MON], [on(0, 16, 20)], first=MONDAY, last=last)
    assert weeks.periods(rows) == [
        Period(None, SUNDAY, (MON,)),
        Period(MONDAY, last, (on(0, 16, 20),)),
        Period(date(2026, 3, 23), None, (MON,)),
    ]
    # And back: nothing of it is left, and it is one row again.
    assert weeks.changed(rows, [MON], first=MONDAY, last=last) == [MON]


def test_hours_from_a_day_on_replace_what_was_recorded_for_later():
    later = on(0, 10, 12, date(2026, 9, 1))
    rows = weeks.changed(
        [on(0, 9, 14, None, date(2026, 8, 31)), later], [on(0, 8, 9)], first=MONDAY, last=None
    )
    assert rows == [on(0, 8, 9, MONDAY), on(0, 9, 14, None, SUNDAY)]


def test_until_the_day_before_they_leave_what_was_recorded_for_later():
    later = on(0, 10, 12, date(2026, 9, 1))
    rows = weeks.changed(
        [on(0, 9, 14, None, date(2026, 8, 31)), later],
        [on(0, 8, 9)],
        first=MONDAY,
        last=date(2026, 8, 31),
    )
    assert [(period.first, period.week) for period in weeks.periods(rows)] == [
        (None, (MON,)),
        (MONDAY, (on(0, 8, 9),)),
        (date(2026, 9, 1), (on(0, 10, 12),)),
    ]


def test_no_hours_from_a_day_on_end_what_there_was():
    rows = weeks.changed([MON], [], first=MONDAY, last=None)
    assert rows == [on(0, 9, 14, None, SUNDAY)]
    assert weeks.periods(rows) == [Period(None, SUNDAY, (MON,)), Period(MONDAY, None, ())]
    assert weeks.on_day(rows, MONDAY) == Period(MONDAY, None, ())
    assert weeks.on_day(rows, SUNDAY).week == (MON,)


@pytest.mark.parametrize(
    "rows",
    [
        [on(0, 9, 14, None, SUNDAY), on(0, 9, 14, MONDAY, None)],
        [on(0, 9, 14, MONDAY, None), on(0, 9, 14, None, date(2026, 3, 20))],
        [MON, on(0, 9, 14, MONDAY, MONDAY)],
        [MON, MON],
    ],
)
def test_days_that_follow_each_other_or_overlap_become_one_row(rows):
    assert weeks.changed(rows, [MON], first=MONDAY, last=None) == [MON]


def test_weeks_at_the_ends_of_the_calendar_do_not_overflow():
    rows = [on(0, 9, 14, date.min, date.max)]
    assert weeks.periods(rows) == [Period(None, None, (MON,))]
    # Before the first day there is none.
    assert weeks.changed(rows, [], first=MONDAY, last=date.max) == [on(0, 9, 14, date.min, SUNDAY)]


def test_a_period_knows_its_minutes_and_its_days():
    period = Period(None, None, (MON, on(0, 16, 18), WED))
    assert period.minutes == (5 + 2 + 4) * 60
    assert period.on(0) == [MON, on(0, 16, 18)]
    assert period.on(1) == []


def test_the_token_is_the_same_in_any_order_and_another_for_other_hours():
    assert weeks.token([MON, WED]) == weeks.token([WED, MON])
    assert weeks.token([MON, WED]) != weeks.token([MON])
    assert len(weeks.token([])) == 32
