"""Who may open the desk's pages, by which methods, and that no integer key leaves the server."""

import pytest

from accounts import roles
from scheduling.models import Appointment, Flag
from tests import factories
from tests.conftest import NOW, in_role, works
from tests.views.desk.conftest import TUESDAY, UNKNOWN, written

PAGES = ["/desk/", f"/desk/day/{TUESDAY}/", "/desk/book/", "/desk/attention/"]


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-03 10:00")


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_sent_to_sign_in(client, db, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", PAGES)
def test_a_doctor_without_a_desk_role_finds_nothing(client, db, address):
    user = in_role(factories.UserFactory(), roles.DOCTOR)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404


def test_a_manager_may_work_at_the_desk(client, max_):
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/desk/book/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        f"/desk/appointments/{UNKNOWN}/",
        f"/desk/appointments/{UNKNOWN}/booked/",
        "/desk/appointments/nonsense/",
        "/desk/appointments/1/",
    ],
)
def test_an_unknown_and_a_malformed_visit_look_alike(desk, address):
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/desk/book/patients/", "/desk/book/summary/"])
def test_a_search_is_never_a_get(desk, address):
    assert desk.get(address).status_code == 405


def test_looking_at_pages_writes_nothing(desk, visit):
    before = written()
    for page in [*PAGES, f"/desk/appointments/{visit.uuid}/", f"/desk/appointments/{visit.uuid}/booked/"]:
        desk.get(page, follow=True)
        desk.head(page)
    assert written() == before


def test_no_integer_key_is_on_any_page(desk, filled_in, cardiology, book):
    """Keys that would be noticed: 70000x."""
    doctor = factories.DoctorFactory(pk=700001, specialty=factories.SpecialtyFactory(pk=700002))
    works(doctor, NOW.time(), NOW.time().replace(hour=14))
    patient = factories.PatientFactory(pk=700003, patient_name="Zoe")
    kind = factories.VisitTypeFactory(pk=700004)
    Appointment.objects.create(
        pk=700005,
        doctor=doctor,
        patient=patient,
        appointment_datetime=NOW,
        minutes=30,
        created_at=NOW,
        updated_at=NOW,
    )
    visit = book(doctor, patient, "2026-03-03 10:00", visit_type=kind)
    assert visit.pk > 700005
    Flag.objects.create(pk=700007, kind=Flag.Kind.UNKNOWN_STATUS, appointment=visit, created_at=NOW)
    form = filled_in(doctor=doctor.uuid, patient=patient.uuid, visit_type=kind.uuid, q="zoe")
    pages = [
        desk.get(f"/desk/day/{TUESDAY}/"),
        desk.get("/desk/book/", {"doctor": doctor.uuid, "patient": patient.uuid, "visit_type": kind.uuid}),
        desk.post("/desk/book/", form),
        desk.post("/desk/book/patients/", form, headers={"HX-Request": "true"}),
        desk.post("/desk/book/summary/", form),
        desk.get(f"/desk/appointments/{visit.uuid}/"),
        desk.get(f"/desk/appointments/{visit.uuid}/booked/"),
        desk.get("/desk/attention/"),
    ]
    for response in pages:
        page = response.content.decode()
        assert "Zoe" in page
        assert "70000" not in page
