"""One visit: its facts, its history in sentences, its doubts, its address for the patient."""

from scheduling.models import Appointment, AppointmentEvent, Flag, Source
from tests.conftest import NOW
from tests.views.desk.pages import text_of


def page_of(desk, visit):
    return desk.get(f"/desk/appointments/{visit.uuid}/")


def test_a_visit_tells_its_facts(desk, book, osei, ana):
    ana.date_of_birth, ana.phone, ana.email = "1984-06-12", "+34600555482", "ana@example.org"
    ana.save()
    text = text_of(page_of(desk, book(osei, ana, "2026-03-03 10:00", description="Echo")), "main")
    for fact in (
        "Ana Souza Prieto",
        "Check-up with Dr Ama Osei, Tue 3 March, 10:00",
        "until 10:30",
        "born 12 June 1984",
        "+34 600 55 54 82",
        "ana@example.org",
        "Echo",
        "Confirmed",
        "Desk",
    ):
        assert fact in text


def test_its_history_is_sentences(desk, book, osei, ana):
    text = text_of(page_of(desk, book(osei, ana, "2026-03-03 10:00")), "main")
    assert "Mon 2 March 2026, 08:00 Rae Quist booked it at the desk. It was confirmed." in text


def test_a_visit_of_the_old_book_says_so(desk, osei, ana):
    visit = Appointment.objects.create(
        doctor=osei,
        patient=ana,
        description="<script>alert(1)</script>",
        appointment_datetime=NOW,
        minutes=30,
        source=Source.LEGACY,
        original_patient_name="SOUZA, Ana",
        created_at=NOW,
        updated_at=NOW,
    )
    AppointmentEvent.objects.create(
        appointment=visit,
        at=NOW,
        kind=AppointmentEvent.Kind.ADOPTED,
        channel=Source.LEGACY,
        before={"status": "PENDIENTE"},
    )
    Flag.objects.create(kind=Flag.Kind.UNKNOWN_STATUS, appointment=visit, detail="reprogr.", created_at=NOW)
    Flag.objects.create(kind=Flag.Kind.TIME_CAME_TWICE, appointment=visit, created_at=NOW, resolved_at=NOW)
    response = page_of(desk, visit)
    text = text_of(response, "main")
    assert "Taken over from the old book. Its status there was “PENDIENTE”." in text
    assert "Unknown status: reprogr." in text
    assert "Time that exists twice" not in text
    assert "In the old book: “SOUZA, Ana”" in text
    assert "<script>alert" not in response.content.decode()


def test_the_patients_own_address_can_be_given_out(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-03 10:00")
    assert f"http://testserver/appointment/{visit.uuid}/" in page_of(desk, visit).content.decode()


def test_a_visit_costs_a_fixed_number_of_queries(desk, book, osei, ana, rae, django_assert_num_queries):
    visit = book(osei, ana, "2026-03-03 10:00")
    with django_assert_num_queries(6):
        page_of(desk, visit)
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(appointment=visit, version=n, at=NOW, by=rae, kind="moved", channel="desk")
        for n in range(2, 52)
    )
    with django_assert_num_queries(6):
        page_of(desk, visit)
