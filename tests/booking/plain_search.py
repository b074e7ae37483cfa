"""The search for free times as plainly as it can be said: every claim fetched, every grain walked over.

Slow, and without statements, bits or shortcuts of its own: the real one is compared with it.
"""

from collections import defaultdict
from datetime import timedelta

from scheduling.booking import open_time, openings
from scheduling.models import Claim
from scheduling.times import grid, slots
from scheduling.times.intervals import Interval


def plain_starts(within, taken, *, length, buffer=0, earliest=0):
    """From the beginning of each free stretch of `within` in steps of the visit and its buffer."""
    grain, begun = within.start, None  # where the free stretch began
    while grain < within.stop:
        if grain in taken:
            begun = None
        elif begun is None:
            begun = grain
        if begun is not None and (grain - begun) % (length + buffer) == 0:
            visit, after = range(grain, grain + length), range(grain + length, grain + length + buffer)
            lies_within = visit.stop <= within.stop
            if grain >= earliest and lies_within and taken.isdisjoint(visit) and taken.isdisjoint(after):
                yield grain
        grain += 1


def free(doctors, span, now, *, minutes, buffer_minutes, source, hours, moving=None):
    """[(place of the doctor, aware UTC start)], of one doctor after the other."""
    length = -(-minutes // 5)
    buffer = -(-(minutes + buffer_minutes) // 5) - length
    taken = defaultdict(set)
    claims = Claim.objects.exclude(appointment__uuid=moving) if moving else Claim.objects.all()
    for doctor, grain in claims.values_list("doctor_id", "grain"):
        taken[doctor].add(grain)
    known = open_time.days_around(span, hours.zone)
    found = []
    for place, doctor in enumerate(doctors):
        for session in hours.open(doctor.pk, open_time.days_of(known, hours.zone)):
            reaches = session.start < span.end and span.start < session.end
            cut = Interval(max(session.start, known.start), min(session.end, known.end))
            if doctor.is_active and reaches:
                within = slots.whole_grains(cut)
                starts = plain_starts(within, taken[doctor.pk], length=length, buffer=buffer)
                found += [(place, grid.instant_of(start)) for start in starts]
    return [(place, start) for place, start in found if span.start <= start < span.end]


def soonest(doctors, span, now, *, wishes, count, most_days=None, **asked):
    """What `openings.look` answers: [(doctor, start)], up to when was looked, and whether that is all."""
    asked_for, span = span, openings._bookable(span, asked["source"], now)
    if span.start >= span.end:
        return [], min(asked_for.end, span.end), False
    hours = open_time.load([doctor.pk for doctor in doctors], span)
    found, until, spent = [], span.start, timedelta(0)
    for window in openings.windows(span, hours):
        fitting = [
            (place, start)
            for place, start in free(doctors, window, now, hours=hours, **asked)
            if wishes.fits(start.astimezone(hours.zone))
        ]
        found += sorted(fitting, key=lambda each: each[1])
        until, spent = window.end, spent + (window.end - window.start) * len(doctors)
        if len(found) >= count or (most_days is not None and spent >= timedelta(days=most_days)):
            break
    return [(doctors[place], start) for place, start in found[:count]], until, until < span.end
