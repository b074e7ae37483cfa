"""Which notices go together in one message, and what holds while they are sent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Notice, Patient
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices import codes
from scheduling.notices.loading import Batch
from scheduling.notices.outgoing import Telling
from scheduling.notices.telling import Told
from scheduling.notices.whose import language_of


def is_being_told(notices: Sequence[Notice], notice: Notice, now: datetime) -> bool:
    """Whether another process is just telling something of the same visit."""
    return any(
        other.pk != notice.pk
        and other.state == Notice.State.SENDING
        and other.lease_ends_at is not None
        and other.lease_ends_at > now
        for other in notices
    )


def by_facts(group: Sequence[Told]) -> list[tuple[dict[str, Any], list[Told]]]:
    """Those that say the same of their visits."""
    alike: dict[str, list[Told]] = defaultdict(list)
    for one in group:
        alike[str(sorted(one.facts.items()))].append(one)
    return [(dict(same[0].facts), same) for same in alike.values()]


def as_seen(group: Sequence[Told]) -> Q:
    """That the visits and their patients are as they were when it was decided."""
    found = Q()
    for one in group:
        visit, patient = one.news.visit, one.patient
        as_seen = Appointment.objects.filter(pk=OuterRef("appointment"), version=visit.version)
        is_wanted = Patient.objects.filter(pk=patient.pk, version=patient.version)
        found |= Q(Exists(as_seen), Exists(is_wanted), appointment=visit.pk)
    return found


def groups(told: Sequence[Told]) -> list[list[Told]]:
    """What goes to one patient in one message: news of the same kind; reminders of visits on the same day."""
    zone = clinic_zone()
    groups: dict[tuple[Any, ...], list[Told]] = defaultdict(list)
    for one in told:
        day = one.news.visit.appointment_datetime.astimezone(zone).date()
        apart: Any = day if one.kind in AT_MOST_ONCE else None
        if one.news.notice.may_know:
            apart = one.news.notice.pk  # under its own name again, for a receiver that has it already
        groups[one.patient.pk, one.channel.name, one.to, one.kind, apart].append(one)
    return [sorted(group, key=lambda one: one.news.visit.appointment_datetime) for group in groups.values()]


def telling(group: Sequence[Told], batch: Batch, now: datetime) -> Telling:
    patient = group[0].patient
    said = {batch.words.get(one.news.notice.pk, "") for one in group}
    return Telling(
        kind=group[0].kind,
        patient=patient,
        news=[one.news for one in group],
        language=language_of(patient),
        code=codes.new_code(now) if group[0].kind in AT_MOST_ONCE else "",
        words=said.pop()
        if len(said) == 1 and group[0].kind in {Notice.Kind.MOVED, Notice.Kind.CANCELLED}
        else "",
    )
