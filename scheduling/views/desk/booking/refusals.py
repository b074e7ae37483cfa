"""Why nothing was booked, and the ways out that this person has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from scheduling.booking import lanes
from scheduling.booking.proposal import Proposal
from scheduling.booking.rights import OUTSIDE_HOURS, OVERBOOK, rights_of
from scheduling.booking.rules import Refused
from scheduling.forms import overrides
from scheduling.forms.booking import BookingForm
from scheduling.models import Appointment, Patient
from scheduling.queries import appointments
from scheduling.templatetags.clinic import clock

# Field by field in the order of the page, for the list of what is missing.
ORDER: Final = ("patient", "visit_type", "doctor", "day", "time", "description", "status", "overbook_reason")
GROUPS: Final = {"patient": "patient-choice", "visit_type": "visit-type-choice", "status": "status-choice"}
TAKEN: Final = frozenset({"doctor_taken", "buffer"})
# What may stand beside "taken" and still leave the way of overbooking open.
ABOUT_OVERBOOKING: Final = frozenset({"reason_missing", "reason_too_long", "overbook_limit"})
A_MOMENT: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Complaint:
    """One thing that stands in the way, and where on the page it can be changed."""

    message: str
    anchor: str = ""


@dataclass(frozen=True)
class Override:
    """Something that may knowingly be gone past: a box to tick, for this doctor and this start."""

    name: str
    value: str
    label: str
    is_ticked: bool = False


@dataclass(frozen=True)
class Beside:
    """A second visit at a taken time: how many places the doctor has for that, and how many are free."""

    free: int
    limit: int


@dataclass
class Refusal:
    """Why nothing was booked."""

    heading: str
    sentence: str
    complaints: Sequence[Complaint] = field(default_factory=list)
    is_about_time: bool = False
    stands_already: bool = False
    may_go_past: Sequence[str] = ()  # codes
    beside: Beside | None = None
    asks_manager: bool = False  # somebody with more rights could go past it
    other: Appointment | None = None  # of the same patient, at the same time


def complaints(form: BookingForm) -> list[Complaint]:
    """Everything that the form could not read, in the order of the page."""
    found = [Complaint(str(message)) for message in form.non_field_errors()]
    for name in ORDER:
        anchor = GROUPS.get(name) or form[name].auto_id
        found += [Complaint(str(message), anchor) for message in form.errors.get(name, [])]
        if name == "patient" and form.is_for_new_patient:
            for bound in form.new_patient:
                found += [Complaint(str(message), bound.auto_id) for message in bound.errors]
    found += [Complaint(str(message)) for message in form.errors.get("uuid", [])]
    return found


def unreadable(form: BookingForm) -> Refusal:
    return Refusal(_("Nothing was booked yet"), _("Everything you typed is kept."), complaints(form))


def refusal(
    refused: Refused, proposal: Proposal, form: BookingForm, *, reader: User, now: datetime
) -> Refusal:
    """The engine's answer to whoever asked. The form's fields carry its problems already."""
    if refused.codes == {"already_booked"}:
        again = _("To book this as one more visit, press the button once more.")
        return Refusal(_("This form was booked before"), again, complaints(form), stands_already=True)
    other = _other_of(refused, proposal)
    heading, before = _heading(refused, proposal, other, reader, now)
    kept = _("Nothing was booked for %(patient)s. Everything you typed is kept.")
    words = [before, kept % {"patient": proposal.patient.full_name}]
    is_about_time = any(problem.field == "start" for problem in refused.problems)
    if is_about_time:
        words.append(_("Choose a free time and it is booked with the same details."))
    answer = Refusal(heading, " ".join(filter(None, words)), is_about_time=is_about_time, other=other)
    if refused.codes not in ({"doctor_taken"}, {"patient_taken"}):  # the heading says it all
        answer.complaints = complaints(form)
    _ways_out(answer, refused, proposal, rights_of(reader))
    return answer


def _heading(
    refused: Refused, proposal: Proposal, other: Appointment | None, reader: User, now: datetime
) -> tuple[str, str]:
    """The heading, and what is known of how it came."""
    patient, doctor = proposal.patient.full_name, proposal.doctor.doctor_name
    words = {"time": clock(proposal.start), "doctor": doctor, "patient": patient}
    match sorted(refused.codes - ABOUT_OVERBOOKING) or sorted(refused.codes):
        case ["doctor_taken"]:
            return _taken(proposal, words, reader, now)
        case ["buffer"]:
            heading = _("%(doctor)s needs the time at %(time)s after another visit") % words
            return heading, ""
        case ["patient_taken"]:
            return _elsewhere(other, words), ""
        case ["outside_hours"]:
            return _("%(time)s is outside the hours of %(doctor)s") % words, ""
        case ["time_off"]:
            return _("%(doctor)s has time off at %(time)s") % words, ""
        case ["overbook_limit"]:
            return _("No second visit fits in at %(time)s with %(doctor)s") % words, ""
        case ["reason_missing"] | ["reason_too_long"]:
            return _("%(time)s with %(doctor)s is taken") % words, ""
    return _("Nothing was booked yet"), ""


def _elsewhere(other: Appointment | None, words: dict[str, str]) -> str:
    """When and with whom the patient's other visit is; it need not begin at the wished time."""
    if other is None:  # it is gone by now
        return _("%(patient)s has another visit at %(time)s") % words
    said = {"time": clock(other.appointment_datetime), "doctor": other.doctor.doctor_name}
    return _("%(patient)s has another visit at %(time)s with %(doctor)s") % (words | said)


