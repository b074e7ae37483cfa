"""Why a certain time is not free, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from scheduling.booking import openings, rules
from scheduling.booking.openings import Opening
from scheduling.booking.proposal import Proposal
from scheduling.booking.rights import OVERBOOK
from scheduling.forms.fields import uuid_of
from scheduling.forms.find import WhyNotForm
from scheduling.models import Appointment, Doctor, Patient, VisitType
from scheduling.queries import appointments
from scheduling.views.desk.find.page import book_link
from scheduling.views.desk.shared.outline import NOBODY_YET


@dataclass(frozen=True)
class Answer:
    doctor: Doctor
    start: datetime | None
    sentences: Sequence[str]  # none: it is free
    kind: VisitType | None = None
    visit: Appointment | None = None  # that stands there
    link: str = ""  # to book it


def answer(
    form: WhyNotForm, kind_uuid: str | None, patient: Patient | None, *, now: datetime, zone: ZoneInfo
) -> Answer | None:
    """None where nothing was asked, or it cannot be read: then the form says why."""
    if not form.is_bound or not form.is_valid():
        return None
    doctor, day, time = (form.cleaned_data[name] for name in ("doctor", "day", "time"))
    instants, unclear = rules.on_the_clock(datetime.combine(day, time), zone)
    if unclear:
        return Answer(doctor, None, [problem.message for problem in unclear])
    kind = _kind(kind_uuid)
    if kind is None:
        return None
    start = instants[0]
    wish = Proposal(uuid=uuid4(), doctor=doctor, patient=patient or NOBODY_YET, visit_type=kind, start=start)
    problems = openings.why_not(wish, now=now)
    if problems:
        taken = any(problem.right == OVERBOOK for problem in problems)
        visit = appointments.in_the_way(doctor, wish.grains) if taken else None
        return Answer(doctor, start, [problem.message for problem in problems], kind, visit)
    return Answer(
        doctor, start, [], kind, link=book_link(Opening(doctor, start, kind.minutes), kind, patient, zone)
    )


def _kind(uuid: str | None) -> VisitType | None:
    """The type that was wished for, else the shortest: a time too short for that is free for none."""
    types = VisitType.objects.active()
    wanted = uuid_of(uuid)
    chosen = types.filter(uuid=wanted).first() if wanted else None
    return chosen or types.order_by("minutes").first()
