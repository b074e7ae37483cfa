"""What the booking page says around its form: the patients found, the summary, the twins, where to begin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from scheduling.booking.proposal import NewPatient
from scheduling.forms import overrides
from scheduling.forms.booking import NEW_PATIENT, BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.matching import names
from scheduling.models import Patient
from scheduling.queries import patients, suspects
from scheduling.queries.suspects import Suspect
from scheduling.views.desk.shared.outline import Outline


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
    return Outline(
        patient=name,
        person=person,
        doctor=known.get("doctor"),
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


def twins(person: Patient | NewPatient | None, typed: Mapping[str, Any], *, now: datetime) -> list[Suspect]:
    """Patients on record who may be the new one, and of whom nobody said that they are somebody else."""
    if not isinstance(person, NewPatient) or not person.patient_name or not person.patient_lastname:
        return []
    others = overrides.told_apart(typed)
    alike = suspects.like(person, now=now)
    return [each for each in alike if each.hit.is_active and str(each.hit.uuid) not in others]


def begin_at(outline: Outline, context: Mapping[str, Any]) -> str:
    """Where the page puts the focus: at the first thing that needs the person."""
    if context.get("refusal") or context.get("notes") or (context.get("twins") and context.get("is_refused")):
        return "alert"
    if context.get("found"):
        return "hit" if context.get("hits") else "new"
    if not outline.patient:
        return "q"
    if outline.visit_type is None:
        return "visit_type"
    return "description" if outline.start else "times"
