"""A day in a field for one, in any usual writing."""

from datetime import date

import pytest

from scheduling.matching.written_days import day_of

TODAY = date(2026, 3, 2)
BIRTHS = {
    "18/8/1992": "1992-08-18",
    "18.8.92": "1992-08-18",
    "18-08-92": "1992-08-18",
    "18 8 92": "1992-08-18",
    "180892": "1992-08-18",
    "18081992": "1992-08-18",
    "1992-08-18": "1992-08-18",
    "1992/8/18": "1992-08-18",
    " 18 / 8 / 1992 ": "1992-08-18",
    "18 August 1992": "1992-08-18",
    "18 aug 92": "1992-08-18",
    "18 de agosto de 1992": "1992-08-18",
    "18ago1992": "1992-08-18",
    "8/18/1992": "1992-08-18",  # the American order, where it can be nothing else
    "2/3/26": "2026-03-02",
    "3/3/26": "1926-03-03",
    "29/2/00": "2000-02-29",
    "1/1/1880": "1880-01-01",
    "1990-13-01": None,  # with the year first, nobody puts the day before the month
    "18/8": None,
    "30/2/1992": None,
    "0/1/1992": None,
    "18/8/992": None,
    "18/8/19922": None,
    "1992": None,
    "31.11.92": None,
    "yesterday": None,
    "18 foo 1992": None,
    "٣/٣/١٩٨٠": None,
    "": None,
}
DAYS = {
    "3/12": "2026-12-03",
    "3.12.": "2026-12-03",
    "3 dic": "2026-12-03",
    "2/3": "2026-03-02",
    "1/3": "2027-03-01",
    "29/2": "2028-02-29",
    "3/12/26": "2026-12-03",
    "3/12/99": "2099-12-03",
    "2026-12-03": "2026-12-03",
    "31/4": None,
}


def iso(day):
    return day and day.isoformat()


@pytest.mark.parametrize(("text", "day"), BIRTHS.items())
def test_a_birth_date(text, day):
    assert iso(day_of(text, today=TODAY, is_birth=True)) == day


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_to_come(text, day):
    assert iso(day_of(text, today=TODAY)) == day


def test_without_a_today_only_whole_years_are_read():
    found = [iso(day_of(text, today=None)) for text in ("3/12", "3/12/26", "3/12/2026")]
    assert found == [None, None, "2026-12-03"]


@pytest.mark.parametrize("text", ["9" * 5000, "1/1/" * 500, "1 " * 4000, "\0"])
def test_nonsense_is_survived(text):
    assert day_of(text, today=TODAY) is None
