"""A board's column in words and in markup. What is made of the same as before is not made again: everybody's
board is asked for anew after each change, and a change is in one column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from django.template import engines
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from scheduling.addresses import absence
from scheduling.booking import fitting
from scheduling.forms.board import Choice
from scheduling.queries.board import KEPT, Column
from scheduling.templatetags.clinic import day_date, long_date
from scheduling.templatetags.include_jinja import ENGINE
from scheduling.times.intervals import Interval
from scheduling.views.desk.board.entries import Circumstances, ColumnOf, Entries, Entry, Shut
from scheduling.views.desk.board.strips import strip_of

NOT_WRITTEN: Final = SafeString()


class FirstFree(NamedTuple):
    """The first free start of a column."""

    href: str  # empty for those who may not take it
    time: str
    starts: int  # how many there are


class Which(NamedTuple):
    """Which of a board's columns it is, and for whom."""

    day: date
    span: Interval  # the day's, in UTC
    is_today: bool
    is_past: bool
    is_week: bool  # a column is a day of one doctor, and not a doctor of one day
    may_set_hours: bool
    may_change: bool  # who has to be told, and where they could go


@dataclass(frozen=True)
class ShownColumn:
    """A doctor's day: all that `templates/jinja/desk/board/column.html` says of it, and then the markup."""

    key: str  # for the id of its section
    title: str
    title_href: str
    subtitle: str
    of: str  # what paper says beside the title: the day of a doctor, or the doctor of a day
    whose: ColumnOf
    which: Which
    entries: Sequence[Entry]
    first_free: FirstFree | None
    to_tell: str  # the list of those who stand in time off; empty where there are none, or for whom it is not
    load: int  # per cent, in steps of 5
    lanes: int
    day: Column
    time_off: Sequence[Shut]  # reasons and times, also said at the column's head: a visit may cover them
    misfit: str  # why the doctor could not take the visit that is moved; empty where they could
    strip: str  # the word for why it is folded to a narrow strip; empty where it is not
    markup: SafeString = NOT_WRITTEN
    link: SafeString = NOT_WRITTEN  # to the column, above a board that shows one at a time

    @property
    def is_today_of_week(self) -> bool:
        """Whether it has to be told from the other days of its week."""
        return self.which.is_week and self.which.is_today

    @property
    def is_for_hours(self) -> bool:
        """Whether its strip leads to the doctor's hours, as none were ever recorded."""
        return bool(self.strip) and not self.day.has_hours and self.which.may_set_hours

    @property
    def may_be_full(self) -> bool:
        return self.day.works and self.whose.is_active and not self.which.is_past


class Writer(Entries):
    """Writes the columns of one request; two are equal where they write the same of the same."""

    @cached_property
    def _macros(self) -> Any:
        # The words that all columns share are translated once, here.
        template: Any = engines[ENGINE].get_template("desk/board/column.html")
        return template.template.make_module()

    def write(self, column: ShownColumn) -> ShownColumn:
        markup, link = self._macros.column_markup(column), self._macros.link_to(column)
        return replace(column, markup=mark_safe(markup), link=mark_safe(link))  # noqa: S308  (Jinja2 has escaped it)


@lru_cache(KEPT)
def shown_column(
    column: Column, whose: ColumnOf, which: Which, writer: Writer, circumstances: Circumstances
) -> ShownColumn:
    """Kept for as long as its arguments stay the same: whatever it says is in one of them."""
    first = column.free[0].start if column.free else None
    if which.is_week:
        key, title, href = which.day.isoformat(), day_date(which.day), reverse("desk:day", args=[which.day])
        subtitle, of = "", whose.name
    else:
        key, title = str(whose.uuid), whose.name
        href = reverse("desk:week", args=[whose.uuid, which.day])
        subtitle, of = whose.specialty, long_date(which.day)
    href = Choice(moving=writer.moving).at(href)
    entries = writer.of(column, whose, which.day, which.span, circumstances)
    column_in_words = ShownColumn(
        key,
        title,
        href,
        subtitle,
        of,
        whose,
        which,
        entries=entries,
        first_free=FirstFree(writer.book_at(whose.uuid, first), writer.clock(first), len(column.free))
        if first
        else None,
        to_tell=absence(whose.uuid, which.day, which.day) if which.may_change and column.in_time_off else "",
        load=column.load // 5 * 5,
        lanes=max((placed.beside.lanes for placed in column.entries), default=1),
        day=column,
        time_off=[entry for entry in entries if isinstance(entry, Shut) and entry.is_time_off],
        misfit=_misfit(circumstances.misfit),
        strip=_strip(column, which, whose),
    )
    return writer.write(column_in_words)


def _misfit(misfit: str) -> str:
    if not misfit:
        return ""
    return _("does not give this type") if misfit == fitting.NOT_GIVEN else _("not for this age")


def _strip(column: Column, which: Which, whose: ColumnOf) -> str:
    """Of a week without any hours each day says so: there is nothing beside which it could fold."""
    if which.is_week:
        return strip_of(column, which.span, otherwise=_("not in")) if column.has_hours else ""
    otherwise = _("not in today") if which.is_today else _("not in")
    return strip_of(column, which.span, otherwise=otherwise, is_active=whose.is_active)
