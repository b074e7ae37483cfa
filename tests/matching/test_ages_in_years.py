"""Ages in whole years, and the days on which limits hold them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.matching.ages import Ages, days_within, years_on

LEAP = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2010, 3, 3), date(2026, 3, 2), 15),
        (date(2010, 3, 3), date(2026, 3, 3), 16),
        (date(2010, 3, 3), date(2010, 3, 3), 0),
        (LEAP, date(2024, 2, 28), 15),
        (LEAP, date(2024, 2, 29), 16),
        (LEAP, date(2025, 2, 28), 16),
        (LEAP, date(2025, 3, 1), 17),
        (None, date(2026, 3, 3), None),
        (date(2026, 3, 4), date(2026, 3, 3), None),  # not born yet
        (date(1, 1, 1), date(2026, 3, 3), None),  # of an old book
    ],
)
def test_somebody_is_a_year_older_on_the_birthday(born, day, years):
    assert years_on(born, day) == years


@pytest.mark.parametrize(
    ("ages", "held"),
    [
        (Ages(), {0, 16, 17, 150, None}),
        (Ages(None, 16), {0, 16, None}),
        (Ages(17, None), {17, 150, None}),
        (Ages(16, 16), {16, None}),
    ],
)
def test_both_limits_are_counted_and_an_unknown_age_is_within_them(ages, held):
    assert {age for age in (0, 16, 17, 150, None) if ages.hold(age)} == held


births = st.one_of(st.just(LEAP), st.just(date.max), st.dates(date(1879, 1, 1), date(2030, 1, 1)))
limits = st.one_of(st.none(), st.integers(0, 150))


@given(births, limits, limits, st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 800))
def test_the_days_within_are_those_on_which_the_age_is(born, youngest, oldest, first, count):
    ages, last = Ages(youngest, oldest), first + timedelta(days=count)
    if born > first:
        assert days_within(born, ages, first, last) == (first, last)
        return
    days = [first + timedelta(days=n) for n in range(count + 1)]
    held = [day for day in days if ages.hold(years_on(born, day))]
    assert days_within(born, ages, first, last) == ((held[0], held[-1]) if held else None)
    if held:
        assert held == [day for day in days if held[0] <= day <= held[-1]]
