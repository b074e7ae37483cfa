"""Every form that asks for a day knows today: "3/12" means the next one."""

from datetime import date, timedelta

import pytest
from django.forms import BaseForm

from scheduling.admin.api_keys import KeyForm
from scheduling.forms.absence import AbsenceForm
from scheduling.forms.booking import BookingForm
from scheduling.forms.fields import DayField
from scheduling.forms.find import FindForm, WhyNotForm
from scheduling.forms.hours import WeekForm
from scheduling.forms.opening import OpeningForm
from scheduling.forms.patients import EditForm, NewPatientForm, PatientForm
from scheduling.forms.series import SeriesForm
from scheduling.forms.time_off import BlockForm, ExtraHoursForm, SpanForm, TimeOffForm
from tests.conftest import NOW

TODAY = NOW.date()
FORMS = {
    AbsenceForm: lambda: AbsenceForm(today=TODAY),
    BlockForm: lambda: BlockForm(now=NOW),
    BookingForm: lambda: BookingForm(now=NOW),
    ExtraHoursForm: lambda: ExtraHoursForm(now=NOW),
    FindForm: lambda: FindForm(today=TODAY),
    KeyForm: KeyForm,
    NewPatientForm: lambda: NewPatientForm(now=NOW),
    OpeningForm: lambda: OpeningForm(today=TODAY),
    PatientForm: lambda: PatientForm(now=NOW),
    SeriesForm: lambda: SeriesForm({}, first=TODAY, today=TODAY),
    SpanForm: lambda: SpanForm(now=NOW),
    TimeOffForm: lambda: TimeOffForm(now=NOW),
    WeekForm: lambda: WeekForm(today=TODAY),
    WhyNotForm: lambda: WhyNotForm(today=TODAY),
}


def days_of(form):
    return [field for field in form.fields.values() if isinstance(field, DayField)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.__name__)
def test_it_knows_today(kind):
    days = days_of(FORMS[kind]())
    assert days
    assert all(isinstance(field.today, date) for field in days)


def test_no_form_is_left_out():
    found, kinds = set(), [BaseForm]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if any(isinstance(field, DayField) for field in getattr(kind, "base_fields", {}).values()):
            found.add(kind)
    # Django makes the back office's while it runs; their fields learn it where they are made.
    ours = {kind for kind in found if not kind.__module__.startswith("django.")}
    assert ours - {EditForm} <= set(FORMS)


@pytest.mark.django_db
def test_a_day_without_a_year_is_the_next_one(osei):
    form = AbsenceForm({"doctor": str(osei.uuid), "first": "1/3", "last": "2/3/27"}, today=TODAY)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["first"] == date(2027, 3, 1)
    assert form.last_day - form.cleaned_data["first"] == timedelta(days=1)
