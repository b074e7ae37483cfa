"""Birth dates in what a receptionist types, in any usual writing. Standard library only."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from scheduling.matching.names import fold

OLDEST: Final = 120  # years
EARLIEST_BIRTH: Final = date(1880, 1, 1)
# So old is a baby when days are no longer told, then weeks, then months: as one asks a mother.
MOST_DAYS, MOST_WEEKS_IN_MONTHS, MOST_MONTHS = 14, 2, 24
MONTHS: Final = (
    ("enero", "january"),
    ("febrero", "february"),
    ("marzo", "march"),
    ("abril", "april"),
    ("mayo", "may"),
    ("junio", "june"),
    ("julio", "july"),
    ("agosto", "august"),
    ("septiembre", "setiembre", "september"),
    ("octubre", "october"),
    ("noviembre", "november"),
    ("diciembre", "december"),
)

ISO = r"(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})"
NUMBERS = r"(?P<day>\d{1,2})(?P<between>[-/.])(?P<month>\d{1,2})(?P=between)(?P<year>\d{4}|\d{2})"
COMPACT = r"(?P<run_day>\d{2})(?P<run_month>\d{2})(?P<run_year>(?:19|20)\d{2})"
WORDS = (
    r"(?P<word_day>\d{1,2})\.?\s+(?:de\s+)?(?P<word>[^\W\d_]{3,})\.?,?\s+(?:del?\s+)?"
    r"(?P<word_year>\d{4}|\d{2})"
)
WRITTEN = re.compile(rf"(?<![\w/.+-])(?:{ISO}|{NUMBERS}|{COMPACT}|{WORDS})(?![\w/]|[.-]\d)", re.ASCII)


class AgeUnit(StrEnum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Age(NamedTuple):
    number: int
    unit: AgeUnit


@dataclass(frozen=True)
class Written:
    """One date as typed: the days that it may mean, none if there is no such day."""

    days: tuple[date, ...]
    # The same digits may be meant as a phone number ("12-05-80").
    digits: str = ""


@dataclass(frozen=True)
class Found:
    dates: tuple[Written, ...]
    rest: str  # the text without them


def age_on(born: date, today: date) -> Age | None:
    """Whole days, then weeks, then months until somebody is two, then years; None before the birth, and
    where nobody alive can have been born then.

    One born on the 31st is a month older on the 1st where a month has no such day.
    """
    days = (today - born).days
    if days < 0 or born < EARLIEST_BIRTH:
        return None
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if days < MOST_DAYS:
        return Age(days, AgeUnit.DAYS)
    if months < MOST_WEEKS_IN_MONTHS:
        return Age(days // 7, AgeUnit.WEEKS)
    if months < MOST_MONTHS:
        return Age(months, AgeUnit.MONTHS)
    return Age(months // 12, AgeUnit.YEARS)


def birth_dates(text: str, *, today: date) -> Found:
    """Every date in the text. Day before month; a year of two digits is in this century or the last.

    >>> birth_dates("ana 2.3.80", today=date(2026, 3, 2)).dates[0].days
    (datetime.date(1980, 3, 2),)
    """
    dates = []
    kept, upto = [], 0
    for found in WRITTEN.finditer(text):
        written = _written(found, today)
        if written is not None:
            dates.append(written)
            kept.append(text[upto : found.start()])
            upto = found.end()
    return Found(tuple(dates), " ".join([*kept, text[upto:]]))


def _written(found: re.Match[str], today: date) -> Written | None:
    parts = found.groupdict()
    if parts["iso_year"]:
        return Written(_days(parts["iso_year"], parts["iso_month"], parts["iso_day"], today))
    if parts["run_year"]:
        days = _days(parts["run_year"], parts["run_month"], parts["run_day"], today)
        return Written(days, found.group()) if days else None
    if parts["word"]:
        month = month_of(parts["word"])
        return Written(_days(parts["word_year"], month, parts["word_day"], today)) if month else None
    day, month, year = parts["day"], parts["month"], parts["year"]
    days = _days(year, month, day, today) or _days(year, day, month, today)
    if len(year) == 2 and parts["between"] != "/":
        return Written(days, day + month + year) if days else None
    return Written(days)


def month_of(word: str) -> str:
    """The number of a month, by three letters of its name or more."""
    for number, names in enumerate(MONTHS, 1):
        if any(name.startswith(fold(word)) for name in names):
            return str(number)
    return ""


def _days(year: str, month: str, day: str, today: date) -> tuple[date, ...]:
    this_century = today.year // 100 * 100
    years = [int(year)] if len(year) == 4 else [this_century + int(year), this_century - 100 + int(year)]
    days = []
    for each in years:
        if len(year) == 2 and not today.year - OLDEST <= each <= today.year:
            continue
        with suppress(ValueError):
            days.append(date(each, int(month), int(day)))
    return tuple(days)
