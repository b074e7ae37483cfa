"""What a batch of due notices needs to be decided: a constant number of statements for so many of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from scheduling.models import Appointment, Call, Notice, UnreachableAddress
from scheduling.notices.whose import FORMER, reader_of

State = Notice.State
OF_A_CALL: Final = ("appointment", "at", "words")


def claimable(now: datetime) -> Q:
    """Notices that may be sent at `now`: due, or begun by a process that is gone."""
    begun = Q(state=State.SENDING, lease_ends_at__lte=now)
    return Q(due_at__lte=now) & (Q(state=State.DUE) | begun)


@dataclass(frozen=True)
class Batch:
    """Due notices, and of their visits all that decides what becomes of them, as stored at one moment."""

    notices: Sequence[Notice]
    visits: Mapping[int, Appointment]  # with their people, by key
    of_visit: Mapping[int, Sequence[Notice]]  # all notices of each, due or not
    unreachable: frozenset[tuple[int, str]]  # (patient, address)
    words: Mapping[int, str]  # the clinic's own sentence with the change that a notice tells, by its key


def load(now: datetime, *, most: int, passed_over: Sequence[int] = ()) -> Batch:
    """The notices that wait longest, and with them all other due ones of the same patients. 5 statements."""
    due = Notice.objects.filter(claimable(now)).exclude(pk__in=passed_over)
    first = list(due.order_by("due_at", "pk").values_list("appointment__patient", flat=True)[:most])
    if not first:
        return Batch([], {}, {}, frozenset(), {})
    patients = set(first)
    notices = list(due.filter(appointment__patient__in=patients).select_related(FORMER).order_by("pk"))
    visits = Appointment.objects.with_people().in_bulk({notice.appointment_id for notice in notices})
    of_visit: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.filter(appointment__in=visits).select_related(FORMER).order_by("pk"):
        of_visit[notice.appointment_id].append(notice)
    patients |= {reader_of(notice, visits[notice.appointment_id]).pk for notice in notices}
    marked = UnreachableAddress.objects.filter(patient__in=patients).values_list("patient", "address")
    return Batch(notices, visits, of_visit, frozenset(marked), _words(notices))


def _words(notices: Sequence[Notice]) -> dict[int, str]:
    """Of the very change that a notice tells: a later one has other reasons. Who hears that a visit is not
    theirs is told nothing of it."""
    calls = Call.objects.filter(appointment__in={notice.appointment_id for notice in notices})
    said = {(key, at): words for key, at, words in calls.exclude(words="").values_list(*OF_A_CALL)}
    told = {one.pk: (one.appointment_id, one.created_at) for one in notices if one.former_patient_id is None}
    return {key: said[change] for key, change in told.items() if change in said}
