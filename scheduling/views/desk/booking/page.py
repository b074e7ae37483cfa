"""What the booking page says around its form: the patients found, the summary, the twins, where to begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from scheduling.booking.proposal import NewPatient
from scheduling.forms import overrides
from scheduling.forms.booking import NEW_PATIENT, BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.matching import names
from scheduling.matching.names import SplitName
from scheduling.models import Patient
from scheduling.queries import doctors, patients, suspects, usual
from scheduling.queries.patients import Hit
from scheduling.queries.suspects import Suspect
from scheduling.views.desk.booking.refusals import Override, Refusal
from scheduling.views.desk.shared.offers import Times
from scheduling.views.desk.shared.outline import Outline

# Something of a person: a time or a doctor alone is quicker chosen again than found again.
WORTH_KEEPING: Final = ("patient", "patient_name", "patient_lastname", "phone", "description", "q")


@dataclass(frozen=True)
class PatientSearch:
    """What the search for a patient came to."""

    query: str
    kept: Hit | None  # who was chosen before
    hits: Sequence[Hit]  # the others who match
    count: int  # of those who match
    more: bool  # there are others that were left out
    is_close: bool  # nobody has what was typed; these have something like it
    guess: SplitName  # how the text would be parted for a new patient

    @property
    def is_searched(self) -> bool:
        return bool(self.query.strip())


@dataclass(frozen=True)
class BookingPage:
    """Everything that the booking page says around its form."""

    form: BookingForm
    outline: Outline
    search: PatientSearch
    times: Times
    twins: Sequence[Suspect]  # who may be the new patient
    told_apart: str  # of whom it was said that they are somebody else, as the form carries them
    overrides: Sequence[Override]
    may_add_patient: bool
    notes: Sequence[str | Promise] = ()  # what of a link could not be followed
    proposed: str = ""  # the names of the fields that were filled in as the last time
    refusal: Refusal | None = None
    earlier: UUID | None = None  # the visit that this form booked before
    is_refused: bool = False  # nothing was booked because of the twins
    is_after_search: bool = False  # "Find" was pressed

    @property
    def focus(self) -> str:
        """Where the page puts the focus: at the first thing that needs the person."""
        if self.refusal or self.notes or (self.twins and self.is_refused):
            return "alert"
        if self.is_after_search:
            return "hit" if self.search.hits else "new"
        if not self.outline.patient:
            return "q"
        if self.outline.visit_type is None:
            return "visit_type"
        return "description" if self.outline.start else "times"

    @property
    def context(self) -> dict[str, Any]:
        """For the template, whose pieces are shared with the answers of `parts`."""
        return vars(self) | {
            "new_patient": self.form.new_patient,
            "focus": self.focus,
            "worth_keeping": " ".join(WORTH_KEEPING),
        }


def outline(values: Mapping[str, Any], *, now: datetime) -> Outline:
    """Whatever of the form's values can be read; the rest is None."""
    form = BookingForm(values, now=now)
    form.full_clean()
    known = form.cleaned_data
    person = known.get("patient")
    if person == NEW_PATIENT:
        person = _new_person(form)
        name = names.squash(person.full_name) or _("new patient")
    else:
        name = person.full_name if isinstance(person, Patient) else ""
    doctor = known.get("doctor")
    given = doctors.types_given_by(doctor) if doctor else frozenset()
    other = usual.other_than(doctor.specialty_id, person.pk) if doctor and isinstance(person, Patient) else ""
    return Outline(
        patient=name,
        person=person,
        doctor=doctor,
        given=given,
        usual_specialty=other,
        specialty=known.get("specialty"),
        visit_type=known.get("visit_type"),
        day=known.get("day"),
        start=known.get("start"),
        readings=form.readings,
    )


def _new_person(form: BookingForm) -> NewPatient:
    """The new patient's name as typed; birth date and phone where they can be read."""
    form.new_patient.full_clean()
    readable = form.new_patient.cleaned_data
    return NewPatient(
        patient_name=str(form.new_patient["patient_name"].value() or ""),
        patient_lastname=str(form.new_patient["patient_lastname"].value() or ""),
        date_of_birth=readable.get("date_of_birth"),
        phone=readable.get("phone", ""),
    )


def search(values: Mapping[str, Any], *, now: datetime) -> PatientSearch:
    """The patients to choose from: the one chosen before, then those who match what was typed. 3 queries."""
    text, chosen = str(values.get("q") or "")[:200], str(values.get("patient") or "")
    found, uuid = patients.search(text, now=now), uuid_of(chosen)
    return PatientSearch(
        query=text,
        kept=None if uuid is None else patients.hit_of(uuid, now=now),
        hits=[hit for hit in found.hits if str(hit.uuid) != chosen],
        count=len(found.hits),
        more=found.more,
        is_close=found.is_close,
        guess=names.split(names.in_spoken_order(text)),
    )


class Twins(NamedTuple):
    """Patients on record who may be the new one."""

    open: Sequence[Suspect] = ()  # to be asked about
    others: frozenset[UUID] = frozenset()  # they were said to be somebody else


def twins(person: Patient | NewPatient | None, typed: Mapping[str, Any], *, now: datetime) -> Twins:
    if not isinstance(person, NewPatient) or not person.patient_name:
        return Twins()
    alike = suspects.like(person, now=now)
    said = overrides.told_apart(typed)
    others = frozenset(each.hit.uuid for each in alike if str(each.hit.uuid) in said)
    return Twins([each for each in alike if each.hit.is_active and each.hit.uuid not in others], others)
