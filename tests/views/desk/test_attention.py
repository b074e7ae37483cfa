"""What a person must look at: coming visits first, fifty on a page."""

import pytest

from scheduling.models import Appointment, Flag
from tests import factories
from tests.conftest import NOW, madrid
from tests.views.desk.pages import text_of

PAGE = "/desk/attention/"


@pytest.fixture
def visit_at(osei, ana):
    def make(at):
        return Appointment.objects.create(
            doctor=osei,
            patient=ana,
            appointment_datetime=madrid(at),
            minutes=30,
            created_at=NOW,
            updated_at=NOW,
        )

    return make


def test_coming_visits_stand_first_then_people_then_the_past(desk, visit_at, osei, ben):
    for number, about in enumerate(
        (
            {"appointment": visit_at("2025-01-01 10:00")},
            {"doctor": osei},
            {"appointment": visit_at("2026-03-05 10:00")},
            {"patient": ben},
            {"appointment": visit_at("2025-06-01 10:00")},
            {"appointment": visit_at("2026-03-04 10:00")},
        )
    ):
        Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, detail=f"n{number}", created_at=NOW, **about)
    flags = desk.get(PAGE).context["page"].object_list
    assert [flag.detail for flag in flags] == ["n5", "n2", "n1", "n3", "n4", "n0"]


def test_a_doubt_tells_what_whom_and_the_original_text(desk, visit_at):
    visit = visit_at("2026-03-04 10:00")
    Flag.objects.create(
        kind=Flag.Kind.UNKNOWN_STATUS, appointment=visit, detail="<b>reprogr.</b>", created_at=NOW
    )
    response = desk.get(PAGE)
    text = text_of(response, "main")
    assert "1 thing that a person must look at." in text
    assert "Unknown status" in text
    assert "Ana Souza Prieto with Dr Ama Osei, Wednesday 4 March 2026, 10:00" in text
    assert "<b>reprogr.</b>" in text  # as text
    assert f"/desk/appointments/{visit.uuid}/" in response.content.decode()


def test_a_manager_gets_the_way_to_a_record_and_a_receptionist_none(desk, max_, osei, ben):
    Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, patient=ben, created_at=NOW)
    Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, doctor=osei, created_at=NOW)
    assert "/admin/" not in desk.get(PAGE).content.decode()
    desk.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(PAGE).content.decode()
    for kind, row in (("patient", ben), ("doctor", osei)):
        address = f"/admin/scheduling/{kind}/{row.uuid}/change/"
        assert address in page
        assert desk.get(address).status_code == 200


def test_what_was_resolved_is_gone(desk, ben):
    Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, patient=ben, created_at=NOW, resolved_at=NOW)
    assert "Nothing to look at" in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_costs_a_fixed_number_of_queries(desk, visit_at, django_assert_num_queries, count):
    for n in range(count):
        about = (
            {"appointment": visit_at(f"2026-03-04 10:{n:02}")}
            if n % 2
            else {"patient": factories.PatientFactory()}
        )
        Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, created_at=NOW, **about)
    with django_assert_num_queries(5):
        desk.get(PAGE)


def test_there_are_fifty_on_a_page(desk, ben):
    Flag.objects.bulk_create(
        Flag(kind=Flag.Kind.BAD_EMAIL, patient=ben, detail=str(n), created_at=NOW) for n in range(51)
    )
    assert len(desk.get(PAGE).context["page"].object_list) == 50
    second = desk.get(PAGE, {"page": "2"})
    assert len(second.context["page"].object_list) == 1
    assert "51 to 51 of 51" in text_of(second, "main")
    assert desk.get(PAGE, {"page": "nonsense"}).status_code == 200
