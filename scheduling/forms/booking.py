"""The booking form: what was typed, made into a `Proposal`, or told beside its field why not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from scheduling.booking import patients, rules
from scheduling.booking.proposal import Proposal
from scheduling.booking.rules import LONGEST_DESCRIPTION, Problem
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms import overrides, wall_clock
from scheduling.forms.fields import (
    ClockField,
    DayField,
    RowField,
    TextField,
    say_today,
    uuid_of,
)
from scheduling.forms.offered import DoctorField, SpecialtyField, VisitTypeField, offer_given
from scheduling.forms.patients import NewPatientForm
from scheduling.models import Doctor, Patient, Specialty, Status, VisitType
from scheduling.models.statements import ByUuid

NEW_PATIENT: Final = "new"
# Where the engine's fields stand on this form.
FIELD_OF: Final = {"start": "time", "": None}
NAMED: Final = ByUuid(Doctor, VisitType, Patient)
OF_OVERBOOKING: Final = {"reason_missing": "overbook_reason", "reason_too_long": "overbook_reason"}


def on_record(patient: Patient | None) -> Patient:
    """As it stands: where the record became a part of another, that one."""
    if patient is None:
        raise ValidationError(_("This patient is not on record. Find the patient again."), code="unknown")
    return patient if patient.merged_into_id is None else patients.standing(patient)


class DescriptionField(TextField):
    """Why the patient comes."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Reason"),
            required=False,
            max_length=LONGEST_DESCRIPTION,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Staff only. The patient does not see this."),
        )


class BookingForm(forms.Form):
    uuid = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("This form had lost its number. It has a new one: press the button again."),
            "invalid": _("This form had lost its number. It has a new one: press the button again."),
        },
    )
    patient = forms.CharField(
        label=_("Patient"), error_messages={"required": _("Choose the patient, or add a new one.")}
    )
    visit_type = VisitTypeField(
        VisitType,
        label=_("Visit type"),
        empty_label=None,
        error_messages={"required": _("Choose the visit type.")},
    )
    doctor = DoctorField(
        Doctor,
        label=_("Doctor"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the doctor.")},
    )
    # Narrows the free times that are offered; the visit itself has none.
    specialty = SpecialtyField(
        Specialty, label=_("Free times in"), required=False, empty_label=_("any specialty")
    )
    day = DayField(label=_("Day"), error_messages={"required": _("Choose the day.")})
    time = ClockField(
        label=_("Time"),
        help_text=_("24 hours, such as 09:30"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 20}),
        error_messages={"required": _("Type the time, such as 09:30.")},
    )
    offset = forms.CharField(required=False, max_length=20)
    description = DescriptionField()
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in (Status.PENDING, Status.CONFIRMED)],
        widget=forms.RadioSelect,
        initial=Status.CONFIRMED.value,
        error_messages={
            "required": _("Choose pending or confirmed."),
            "invalid_choice": _("A new visit is pending or confirmed."),
        },
    )
    overbook_reason = TextField(
        label=_("Why a second visit at this time"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It goes into the history."),
    )

    def __init__(self, data: Any = None, *, now: datetime, initial: Any = None) -> None:
        given = data if data is not None else initial or {}
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.now = now
        say_today(self, clinic_today(now))
        self.known_patient: Patient | None = None  # read along with others
        self.zone: ZoneInfo = clinic_zone()
        # The two meanings of the time as typed, where it has two: then the page asks which.
        self.readings: Sequence[wall_clock.Reading] = ()
        for name in ("doctor", "visit_type", "specialty"):
            self.fields[name].offer(given.get(name))  # type: ignore[attr-defined]
        self.given = offer_given(self)

    @cached_property
    def new_patient(self) -> NewPatientForm:
        """What is typed of a new patient, beside what the visit needs."""
        data = self.data if self.is_bound else None
        return NewPatientForm(data, initial=self.initial, now=self.now)

    @property
    def is_for_new_patient(self) -> bool:
        return bool(self["patient"].value() == NEW_PATIENT)

    def is_valid(self) -> bool:
        # Both are asked, so that everything that is wrong is said at once.
        known = not self.is_for_new_patient or self.new_patient.is_valid()
        return super().is_valid() and known

    def full_clean(self) -> None:
        """Who and what a complete form names is read by one statement, and not field by field."""
        fields = [cast(RowField, self.fields[name]) for name in ("doctor", "visit_type")]
        given = [uuid_of(self.data.get(name)) for name in ("doctor", "visit_type", "patient")]
        uuids = [uuid for uuid in given if uuid is not None]
        found = NAMED.find(*uuids) if len(uuids) == len(given) else None
        if found is not None:
            fields[0].known, fields[1].known, self.known_patient = found
        super().full_clean()

    def _patient_of(self, value: str) -> Patient | None:
        uuid = uuid_of(value)
        if uuid is None or (self.known_patient is not None and self.known_patient.uuid == uuid):
            return None if uuid is None else self.known_patient
        return Patient.objects.filter(uuid=uuid).first()

    def clean_patient(self) -> Patient | str:
        value: str = self.cleaned_data["patient"]
        if value == NEW_PATIENT:
            return value
        return on_record(self._patient_of(value))

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "day" not in values or "time" not in values:
            return values
        found, problems = rules.on_the_clock(datetime.combine(values["day"], values["time"]), self.zone)
        if problems:
            both = wall_clock.readings(found, self.zone)
            self.readings = both
            found = [reading.instant for reading in both if reading.offset == values.get("offset")]
        if found:
            values["start"] = found[0]
        else:
            self.refuse(problems)
        return values

    def proposal(self) -> Proposal:
        """Only after `is_valid()`."""
        values = self.cleaned_data
        wish = Proposal(
            uuid=values["uuid"],
            doctor=values["doctor"],
            patient=self.new_patient.new_patient() if self.is_for_new_patient else values["patient"],
            visit_type=values["visit_type"],
            start=values["start"],
            description=values["description"],
            status=Status(values["status"]),
        )
        accepted = overrides.accepted(self.data, wish)
        return replace(wish, accepted=accepted) if accepted else wish

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put the engine's answers beside their fields."""
        for problem in problems:
            field = OF_OVERBOOKING.get(problem.code) or FIELD_OF.get(problem.field, problem.field)
            self.add_error(field, problem.message)
