"""Whether a schedule keeps its promises, read from the appointments themselves as well as from the claims."""

from collections import Counter, defaultdict
from itertools import combinations

from django.db.models import Count

from scheduling.booking import integrity
from scheduling.booking.records import Stale
from scheduling.booking.rules import Refused
from scheduling.models import Appointment, AppointmentEvent, Claim, WorkingHours
from scheduling.times import grid
from tests.conftest import NOW


def faults(now=NOW):
    """What is wrong, as {(kind, what)}; each kind is shown able to fail by one of the controls."""
    visits = list(Appointment.objects.holding_time().select_related("doctor"))
    return {
        *(("lane", claim) for claim in _claimed_twice()),
        *(("doctor", pair) for pair in _doctors_doubles(visits)),
        *(("crowd", doctor) for doctor in _crowded(visits)),
        *(("patient", pair) for pair in _overlapping(visits, "patient_id", _visit)),
        *(("claims", str(problem)) for problem in integrity.problems(now=now)),
        *(("history", uuid) for uuid in _without_their_history()),
    }


def kinds(now=NOW):
    return {kind for kind, _ in faults(now)}


def assert_sound(now=NOW):
    assert faults(now) == set()


def state_of(visit):
    """All that an answer promises."""
    return (visit.uuid, visit.version, visit.appointment_datetime, visit.doctor_id, visit.status)


def attempt(action, *args, **options):
    """What was promised (`state_of`), or the codes of a refusal."""
    try:
        return state_of(action(*args, **options))
    except Refused as refused:
        return refused.codes
    except Stale:
        return frozenset({"stale"})


def promises(answers):
    return [answer for answer in answers if isinstance(answer, tuple)]


def refusals(answers):
    return {answer for answer in answers if isinstance(answer, frozenset)}


def broken_promises(promised):
    """Answers that the stored visits do not bear out: a visit lost or never told of, a change lost or told to
    two people as different things. `promised` holds every state ever answered, from version 1 on."""
    told = defaultdict(dict)
    broken = set()
    for state in promised:
        uuid, version = state[:2]
        if told[uuid].setdefault(version, state) != state:
            broken.add(("told two things", uuid))
    stored = {visit.uuid: state_of(visit) for visit in Appointment.objects.all()}
    broken |= {("nobody was told", uuid) for uuid in stored.keys() - told.keys()}
    broken |= {("lost", uuid) for uuid in told.keys() - stored.keys()}
    for uuid in stored.keys() & told.keys():
        if sorted(told[uuid]) != list(range(1, stored[uuid][1] + 1)):
            broken.add(("a change is lost or was told to nobody", uuid))
        elif told[uuid][stored[uuid][1]] != stored[uuid]:
            broken.add(("stands elsewhere", uuid))
    return broken


def assert_as_promised(promised, now=NOW):
    assert broken_promises(promised) == set()
    assert_sound(now)


def overlapping_hours():
    """Pairs of a doctor's weekly hours (without validity dates) that overlap."""
    rows = WorkingHours.objects.filter(valid_from=None, valid_until=None)
    return [
        (a, b)
        for a, b in combinations(rows, 2)
        if (a.doctor_id, a.weekday) == (b.doctor_id, b.weekday) and a.starts < b.ends and b.starts < a.ends
    ]


def _visit(visit):
    return grid.grains(visit.appointment_datetime, visit.minutes)


def _doctors_time(visit):
    return grid.grains(visit.appointment_datetime, visit.minutes + visit.buffer_minutes)


def _overlapping(visits, owner, time):
    groups = defaultdict(list)
    for visit in visits:
        groups[getattr(visit, owner)].append((visit, time(visit)))
    for group in groups.values():
        for (a, of_a), (b, of_b) in combinations(group, 2):
            if of_a.start < of_b.stop and of_b.start < of_a.stop:
                yield a, b


def _doctors_doubles(visits):
    for a, b in _overlapping(visits, "doctor_id", _doctors_time):
        if not (a.overbook_reason or b.overbook_reason):
            yield a, b


def _crowded(visits):
    """Doctors with more than limit + 1 visits at one time, knowingly or not."""
    at_once = Counter((visit.doctor, grain) for visit in visits for grain in _doctors_time(visit))
    return {doctor for (doctor, _grain), count in at_once.items() if count > doctor.overbook_limit + 1}


def _claimed_twice():
    held = Claim.objects.values_list("doctor_id", "grain", "lane").order_by()
    return held.annotate(times=Count("appointment_id")).filter(times__gt=1)


def _without_their_history():
    """Every change raises the version by one and adds one event."""
    told = AppointmentEvent.objects.values_list("appointment").annotate(Count("pk")).order_by()
    events = dict(told.values_list("appointment", "pk__count"))
    return [v.uuid for v in Appointment.objects.all() if events.get(v.pk, 0) != v.version]
