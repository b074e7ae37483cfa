"""Who isn't in on a day has their place on its board all the same: a narrow strip, with a word for why."""

from django.utils.translation import gettext as _

from scheduling.queries.board import Column, Off
from scheduling.times.intervals import Interval


def strip_of(column: Column, span: Interval, *, is_today: bool, is_active: bool) -> str:
    """The word of the strip; empty where somebody is in, or a visit stands that has to be seen."""
    if column.is_in or column.has_visits:
        return ""
    if not is_active:
        return _("switched off")
    if not column.has_hours:
        return _("no hours recorded")
    # Of several the longest, and of the whole clinic before the doctor's own.
    offs = [placed.entry for placed in column.entries if isinstance(placed.entry, Off)]
    offs = [off for off in offs if column.works or (off.start <= span.start and off.end >= span.end)]
    if offs:
        return _why(max(offs, key=lambda off: (off.of_clinic, off.end - off.start)))
    return _("not in today") if is_today else _("not in")


def _why(off: Off) -> str:
    if off.of_clinic:
        return _("closed: %(reason)s") % {"reason": off.reason} if off.reason else _("closed")
    return _("time off: %(reason)s") % {"reason": off.reason} if off.reason else _("time off")
