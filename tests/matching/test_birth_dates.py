from datetime import date

import pytest

from scheduling.matching.birth_dates import birth_dates

TODAY = date(2026, 3, 2)


def read(text):
    return [day.isoformat() for written in birth_dates(text, today=TODAY).dates for day in written.days]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2/3/1980", ["1980-03-02"]),
        ("02.03.80", ["1980-03-02"]),
        ("02-03-1980", ["1980-03-02"]),
        ("1980-03-02", ["1980-03-02"]),
        ("2 marzo 1980", ["1980-03-02"]),
        ("2 de mar. de 1980", ["1980-03-02"]),
        ("2 March 80", ["1980-03-02"]),
        ("2 setiembre 1980", ["1980-09-02"]),
        ("02031980", ["1980-03-02"]),
        ("3/25/1980", ["1980-03-25"]),  # the American order, where it can be nothing else
        ("2/3/15", ["2015-03-02", "1915-03-02"]),  # a child, or a very old person
        ("2/3/26", ["2026-03-02", "1926-03-02"]),
        ("2/3/27", ["1927-03-02"]),
        ("29/2/00", ["2000-02-29"]),
        ("1980", []),
        ("612 34 56 78", []),
        ("612-345-678", []),
        ("61.23.45", []),
        ("2 mangas 1980", []),
        ("12/5", []),
        ("1/2/3/4/1980", []),
    ],
)
def test_a_birth_date_is_read_as_it_is_meant(text, days):
    assert read(text) == days


def test_the_rest_of_the_text_stays():
    found = birth_dates("ana 2.3.80 souza 482", today=TODAY)
    assert found.rest.split() == ["ana", "souza", "482"]


@pytest.mark.parametrize("text", ["31/02/1984", "2000-13-01", "30 feb 1980", "00/00/0000"])
def test_a_date_that_no_calendar_has_means_nobody(text):
    (written,) = birth_dates(text, today=TODAY).dates
    assert written.days == ()


@pytest.mark.parametrize("text", ["٣/٣/١٩٨٠", "2/3/99999", "9" * 5000, "1/1/" * 500])
def test_nonsense_is_survived(text):
    assert read(text) == []
