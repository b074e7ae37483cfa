"""What the booking page says around its form: the patients found, the summary, why nothing was booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from scheduling import names
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rules import Refused
from scheduling.forms.booking import NEW_PATIENT, BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.models import Doctor, Patient, VisitType
from scheduling.queries import patients
from scheduling.queries.patients import Hit
from scheduling.templatetags.clinic import clock

# Field by field in the order of the page, for the list of what is missing.
ORDER = ("patient", "visit_type", "doctor", "day", "time", "description", "status")


@dataclass(frozen=True)
class Outline:
    """As much as is known of the visit so far."""

    patient: str
    doctor: Doctor | None
    visit_type: VisitType | None
    day: date | None
    start: datetime | None

    @property
    def end(self) -> datetime | None:
        if self.start is None or self.visit_type is None:
            return None
        return self.start + timedelta(minutes=self.visit_type.minutes)


@dataclass(frozen=True)
class Complaint:
    """One thing that stands in the way, and where on the page it can be changed."""

    message: str
    anchor: str = ""


@dataclass
class Refusal:
    """Why nothing was booked."""

    heading: str
    sentence: str
    complaints: Sequence[Complaint] = field(default_factory=list)
    is_taken: bool = False
    stands_already: bool = False


def outline(values: Mapping[str, Any], *, now: datetime) -> Outline:
    """Whatever of the form's values can be read; the rest is None."""
    form = BookingForm(values, now=now)
    form.full_clean()
    known = form.cleaned_data
    patient = known.get("patient", "")
    if patient == NEW_PATIENT:
        typed = (form.new_patient[part].value() or "" for part in ("patient_name", "patient_lastname"))
        name = names.squash(" ".join(typed)) or _("new patient")
    else:
        name = patient.full_name if isinstance(patient, Patient) else ""
    return Outline(name, known.get("doctor"), known.get("visit_type"), known.get("day"), known.get("start"))


def hits(values: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The patients to choose from: the one chosen before, then those who match what was typed."""
    text, chosen = str(values.get("q") or "")[:200], str(values.get("patient") or "")
    found, uuid = patients.search(text, now=now), uuid_of(chosen)
    others = [hit for hit in found.hits if str(hit.uuid) != chosen]
    guess = names.split(names.in_spoken_order(text))
    return {
        "query": text,
        "chosen": chosen,
        "kept": None if uuid is None else patients.hit_of(uuid, now=now),
        "hits": others,
        "count": len(found.hits),
        "more": found.more,
        "guess": guess,
        "is_searched": bool(text.strip()),
    }


def twins(proposal: Proposal, *, now: datetime) -> list[Hit]:
    """Patients on record who may be the new one."""
    new = proposal.patient
    return patients.twins(new.full_name, new.date_of_birth, now=now) if isinstance(new, NewPatient) else []


def complaints(form: BookingForm) -> list[Complaint]:
    """Everything that the form could not read, in the order of the page."""
    found = [Complaint(str(message)) for message in form.non_field_errors()]
    for name in ORDER:
        found += [Complaint(str(message), _anchor(form, name)) for message in form.errors.get(name, [])]
        if name == "patient" and form.is_for_new_patient:
            for bound in form.new_patient:
                found += [Complaint(str(message), bound.auto_id) for message in bound.errors]
    found += [Complaint(str(message)) for message in form.errors.get("uuid", [])]
    return found


def _anchor(form: BookingForm, name: str) -> str:
    """The element's id to jump to; of a group of choices the group."""
    groups = {"patient": "patient-choice", "visit_type": "visit-type-choice", "status": "status-choice"}
    return groups.get(name, form[name].auto_id)


def unreadable(form: BookingForm) -> Refusal:
    return Refusal(_("Nothing was booked yet"), _("Everything you typed is kept."), complaints(form))


def refusal(refused: Refused, proposal: Proposal, form: BookingForm) -> Refusal:
    """The engine's answer. The form's fields carry its problems already."""
    name, at = proposal.patient.full_name, clock(proposal.start)
    kept = _("Nothing was booked for %(patient)s. Everything you typed is kept.") % {"patient": name}
    others = _("Choose a free time and it is booked with the same details.")
    if refused.codes == {"already_booked"}:
        again = _("To book this as one more visit, press the button once more.")
        return Refusal(_("This form was booked before"), again, complaints(form), stands_already=True)
    if refused.codes == {"doctor_taken"}:
        words = {"time": at, "doctor": proposal.doctor.doctor_name}
        return Refusal(_("%(time)s with %(doctor)s is taken") % words, f"{kept} {others}", is_taken=True)
    if refused.codes == {"patient_taken"}:
        words = {"time": at, "patient": name}
        heading = _("%(patient)s has another visit at %(time)s") % words
        return Refusal(heading, f"{kept} {others}", is_taken=True)
    return Refusal(_("Nothing was booked yet"), kept, complaints(form))
