"""Dates by a rule: months, last weekdays, leap days, and the clocks of Madrid and New York."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.times.recurring import LAST, MOST, Rule, clock_changes, dates, wall_of, weeks_of_month
from tests.conftest import madrid

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)


def said(first, **rule):
    return [day.isoformat()[2:] for day in dates(date.fromisoformat(first), Rule(**rule))]


@pytest.mark.parametrize(
    ("first", "rule", "expected"),
    [
        ("2026-03-10", {"every_weeks": 1, "count": 3}, ["26-03-10", "26-03-17", "26-03-24"]),
        ("2026-03-10", {"every_weeks": 2, "count": 3}, ["26-03-10", "26-03-24", "26-04-07"]),
        ("2026-03-10", {"every_weeks": 8, "count": 2}, ["26-03-10", "26-05-05"]),
        # Until a day: it is counted, the day before it is the end.
        ("2026-03-10", {"every_weeks": 1, "until": date(2026, 3, 24)}, ["26-03-10", "26-03-17", "26-03-24"]),
        ("2026-03-10", {"every_weeks": 1, "until": date(2026, 3, 23)}, ["26-03-10", "26-03-17"]),
        ("2026-03-10", {"every_weeks": 1, "until": date(2026, 3, 9)}, []),
        # Over the end of a year, and a leap day.
        ("2027-12-28", {"every_weeks": 3, "count": 4}, ["27-12-28", "28-01-18", "28-02-08", "28-02-29"]),
        ("2028-02-29", {"every_weeks": 1, "count": 2}, ["28-02-29", "28-03-07"]),
        # The same weekday of the month.
        ("2026-03-03", {"week_of_month": 1, "count": 3}, ["26-03-03", "26-04-07", "26-05-05"]),
        ("2026-03-10", {"week_of_month": 2, "count": 3}, ["26-03-10", "26-04-14", "26-05-12"]),
        ("2026-10-24", {"week_of_month": 4, "count": 4}, ["26-10-24", "26-11-28", "26-12-26", "27-01-23"]),
        # The first of a month may be the first such weekday, the last day the last.
        ("2026-06-01", {"week_of_month": 1, "count": 2}, ["26-06-01", "26-07-06"]),
        ("2026-11-30", {"week_of_month": LAST, "count": 3}, ["26-11-30", "26-12-28", "27-01-25"]),
        # The last is the fourth in one month and the fifth in another.
        ("2026-01-29", {"week_of_month": LAST, "count": 4}, ["26-01-29", "26-02-26", "26-03-26", "26-04-30"]),
        # A leap day that is the fifth Tuesday: the last one, and no fifth in the month after.
        ("2028-02-29", {"week_of_month": LAST, "count": 3}, ["28-02-29", "28-03-28", "28-04-25"]),
        ("2028-01-25", {"week_of_month": LAST, "until": date(2028, 2, 29)}, ["28-01-25", "28-02-29"]),
        ("2028-01-25", {"week_of_month": LAST, "until": date(2028, 2, 28)}, ["28-01-25"]),
    ],
)
def test_the_dates_of_a_rule(first, rule, expected):
    assert said(first, **rule) == expected


def test_a_day_that_lies_too_far_ahead_gives_one_date_too_many():
    assert len(said("2026-03-10", every_weeks=1, until=date(2030, 1, 1))) == MOST + 1


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ("2026-03-01", [1]),
        ("2026-03-07", [1]),
        ("2026-03-08", [2]),
        ("2026-03-24", [4]),
        ("2026-03-25", [4, LAST]),
        ("2026-03-29", [LAST]),
        ("2026-02-22", [4, LAST]),
        ("2028-02-22", [4]),
        ("2028-02-29", [LAST]),
    ],
)
def test_which_weeks_of_the_month_a_day_stands_in(day, weeks):
    assert weeks_of_month(date.fromisoformat(day)) == weeks


def test_every_month_has_one_date_whatever_the_first_was():
    """A year and more from each day of a leap year: the dates keep weekday and week, one in each month."""
    for number in range(366):
        first = date(2028, 1, 1) + timedelta(days=number)
        for week in weeks_of_month(first):
            found = dates(first, Rule(week_of_month=week, count=26))
            months = [day.year * 12 + day.month for day in found]
            assert months == list(range(months[0], months[0] + 26))
            assert {day.weekday() for day in found} == {first.weekday()}
            assert all(week in weeks_of_month(day) for day in found)


def test_a_rule_has_one_rhythm_and_one_end_and_begins_on_one_of_its_dates():
    for wrong in (
        {"count": 3},
        {"every_weeks": 1},
        {"every_weeks": 1, "week_of_month": 1, "count": 3},
        {"every_weeks": 1, "count": 3, "until": date(2026, 3, 10)},
    ):
        with pytest.raises(ValueError):
            Rule(**wrong)
    with pytest.raises(ValueError):
        said("2026-03-10", week_of_month=1, count=3)


@pytest.mark.parametrize(
    ("first", "last", "zone", "expected"),
    [
        ("2026-03-10", "2026-04-28", MADRID, [("2026-03-29", HOUR)]),
        ("2026-03-10", "2026-03-28", MADRID, []),
        ("2026-03-29", "2026-04-28", MADRID, []),  # it has begun with the changed clock
        ("2026-10-20", "2026-10-27", MADRID, [("2026-10-25", -HOUR)]),
        ("2026-02-20", "2026-12-01", NEW_YORK, [("2026-03-08", HOUR), ("2026-11-01", -HOUR)]),
        ("2026-03-10", "2026-03-10", MADRID, []),
    ],
)
def test_when_the_clocks_change(first, last, zone, expected):
    days = [date.fromisoformat(day) for day in (first, last)]
    assert clock_changes(days, zone) == [(date.fromisoformat(day), by) for day, by in expected]


def test_what_the_clocks_show():
    assert wall_of(madrid("2026-07-01 09:30"), MADRID).time() == time(9, 30)
    assert wall_of(madrid("2026-10-25 02:30"), MADRID).fold == 0
