"""Why a correction was not saved, and the ways out: who is in the way, free times, the length as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from accounts.models import User
from scheduling.booking import openings, states
from scheduling.booking.actions import Edit, Refused
from scheduling.booking.proposal import Proposal
from scheduling.booking.rights import OVERBOOK, rights_of
from scheduling.booking.together import NotTogether
from scheduling.clock import clinic_zone
from scheduling.models import Appointment
from scheduling.queries import appointments
from scheduling.templatetags.clinic import clock
from scheduling.views.desk.shared import offers as free_times
from scheduling.views.desk.shared import refused_together
from scheduling.views.desk.shared.offers import Offer
from scheduling.views.desk.visit.page import NotDone


@dataclass(frozen=True)
class Answer:
    """What the page says of a refusal, by the names that its template has."""

    refusal: NotDone | None = None
    offers: Sequence[Offer] = ()
    going_past: str = ""  # the codes that this person may knowingly go past
    keeps: int | None = None  # minutes: the length that it has, which fits
    fitting: int = 0  # of several visits, how many fit
    left_out: Sequence[Appointment] = ()  # then the others


NOT_ASKED: Final = Answer()


def of(visit: Appointment, asked: Edit, refused: Refused, *, account: User, now: datetime) -> Answer:
    """The engine's answer to a correction, with what helps."""
    wished = asked.proposal(visit)
    problems = refused.problems
    is_about_time = any(problem.field in {"start", "doctor", "minutes"} for problem in problems)
    is_about_time = is_about_time and "minutes_out_of_range" not in refused.codes
    sentences = [problem.message for problem in problems]
    sentences.append(_("Nothing is saved yet, and all you typed is kept."))
    rights = rights_of(account) - {OVERBOOK}
    soft = [problem.code for problem in problems if problem.right in rights]
    going_past = " ".join(soft) if len(soft) == len(problems) else ""
    if not is_about_time and "patient_taken" not in refused.codes:
        return Answer(NotDone(_("Nothing is saved yet"), sentences), going_past=going_past)
    taken = refused.codes & {"doctor_taken", "buffer", "patient_taken"}
    in_the_way = appointments.in_the_way_of(_standing(visit, asked, wished)) if taken else []
    may_move = visit.status in states.MOVABLE and "length_stands" not in refused.codes
    nearest = openings.nearest(wished, now=now, moving=visit) if may_move else []
    return Answer(
        NotDone(_heading(visit, wished, refused), sentences, in_the_way),
        free_times.grouped(nearest, wished, now=now, zone=clinic_zone()),
        going_past,
        visit.minutes if is_about_time and wished.minutes > visit.minutes else None,
    )


def of_many(
    visit: Appointment, asked: Edit, visits: Sequence[Appointment], refused: NotTogether, now: datetime
) -> Answer:
    """The same for the visit and others of its series, all of which were asked for: each reason once."""
    problems = [problem for found in refused.in_the_way.values() for problem in found]
    is_longer = asked.proposal(visit).minutes > visit.minutes
    is_about_time = all(problem.field in {"start", "doctor", "minutes"} for problem in problems)
    has_more = replace(asked, minutes=None) != Edit()
    left_out = [one for one in visits if one.uuid in refused.in_the_way]
    return Answer(
        NotDone(_("Nothing is saved yet"), refused_together.why_not(visits, refused.in_the_way, now)),
        keeps=visit.minutes if is_longer and is_about_time and has_more else None,
        fitting=len(visits) - len(left_out),
        left_out=left_out,
    )


def _heading(visit: Appointment, wished: Proposal, refused: Refused) -> str:
    words = {"n": wished.minutes, "time": clock(wished.start), "patient": wished.patient.full_name}
    if any(problem.field == "patient" for problem in refused.problems):
        return _("%(patient)s has another visit at %(time)s") % words
    if "length_stands" in refused.codes:
        return _("Nothing is saved yet")
    if wished.minutes == visit.minutes and wished.start == visit.appointment_datetime:
        return _("The time that this type needs after the visit is not free")
    return _("%(n)s minutes do not fit at %(time)s") % words


def _standing(visit: Appointment, asked: Edit, wished: Proposal) -> Appointment:
    """The visit as it would stand, unsaved: what is in its way is looked for."""
    return Appointment(
        pk=visit.pk,
        doctor=wished.doctor,
        patient=asked.patient or visit.patient,
        appointment_datetime=wished.start,
        minutes=wished.minutes,
        buffer_minutes=wished.buffer_minutes,
    )
