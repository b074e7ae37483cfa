"""Who isn't in on a day has their place on its board all the same: a narrow strip, with a word for why.
So has a closed day in a doctor's week."""

from django.utils.translation import gettext as _

from scheduling.queries.board import Column, Off
from scheduling.times.intervals import Interval


def time_off_that_counts(column: Column, span: Interval) -> list[Off]:
    """Why somebody isn't in: time off in working hours, or all day long; no meeting on a free day."""
    offs = (placed.entry for placed in column.entries if isinstance(placed.entry, Off))
    return [off for off in offs if column.works or (off.start <= span.start and off.end >= span.end)]


def strip_of(column: Column, span: Interval, *, otherwise: str, is_active: bool = True) -> str:
    """The word of the strip; empty where somebody is in, or a visit or a block stands that has to be seen.
    `otherwise`: where there is no reason but their hours."""
    offs = time_off_that_counts(column, span)
    if column.is_in or column.has_visits or column.has_block:
        return ""
    if not is_active:
        return _("switched off")
    if not column.has_hours:
        return _("no hours recorded")
    if offs:  # of several the longest, and the whole clinic's before the doctor's own
        return _why(max(offs, key=lambda off: (off.of_clinic, off.end - off.start)))
    return otherwise


def _why(off: Off) -> str:
    if off.of_clinic:
        return _("closed: %(reason)s") % {"reason": off.reason} if off.reason else _("closed")
    return _("time off: %(reason)s") % {"reason": off.reason} if off.reason else _("time off")
