"""Whatever is wrong is said beside its field; everything typed is kept; nothing is written."""

from datetime import time

import pytest

from scheduling.models import Appointment
from tests.conftest import works
from tests.views.desk.conftest import UNKNOWN, written
from tests.views.desk.pages import beside, typed_in

NEW = {"patient": "new", "patient_name": "Carla", "patient_lastname": "Núñez"}

BAD = [
    # what was typed, the field, what is said beside it
    ({"patient": ""}, "patient", "Choose the patient, or add a new one."),
    ({"patient": UNKNOWN}, "patient", "This patient is not on record. Find the patient again."),
    ({"patient": "7"}, "patient", "This patient is not on record. Find the patient again."),
    ({"doctor": ""}, "doctor", "Choose the doctor."),
    ({"doctor": UNKNOWN}, "doctor", "This doctor is not on record. Choose another."),
    ({"doctor": "1"}, "doctor", "This doctor is not on record. Choose another."),
    ({"visit_type": ""}, "visit_type", "Choose the visit type."),
    ({"visit_type": UNKNOWN}, "visit_type", "This visit type is not on record. Choose another."),
    ({"day": ""}, "day", "Choose the day."),
    ({"day": "soon"}, "day", "“soon” is not a date. Write it like 31/3/2026."),
    ({"day": "30/02/2026"}, "day", "“30/02/2026” is not a date. Write it like 31/3/2026."),
    ({"day": "01/01/0001"}, "day", "Check the year: 0001."),
    ({"day": "31/12/9999"}, "day", "Check the year: 9999."),
    ({"day": "01/03/2026"}, "time", "This time is in the past."),
    ({"day": "06/03/2029"}, "time", "This time is more than two years ahead."),
    ({"time": ""}, "time", "Type the time, such as 09:30."),
    ({"time": "noon"}, "time", "“noon” is not a time. Write it like 09:30."),
    ({"time": "25:00"}, "time", "“25:00” is not a time. Write it like 09:30."),
    ({"time": "10:60"}, "time", "“10:60” is not a time. Write it like 09:30."),
    ({"time": "24:00"}, "time", "“24:00” is not a time. Write it like 09:30."),
    ({"time": "9:30 pm"}, "time", "Write the time in 24 hours, such as 21:30"),
    ({"time": "10:02"}, "time", "Visits begin on full five minutes"),
    ({"time": "08:00"}, "time", "Dr Ama Osei does not work for the whole of this time."),
    ({"time": "13:45"}, "time", "Dr Ama Osei does not work for the whole of this time."),
    ({"day": "07/03/2026"}, "time", "Dr Ama Osei does not work for the whole of this time."),
    (
        {"day": "29/03/2026", "time": "02:30"},
        "time",
        "On Sunday 29 March the clocks go from 02:00 to 03:00: 02:30 does not exist.",
    ),
    (
        {"day": "25/10/2026", "time": "02:30"},
        "time",
        "On Sunday 25 October the clocks show 02:30 twice. Choose which one.",
    ),
    ({"description": "x" * 1001}, "description", "Up to 1000 characters fit here. This has 1001."),
    ({"description": "a\0b"}, "description", "A character in this text cannot be stored. Type it again."),
    ({"status": "arrived"}, "status", "A new visit is pending or confirmed."),
    ({"status": ""}, "status", "Choose pending or confirmed."),
    (NEW | {"patient_name": ""}, "patient_name", "Type the first name."),
    (NEW | {"patient_name": "x" * 256}, "patient_name", "Up to 255 characters fit here. This has 256."),
    (NEW | {"patient_name": "a\0b"}, "patient_name", "A character in this text cannot be stored."),
    (NEW | {"email": "carla@"}, "email", "“carla@” is not an e-mail address."),
    (NEW | {"email": "x" * 250 + "@ab.com"}, "email", "Up to 255 characters fit here. This has 257."),
    (NEW | {"phone": "60055548"}, "phone", "A Spanish number has 9 digits. This one has 8."),
    (NEW | {"phone": "at work"}, "phone", "“at work” is not a phone number."),
    (NEW | {"phone": "+1 2"}, "phone", "“+1 2” is not a phone number."),
    (NEW | {"date_of_birth": "1990-13-01"}, "date_of_birth", "“1990-13-01” is not a date."),
    (NEW | {"date_of_birth": "01/01/2027"}, "date_of_birth", "A date of birth cannot be in the future."),
    (NEW | {"date_of_birth": "01/01/0990"}, "date_of_birth", "Check the year: 0990."),
]


@pytest.mark.parametrize(("typed", "field", "said"), BAD)
def test_bad_input_is_told_beside_its_field(desk, filled_in, typed, field, said):
    before, form = written(), filled_in(**typed)
    response = desk.post("/desk/book/", form)
    assert response.status_code == 422
    assert said in beside(response, field)
    assert said in response.content.decode().replace("&#x27;", "'").split("<h2 id=")[1]  # and in the summary
    assert written() == before
    kept = typed_in(response)
    unknown = {"doctor", "visit_type", "patient", "status"}  # a choice that does not exist can't be shown
    for name, value in form.items():
        if name not in typed or name not in unknown:
            assert kept.get(name, "") == value.replace("\0", ""), name  # which no page may hold


@pytest.mark.parametrize("uuid", ["", "nonsense"])
def test_a_form_without_its_number_gets_a_new_one(desk, filled_in, uuid):
    before = written()
    response = desk.post("/desk/book/", filled_in(uuid=uuid))
    assert response.status_code == 422
    assert "This form had lost its number" in response.content.decode()
    assert written() == before
    assert desk.post("/desk/book/", typed_in(response)).status_code == 302


def test_an_empty_form_names_everything_that_is_missing(desk):
    response = desk.post("/desk/book/", {})
    assert response.status_code == 422
    assert [complaint.message for complaint in response.context["refusal"].complaints] == [
        "Choose the patient, or add a new one.",
        "Choose the visit type.",
        "Choose the doctor.",
        "Choose the day.",
        "Type the time, such as 09:30.",
        "Choose pending or confirmed.",
        "This form had lost its number. It has a new one: press the button again.",
    ]


def test_each_of_two_readings_of_an_autumn_time_can_be_booked(desk, filled_in, osei, ana, ben):
    works(osei, time(0), time(6), weekdays=[6])
    night = {"day": "2026-10-25", "time": "02:30"}
    asked = desk.post("/desk/book/", filled_in(**night))
    assert [reading.offset for reading in asked.context["form"].readings] == ["+02:00", "+01:00"]
    for patient, offset in ((ana, "+02:00"), (ben, "+01:00")):
        form = filled_in(**night, offset=offset, patient=str(patient.uuid))
        assert desk.post("/desk/book/", form).status_code == 302
    starts = Appointment.objects.values_list("appointment_datetime", flat=True)
    assert [f"{start:%H:%M}" for start in starts] == ["00:30", "01:30"]  # UTC
