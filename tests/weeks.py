"""Whole weeks for tests: read, and put in place at once as the desk does day by day."""

from scheduling.booking import hours, open_time
from scheduling.booking.change import Change


def week_of(doctor):
    """All weekly hours of the doctor, of the past and the future too."""
    return list(hours._rows_of(doctor))


def replace_week(doctor, week, *, now, by=None, dry_run=False):
    """Make these the doctor's weekly hours, in place of all that were; the visits that this strands."""
    problems = hours.week_problems(week)
    if problems:
        raise hours.Refused(*problems)
    change = Change(by=by, now=now)

    def write():
        hours._write_week(doctor, week, hours._rows_of(doctor), change)

    return hours._stranding(doctor, write, now=now, dry_run=dry_run)


def open_hours(doctors, span):
    """Open time of each doctor (by key) that touches the span, not cut at its ends: 1 query."""
    known = open_time.load([doctor.pk for doctor in doctors], span)
    days = open_time.session_days(span, known.zone)
    return {
        doctor.pk: [i for i in known.open(doctor.pk, days) if i.start < span.end and span.start < i.end]
        for doctor in doctors
    }
