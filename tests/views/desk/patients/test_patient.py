"""One patient's record: what it shows, changing it, confirming the name."""

from datetime import date, timedelta

import pytest

from scheduling.booking import patients as records
from scheduling.models import Appointment, Flag, Patient, Status
from tests import factories
from tests.conftest import NOW
from tests.views.desk.conftest import UNKNOWN, written
from tests.views.desk.pages import typed_in


def page_of(patient):
    return f"/desk/patients/{patient.uuid}/"


def visit(doctor, patient, days, status):
    return Appointment.objects.create(
        doctor=doctor,
        patient=patient,
        appointment_datetime=NOW + timedelta(days=days),
        minutes=30,
        status=status,
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.fixture
def carmen(db):
    return factories.PatientFactory(
        patient_name="Carmen",
        patient_lastname="Ruiz Vega",
        date_of_birth=date(1984, 6, 12),
        phone="+34600555482",
        email="carmen@post.example",
        language="es",
        note="Uses a wheelchair",
    )


def test_the_record_says_who_it_is_and_which_visits_there_are(desk, carmen, osei):
    for days, status in (
        (5, Status.PENDING),
        (-5, Status.NO_SHOW),
        (-9, Status.COMPLETED),
        (2, Status.CANCELLED),
    ):
        visit(osei, carmen, days, status)
    page = desk.get(page_of(carmen)).content.decode()
    for said in (
        "Carmen Ruiz Vega",
        "41 years, born 12 June 1984",
        "600 55 54 82",
        "carmen@post.example",
        "Spanish",
        "Uses a wheelchair",
        "Sat 7 March",
        "1 no-show",
        "Cancelled or entered in error",
        f"/desk/book/?patient={carmen.uuid}",
    ):
        assert said in page
    assert "Carmen" not in page.split("</title>")[0]


def test_relatives_are_hinted_at_by_phone_or_email(desk, carmen):
    for shared in ({"phone": "+34600555482"}, {"email": "Carmen@post.example"}):
        kin = factories.PatientFactory(
            patient_name="Peter", patient_lastname=f"Hughes {len(shared)}", **shared
        )
        assert str(kin.uuid) in desk.get(page_of(carmen)).content.decode()
    assert "Perhaps family" not in desk.get(page_of(factories.PatientFactory())).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_record_costs_a_fixed_number_of_queries(desk, carmen, osei, django_assert_num_queries, count):
    for n in range(count):
        for days, status in ((n + 1, "confirmed"), (-n - 1, "completed"), (n + 1, "cancelled")):
            visit(osei, carmen, days, status)
        factories.PatientFactory(phone="+34600555482")
        factories.PatientFactory(patient_name="Carmen", patient_lastname="Ruiz Vega")
    desk.get(page_of(carmen))
    with django_assert_num_queries(15):
        desk.get(page_of(carmen))


def test_unknown_and_malformed_records_look_alike(desk):
    for address in (UNKNOWN, "1", "x"):
        for more in ("", "edit/"):
            assert desk.get(f"/desk/patients/{address}/{more}").status_code == 404


def opened(desk, patient):
    return typed_in(desk.get(page_of(patient) + "edit/"))


def test_a_change_is_saved_and_told(desk, carmen):
    Patient.objects.filter(pk=carmen.pk).update(may_contact=True)
    form = opened(desk, carmen) | {"note": "Ground floor", "phone": "600 555 100"}
    response = desk.post(page_of(carmen) + "edit/", form, follow=True)
    assert "the record is saved." in response.content.decode()
    carmen.refresh_from_db()
    assert (carmen.note, str(carmen.phone), carmen.version) == ("Ground floor", "+34600555100", 2)
    assert (carmen.date_of_birth, carmen.language, carmen.may_contact) == (date(1984, 6, 12), "es", True)


def test_the_second_desk_is_told_field_by_field_and_loses_nothing(desk, carmen):
    form = opened(desk, carmen)
    current = Patient.objects.get(pk=carmen.pk)
    current.phone, current.note = "+34600555100", "Ground floor"
    records.save(current)  # at another desk
    response = desk.post(
        page_of(carmen) + "edit/", form | {"note": "Second floor", "email": "c@post.example"}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Another desk has changed this record" in page
    assert "now “600 55 51 00” on record" in page
    assert "now “Ground floor” on record" in page
    again = typed_in(response)
    assert (again["phone"], again["note"], again["email"]) == (
        "+34600555100",
        "Second floor",
        "c@post.example",
    )
    carmen.refresh_from_db()
    assert carmen.note == "Ground floor"
    assert desk.post(page_of(carmen) + "edit/", again).status_code == 302
    carmen.refresh_from_db()
    assert (str(carmen.phone), carmen.note, carmen.email) == (
        "+34600555100",
        "Second floor",
        "c@post.example",
    )


def test_a_form_sent_twice_is_saved_once(desk, carmen):
    form = opened(desk, carmen) | {"note": "x"}
    for _ in range(2):
        assert desk.post(page_of(carmen) + "edit/", form).status_code == 302
    carmen.refresh_from_db()
    assert carmen.version == 2


@pytest.mark.parametrize("field", ["version", "patient_name"])
def test_a_form_without_its_fields_writes_nothing(desk, carmen, field):
    form = opened(desk, carmen)
    del form[field]
    assert desk.post(page_of(carmen) + "edit/", form).status_code == 422
    carmen.refresh_from_db()
    assert carmen.version == 1


def test_a_doubtful_name_is_confirmed_in_one_press(desk, carmen):
    Patient.objects.update(needs_review=True)
    Flag.objects.create(
        kind=Flag.Kind.NAME_NOT_SPLIT, patient=carmen, detail="Ruiz Vega Carmen", created_at=NOW
    )
    page = desk.get(page_of(carmen)).content.decode()
    assert "Is the name right?" in page
    assert "Ruiz Vega Carmen" in page
    page = desk.post(page_of(carmen) + "confirm/", follow=True).content.decode()
    assert "the name is confirmed." in page
    assert "Is the name right?" not in page
    assert not Flag.objects.unresolved().exists()


def test_looking_writes_nothing_and_no_key_leaves(desk, osei):
    patient = factories.PatientFactory(pk=700003, patient_name="Zoe", phone="+34600555482")
    other = factories.PatientFactory(pk=700004, patient_name="Zoe", phone="+34600555482")
    visit(osei, patient, 2, Status.CONFIRMED)
    before = written()
    for address in (
        page_of(patient),
        page_of(patient) + "edit/",
        f"{page_of(patient)}merge/{other.uuid}/",
        "/desk/patients/",
        "/desk/patients/duplicates/",
    ):
        page = desk.get(address).content.decode()
        assert "Zoe" in page
        assert "70000" not in page
    assert written() == before