def _other_of(refused: Refused, proposal: Proposal) -> Appointment | None:
    """The visit of the patient that is in the way, where that is what is wrong."""
    if "patient_taken" not in refused.codes or not isinstance(proposal.patient, Patient):
        return None
    return appointments.in_the_way_of_patient(proposal.patient, proposal.visit_grains)


def _taken(proposal: Proposal, words: dict[str, str], reader: User, now: datetime) -> tuple[str, str]:
    """ "Just taken" only where that is so: else the time was taken long before it was typed."""
    other = appointments.in_the_way(proposal.doctor, proposal.grains)
    if other is None or now - other.created_at > A_MOMENT:
        return _("%(time)s with %(doctor)s is taken") % words, ""
    heading = _("%(time)s with %(doctor)s was just taken") % words
    if other.created_by is None:
        return heading, _("It was booked at %(time)s.") % {"time": clock(other.created_at)}
    if other.created_by == reader:
        return heading, _("You booked it at %(time)s.") % {"time": clock(other.created_at)}
    by = {"name": other.created_by.spoken_name, "time": clock(other.created_at)}
    return heading, _("%(name)s booked it at %(time)s.") % by


def _ways_out(answer: Refusal, refused: Refused, proposal: Proposal, rights: frozenset[str]) -> None:
    """What this person may knowingly do all the same."""
    past_hours = [problem for problem in refused.problems if problem.right == OUTSIDE_HOURS]
    if past_hours and OUTSIDE_HOURS in rights:
        answer.may_go_past = [problem.code for problem in past_hours]
    beside = refused.codes & (TAKEN | ABOUT_OVERBOOKING)
    rest = refused.codes - TAKEN - ABOUT_OVERBOOKING - set(overrides.CODES)
    if beside and not rest and OVERBOOK in rights:
        answer.beside = Beside(lanes.free_beside(proposal), proposal.doctor.overbook_limit)
    wanted = {problem.right for problem in refused.problems if problem.right}
    answer.asks_manager = bool(wanted - set(rights))


def boxes(wish: Proposal | None, typed: Mapping[str, Any], refusal: Refusal | None) -> list[Override]:
    """What was ticked for this doctor and this start, which stays ticked, and what may be."""
    if wish is None:
        return []
    ticked = overrides.accepted(typed, wish)
    offered = refusal.may_go_past if refusal else ()
    kind = wish.visit_type.name if wish.visit_type else ""
    words = {"doctor": wish.doctor.doctor_name, "time": clock(wish.start), "type": kind}
    labels = {
        "type_not_given": _("Book %(type)s although %(doctor)s does not give it"),
        "type_not_for_age": _("Book %(type)s although it is not for this age"),
        "doctor_not_for_age": _("Book with %(doctor)s although the age does not fit"),
        "no_hours": _("Book %(time)s although %(doctor)s has no working hours"),
        "outside_hours": _("Book %(time)s outside the hours of %(doctor)s"),
        "time_off": _("Book %(time)s in the time off of %(doctor)s"),
    }
    return [
        Override(
            overrides.field_of(code), overrides.tick_value(code, wish), labels[code] % words, code in ticked
        )
        for code in overrides.CODES
        if code in ticked or code in offered
    ]
