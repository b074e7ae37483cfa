"""The doctors and visit types that forms offer: beside each other only those that go together, and what suits
the patient first.

All of them stand on the page, so that `given.js` can offer others as soon as another one is chosen; what does
not go with it is hidden. What is chosen is never hidden.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.booking import fitting
from scheduling.forms.fields import NO_ROW, FocusedOnChosen, RowChoices, RowField
from scheduling.matching.ages import ANY_AGE, Ages, years_on
from scheduling.models.statements import Row

AGES: Final = ("youngest_age", "oldest_age")


class SpecialtyField(RowField):
    columns = ("specialty_name",)


class AgedField(RowField):
    """Rows with limits of age, which stand in their label. `ages` has them by uuid (text) once they are
    read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ages: dict[str, Ages] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        field = super().__deepcopy__(memo)
        field.ages = {}
        return field

    def offered(self) -> Iterator[Row]:
        for uuid, *values, youngest, oldest in super().offered():
            self.ages[str(uuid)] = ages = Ages(youngest, oldest)
            yield uuid, *values, fitting.said(ages)


class DoctorSelect(forms.Select):
    given: "Given | None" = None

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        return groups if self.given is None else self.given.arranged_doctors(groups)


class TypeChoices(FocusedOnChosen):
    given: "Given | None" = None

    def arranged(self, groups: Any) -> Any:
        return groups if self.given is None else self.given.arranged_types(groups)


class DoctorField(AgedField):
    """`lists` has the types that a doctor gives (uuids as text) once they are read; who gives all of them is
    missing."""

    default_error_messages = {"invalid_choice": _("This doctor is not on record. Choose another.")}
    widget = DoctorSelect
    columns = ("visit_types__uuid", "doctor_name", "specialty__specialty_name", *AGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists: dict[str, frozenset[str]] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        field = super().__deepcopy__(memo)
        field.lists = {}
        return field

    def offered(self) -> Iterator[Row]:
        for uuid, rows in groupby(super().offered(), key=itemgetter(0)):
            (_uuid, kind, *values), *others = rows
            if kind is not None:
                self.lists[str(uuid)] = frozenset(map(str, (kind, *(row[1] for row in others))))
            yield uuid, *values

    def label_of(self, *values: Any) -> str:
        return " · ".join(filter(None, values))


class VisitTypeField(AgedField):
    default_error_messages = {"invalid_choice": _("This visit type is not on record. Choose another.")}
    widget = TypeChoices
    columns = ("name", "minutes", "buffer_minutes", *AGES)

    def label_of(self, *values: Any) -> str:
        words = dict(zip(("type", "minutes", "buffer", "ages"), values, strict=True))
        label = gettext("%(type)s, %(minutes)s min") % words
        if words["buffer"]:
            label = gettext("%(type)s, %(minutes)s min and %(buffer)s after it") % words
        return f"{label}, {words['ages']}" if words["ages"] else label


class Given:
    """What goes together in a form: read along with its doctors, where they are shown."""

    def __init__(
        self, doctors: DoctorField, types: VisitTypeField, age: int | None, proposed: Collection[str]
    ) -> None:
        self.doctors, self.types = doctors, types
        self.age = age  # years; None where nobody is known
        # What somebody chose; what we proposed ourselves gives way.
        self.doctor = NO_ROW if "doctor" in proposed else doctors.chosen
        self.kind = NO_ROW if "visit_type" in proposed else types.chosen

    def arranged_doctors(self, groups: Any) -> Any:
        """Their options, with what they give and to whom as scripts read it; those who do not give the chosen
        type are hidden."""
        for option in _options(groups):
            doctor = str(option["value"])
            if listed := self._lists().get(doctor):
                option["attrs"]["data-gives"] = " ".join(sorted(listed))
            option["attrs"] |= _marks(self.doctors.ages.get(doctor, ANY_AGE))
            if not option["selected"] and not self._is_given(doctor, self.kind):
                option["attrs"] |= {"hidden": True, "disabled": True}
        return self._suiting_first(groups, self.doctors)

    def arranged_types(self, groups: Any) -> Any:
        """Their options in the same way; those that the chosen doctor does not give are hidden."""
        for option in _options(groups):
            kind = str(option["value"])
            option["attrs"] |= _marks(self.types.ages.get(kind, ANY_AGE))
            option["is_hidden"] = not option["selected"] and not self._is_given(self.doctor, kind)
        return self._suiting_first(groups, self.types)

    def _lists(self) -> Mapping[str, frozenset[str]]:
        _ = cast(RowChoices, cast(forms.Select, self.doctors.widget).choices).rows  # reads them
        return self.doctors.lists

    def _is_given(self, doctor: str | UUID, kind: str | UUID) -> bool:
        return kind == NO_ROW or str(kind) in self._lists().get(str(doctor), {str(kind)})

    @property
    def leaves_out_types(self) -> bool:
        """Whether types are hidden beside the chosen doctor."""
        shown = {uuid for uuid, _label in cast(RowChoices, cast(TypeChoices, self.types.widget).choices).rows}
        return any(not self._is_given(self.doctor, kind) for kind in shown - {str(self.types.chosen)})

    @property
    def leaves_out_doctors(self) -> bool:
        """Whether doctors are hidden beside the chosen type."""
        return any(not self._is_given(doctor, self.kind) for doctor in self._lists())

    def _suiting_first(self, groups: Any, field: AgedField) -> Any:
        def is_for_others(group: Any) -> bool:
            ages = field.ages.get(str(group[1][0]["value"]), ANY_AGE)
            return not ages.hold(self.age)

        return sorted(groups, key=is_for_others)


def offer_given(
    form: forms.Form,
    *,
    born: date | None = None,
    today: date | None = None,
    proposed: Collection[str] = (),
) -> Given:
    """Let the fields `doctor` and `visit_type` of a form know of each other, and of the patient's age.
    `proposed`: those of them that nobody chose."""
    doctors = cast(DoctorField, form.fields["doctor"])
    types = cast(VisitTypeField, form.fields["visit_type"])
    given = Given(doctors, types, None if today is None else years_on(born, today), proposed)
    cast(DoctorSelect, doctors.widget).given = given
    cast(TypeChoices, types.widget).given = given
    return given


def _options(groups: Any) -> Iterator[Any]:
    return (option for _name, options, _index in groups for option in options)


def _marks(ages: Ages) -> dict[str, int]:
    """Limits as scripts read them."""
    named = {"data-youngest": ages.youngest, "data-oldest": ages.oldest}
    return {name: years for name, years in named.items() if years is not None}
