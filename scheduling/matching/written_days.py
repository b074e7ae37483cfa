"""A calendar day in what somebody types into a field for one, in any usual writing. Pure.

The search reads birth dates among other words (`birth_dates`); here the whole text is one day.
"""

import re
from contextlib import suppress
from datetime import date
from typing import Final

from scheduling.matching.birth_dates import month_of

YEAR: Final = r"(?P<year>\d{4}|\d{2})"
YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})", re.ASCII
)
DAY_FIRST: Final = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(?P<day>\d{{1,2}})\s*[-/.\s]\s*(?P<month>\d{{1,2}})(?:\s*[-/.\s]\s*{YEAR}|[-/.]?)",
        rf"(?P<day>\d{{2}})(?P<month>\d{{2}}){YEAR}",
        rf"(?P<day>\d{{1,2}})\.?\s*(?:de\s+)?(?P<word>[^\W\d_]{{3,}})\.?,?(?:\s*(?:del?\s+)?{YEAR})?",
    )
)


def day_of(text: str, *, today: date | None, is_birth: bool = False) -> date | None:
    """The day that is meant; None where none is.

    Day before month, unless only the other order is one ("12/25/1985"). A year of two digits is of this
    century, of a birth the last one that has been. Without a year it is the next such day from today on; a
    birth needs its year. Where no `today` is given, only whole years are read.

    >>> day_of("18.8.92", today=date(2026, 3, 2), is_birth=True)
    datetime.date(1992, 8, 18)
    """
    text = " ".join(text.split())
    for form in (YEAR_FIRST, *DAY_FIRST):
        found = form.fullmatch(text)
        if found is None:
            continue
        parts = found.groupdict()
        month, day = parts.get("month") or month_of(parts.get("word") or "-"), parts["day"]
        if not month:
            return None
        years = _years(parts["year"] or "", today, is_birth=is_birth)
        in_order = _first(years, int(month), int(day), today, is_birth=is_birth)
        if in_order or parts.get("word") or form is YEAR_FIRST:
            return in_order
        return _first(years, int(day), int(month), today, is_birth=is_birth)
    return None


def _years(written: str, today: date | None, *, is_birth: bool) -> list[int]:
    """Those that may be meant, the likeliest first."""
    if len(written) == 4:
        return [int(written)]
    if today is None:
        return []
    if not written:
        return [] if is_birth else list(range(today.year, today.year + 9))  # the next 29 February
    this_century = today.year // 100 * 100 + int(written)
    return [this_century, this_century - 100] if is_birth else [this_century]


def _first(years: list[int], month: int, day: int, today: date | None, *, is_birth: bool) -> date | None:
    for year in years:
        with suppress(ValueError):
            found = date(year, month, day)
            if len(years) == 1 or today is None or found == today or (found < today) == is_birth:
                return found
    return None
