"""Ages in whole years: on a day, and the days on which limits hold them. Standard library only."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from scheduling.matching.birth_dates import EARLIEST_BIRTH

MOST_YEARS: Final = 150  # of a limit


class Ages(NamedTuple):
    """Limits in whole years, both counted; None: none."""

    youngest: int | None = None
    oldest: int | None = None

    def hold(self, age: int | None) -> bool:
        """Whether the age (years) is within them; one that is not known is."""
        return age is None or (
            (self.youngest is None or age >= self.youngest) and (self.oldest is None or age <= self.oldest)
        )


ANY_AGE: Final = Ages()


def years_on(born: date | None, day: date) -> int | None:
    """How old somebody is on a day; None where no birth date is known, and where it can't be right.

    Somebody born on 29 February is a year older on 1 March where there is no such day.
    """
    if born is None or not EARLIEST_BIRTH <= born <= day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def days_within(born: date | None, ages: Ages, first: date, last: date) -> tuple[date, date] | None:
    """The first and the last of the days from `first` to `last` on which the limits hold `years_on`; None
    where they hold on none of them."""
    if years_on(born, first) is None or born is None:
        return first, last  # not known yet: nothing is kept from whoever may come
    if ages.youngest is not None:
        first = max(first, _birthday(born, ages.youngest))
    if ages.oldest is not None:
        after = _birthday(born, ages.oldest + 1)
        last = last if last < after else after - timedelta(days=1)
    return (first, last) if first <= last else None


def _birthday(born: date, years: int) -> date:
    """The day on which somebody is so old; the last of the calendar where that is beyond it."""
    year = born.year + years
    if year > date.max.year:
        return date.max
    try:
        return born.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)
