"""Correcting a visit: what was typed, made into an `Edit`, or told beside its field why not."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.booking.edits import Edit
from scheduling.booking.rules import Problem
from scheduling.booking.states import RESIZABLE
from scheduling.forms.booking import DescriptionField, on_record
from scheduling.forms.fields import uuid_of
from scheduling.forms.offered import VisitTypeField
from scheduling.forms.steps import StepForm
from scheduling.models import Appointment, Patient, VisitType
from scheduling.models.statements import Row
from scheduling.models.visit_types import LONGEST_VISIT, SHORTEST_VISIT

LONGEST_DRAG: Final = 5  # characters: a sign and the minutes of the longest visit
NO_LENGTH: Final = _("Write the length in minutes, from 5 to 720, such as 30.")


class TypeField(VisitTypeField):
    """The types that the visit's doctor gives, and the one that it has, which may be none of them since."""

    visit: Appointment | None = None

    def read(self) -> Iterable[Row]:
        visit = self.visit
        if visit is None:
            return super().read()
        rows = VisitType.objects.active().given_by(visit.doctor_id) | VisitType.objects.filter(
            Q(uuid=self.chosen) | Q(pk=visit.visit_type_id)
        )
        return rows.values_list("uuid", *self.columns)


class EditForm(StepForm):
    """`minutes_shown` is the length that the page put into its field: while that stands there, the length is
    the one that goes with the type. `accepted` holds the codes of what is knowingly gone past."""

    visit_type = TypeField(
        VisitType,
        label=_("Visit type"),
        empty_label=None,
        error_messages={"required": _("Choose the visit type.")},
    )
    minutes = forms.IntegerField(
        label=_("Length, minutes"),
        min_value=SHORTEST_VISIT,
        max_value=LONGEST_VISIT,
        widget=forms.NumberInput(attrs={"step": 5}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_LENGTH),
    )
    minutes_shown = forms.CharField(required=False, widget=forms.HiddenInput)
    patient = forms.CharField(label=_("Patient"), error_messages={"required": _("Choose whose visit it is.")})
    description = DescriptionField()
    accepted = forms.CharField(max_length=200, required=False)

    def __init__(self, data: Any = None, *, visit: Appointment, initial: Any = None) -> None:
        given = data if data is not None else initial or values_of(visit)
        super().__init__(data, initial=given)
        self.visit = visit
        types = cast(TypeField, self.fields["visit_type"])
        types.required = visit.visit_type is not None  # of the old book's, some have none
        types.visit = visit
        types.offer(given.get("visit_type"))
        if visit.status not in RESIZABLE:
            del self.fields["minutes"]

    def clean_patient(self) -> Patient:
        uuid = uuid_of(self.cleaned_data["patient"])
        return on_record(None if uuid is None else Patient.objects.filter(uuid=uuid).first())

    def edit(self) -> Edit:
        """What could be read of it; after `is_valid()`, or `full_clean()` to say what it would come to."""
        values = self.cleaned_data
        minutes = values.get("minutes")
        is_untouched = str(minutes) == values.get("minutes_shown")
        return Edit(
            visit_type=values.get("visit_type"),
            minutes=None if is_untouched else minutes,
            patient=values.get("patient"),
            description=values.get("description"),
        )

    @property
    def accepted_codes(self) -> frozenset[str]:
        """Only after `is_valid()`."""
        return frozenset(self.cleaned_data["accepted"].split())

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put the engine's answers beside their fields; those about another place stand at the top."""
        for problem in problems:
            if problem.field in self.fields:
                self.add_error(problem.field, problem.message)


def values_of(visit: Appointment) -> dict[str, str]:
    """The form as the visit stands."""
    return {
        "version": str(visit.version),
        "visit_type": str(visit.visit_type.uuid) if visit.visit_type else "",
        "minutes": str(visit.minutes),
        "minutes_shown": str(visit.minutes),
        "patient": str(visit.patient.uuid),
        "description": visit.description,
    }


def dragged(asked: Mapping[str, str], visit: Appointment) -> dict[str, str] | None:
    """The form with the length to which a card's edge was dragged: `longer_by`, minutes, may be negative. A
    length that no visit may have is the nearest one that is. None where nothing of that was asked for."""
    try:
        longer_by = int(asked.get("longer_by", "")[:LONGEST_DRAG])
    except ValueError:
        return None
    if not longer_by or visit.status not in RESIZABLE:
        return None
    minutes = min(max(visit.minutes + longer_by, SHORTEST_VISIT), LONGEST_VISIT)
    return values_of(visit) | {"minutes": str(minutes)}
