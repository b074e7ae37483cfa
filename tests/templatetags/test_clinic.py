from datetime import UTC, date, datetime, time

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from scheduling.models import Status
from scheduling.templatetags import clinic
from tests.conftest import madrid
from tests.markup import in_one_line


@pytest.fixture
def lunch():
    return madrid("2026-03-03 12:20")


def test_dates_begin_with_the_weekday_and_leave_out_what_is_clear(lunch):
    assert clinic.long_date(lunch) == "Tuesday 3 March 2026"
    assert clinic.day_date(lunch) == "Tuesday 3 March"
    assert clinic.full_date(lunch) == "3 March 2026"
    assert clinic.short_date(lunch) == "Tue 3 March"
    assert clinic.when(lunch) == "Tue 3 March, 12:20"


def test_spanish_says_dates_in_its_own_manner(lunch):
    with override("es"):
        assert clinic.long_date(lunch) == "martes, 3 de marzo de 2026"
        assert clinic.day_date(lunch) == "martes, 3 de marzo"
        assert clinic.full_date(lunch) == "3 de marzo de 2026"
        assert clinic.short_date(lunch) == "mar, 3 mar"
        assert clinic.when(lunch) == "mar, 3 mar, 12:20"
        assert clinic.time_zone_name(lunch) == "hora de Madrid (UTC+1)"


def test_an_instant_is_said_on_the_clinics_day_and_clock_not_in_utc(settings):
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    assert clinic.when(late) == "Wed 4 March, 00:30"
    settings.CLINIC_TIME_ZONE = "America/New_York"
    assert clinic.when(late) == "Tue 3 March, 18:30"


def test_a_plain_date_and_a_plain_time_are_said_as_they_are():
    assert clinic.long_date(date(2026, 12, 31)) == "Thursday 31 December 2026"
    assert clinic.clock(time(9, 5)) == "09:05"
    assert clinic.clock(time(0, 0)) == "00:00"


@pytest.mark.parametrize(
    "say",
    [clinic.long_date, clinic.day_date, clinic.short_date, clinic.clock, clinic.when, clinic.utc_offset],
)
def test_nothing_is_said_of_a_missing_time(say):
    assert say(None) == ""


def test_a_time_that_comes_twice_is_said_with_its_offset():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert clinic.clock(first) == "02:30 (UTC+2)"
    assert clinic.clock(second) == "02:30 (UTC+1)"
    assert clinic.when(second) == "Sun 25 October, 02:30 (UTC+1)"


def test_other_times_of_that_night_are_said_plainly():
    assert clinic.clock(datetime(2026, 10, 25, 2, 0, tzinfo=UTC)) == "03:00"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Madrid", "Madrid time (UTC+1)"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time (UTC-3)"),
        ("Asia/Kolkata", "Kolkata time (UTC+5:30)"),
        ("America/St_Johns", "St Johns time (UTC-3:30)"),
        ("Etc/GMT-2", "UTC+2"),
        ("UTC", "UTC+0"),
    ],
)
def test_a_zone_is_called_by_its_city(settings, lunch, zone, said):
    settings.CLINIC_TIME_ZONE = zone
    assert clinic.time_zone_name(lunch) == said


def test_every_state_has_its_own_class_and_its_word():
    classes = {clinic.status_class(status) for status in Status.values}
    assert classes == {"st-pe", "st-co", "st-ar", "st-ip", "st-do", "st-no", "st-ca", "st-er"}
    shown = Template('{% status_badge "no_show" %}').render(Context())
    assert shown.strip() == '<span class="badge mark st-no"><span>No-show</span></span>'


class Form(forms.Form):
    phone = forms.CharField(help_text="With its <country>.", widget=forms.TextInput(attrs={"class": "short"}))
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Echo")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="I am sure")


def shown(form, name):
    return in_one_line(str(form[name].as_field_group()))


def test_a_field_is_tied_to_its_hint_and_its_error():
    html = shown(Form({"phone": ""}), "phone")
    assert '<label for="id_phone">Phone</label>' in html
    assert 'class="input short"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert '<p class="hint" id="id_phone_helptext">With its &lt;country&gt;.</p>' in html
    assert '<div id="id_phone_error"><p class="error">This field is required.</p></div>' in html


def test_a_field_keeps_what_was_typed_and_escapes_it():
    assert 'value="&lt;script&gt;&#34;"' in shown(Form({"phone": '<script>"'}), "phone")


def test_only_a_field_that_may_stay_empty_is_marked_optional():
    assert '<span class="opt">optional</span>' in shown(Form(), "note")
    assert "optional" not in shown(Form(), "phone")


def test_choices_are_a_group_with_a_name_and_a_label_around_each():
    html = shown(Form({"kind": ""}), "kind")
    assert '<fieldset class="field" aria-describedby="id_kind_error"><legend>Kind</legend>' in html
    assert '<label for="id_kind_1"><input type="radio" name="kind" value="b"' in html
    assert html.count("This field is required.") == 1


def test_a_checkbox_stands_before_its_label():
    html = shown(Form(), "sure")
    assert html.index("checkbox") < html.index("I am sure")
    assert 'class="input' not in html
