"""Days and times of the day as text, in the reader's language.

A board or a register says a few of them hundreds of times: each is put into words once.
"""

from datetime import date, time
from functools import lru_cache
from typing import Final

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from scheduling.times.recurring import LAST, Rule

# The forms are Django's `date` letters. A language may put them in its own order: "l j \d\e F \d\e Y".
FORMS: Final = {
    "long": pgettext_lazy("form of a long date", "l j F Y"),
    "day": pgettext_lazy("form of a date without its year", "l j F"),
    "plain": pgettext_lazy("form of a date without its weekday", "j F Y"),
    "month": pgettext_lazy("form of a month", "F Y"),
    "numeric": pgettext_lazy("form of a date in figures", "d/m/Y"),
    "short": pgettext_lazy("form of a short date", "D j F"),
    "brief": pgettext_lazy("form of a brief date", "j M Y"),
    "short_with_year": pgettext_lazy("form of a short date with its year", "D j F Y"),
}
OF_EACH_MONTH: Final = {
    1: _("first %(weekday)s of the month"),
    2: _("second %(weekday)s of the month"),
    3: _("third %(weekday)s of the month"),
    4: _("fourth %(weekday)s of the month"),
    LAST: _("last %(weekday)s of the month"),
}
MOST_KEPT: Final = 4096  # texts of days and times; a board says each of them hundreds of times


def day_in_words(day: date, form: str) -> str:
    """A calendar day in one of the `FORMS`, by its name."""
    return _in_words(get_language(), day, form)


def time_in_figures(of_day: time) -> str:
    """12:20"""
    return _in_figures(get_language(), of_day)


def day_and_time(day: str, clock: str) -> str:
    """Both in words already: Tue 3 March, 12:20"""
    return pgettext("date and time", "%(date)s, %(time)s") % {"date": day, "time": clock}


def rhythm_in_words(rule: Rule, weekday: int) -> str:
    """Every 2 weeks; Second Tuesday of the month (weekday 0 is Monday)."""
    if rule.week_of_month is not None:
        words = {"weekday": WEEKDAYS[weekday]}
        return capfirst(str(OF_EACH_MONTH[rule.week_of_month]) % words)
    weeks = rule.every_weeks or 1
    return ngettext("Every week", "Every %(n)s weeks", weeks) % {"n": weeks}


@lru_cache(maxsize=MOST_KEPT)
def _in_words(_language: str | None, day: date, form: str) -> str:
    return formats.date_format(day, str(FORMS[form]))


@lru_cache(maxsize=MOST_KEPT)
def _in_figures(_language: str | None, of_day: time) -> str:
    return formats.time_format(of_day, pgettext("form of a time", "H:i"))
