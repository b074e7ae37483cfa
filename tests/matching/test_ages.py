"""How old somebody is, as one says it."""

from datetime import date

import pytest
from django.utils import translation

from scheduling.matching.birth_dates import age_on
from scheduling.templatetags.clinic import age, born

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        ("2026-03-02", "0 days", "0 días"),
        ("2026-03-01", "1 day", "1 día"),
        ("2026-02-17", "13 days", "13 días"),
        ("2026-02-16", "2 weeks", "2 semanas"),
        ("2026-01-03", "8 weeks", "8 semanas"),
        ("2026-01-02", "2 months", "2 meses"),
        ("2025-03-03", "11 months", "11 meses"),
        ("2025-03-02", "12 months", "12 meses"),
        ("2024-03-03", "23 months", "23 meses"),
        ("2024-03-02", "2 years", "2 años"),
        ("1985-03-03", "40 years", "40 años"),
        ("1880-01-01", "146 years", "146 años"),
        ("2026-03-03", "", ""),
        ("3026-01-01", "", ""),
        ("1879-12-31", "", ""),
        ("0026-01-01", "", ""),
    ],
)
def test_age_in_words(day, english, spanish):
    old = age_on(date.fromisoformat(day), TODAY)
    with translation.override("en"):
        assert age(old) == english
    with translation.override("es"):
        assert age(old) == spanish


def test_one_born_on_the_31st_or_on_a_leap_day():
    assert age_on(date(2025, 8, 31), date(2026, 2, 28)) == (5, "months")
    assert age_on(date(2025, 8, 31), date(2026, 3, 1)) == (6, "months")
    assert age_on(date(2020, 2, 29), date(2026, 2, 28)) == (5, "years")
    assert age_on(date(2020, 2, 29), date(2026, 3, 1)) == (6, "years")


def test_a_birth_that_is_still_to_come_has_no_age():
    assert born(date(3026, 1, 1), None) == "born 1 January 3026"
    assert born(date(2026, 2, 27), age_on(date(2026, 2, 27), TODAY)) == "3 days, born 27 February 2026"
