"""One visit: its facts, its history in sentences, its doubts, its address for the patient."""

import pytest

from accounts import api_keys
from accounts.models import Scope
from scheduling.booking import actions
from scheduling.booking.actions import Wish, overbook
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, AppointmentEvent, Flag, Source
from tests.booking.asking import wish
from tests.conftest import NOW, madrid
from tests.views.desk.pages import text_of


def page_of(desk, visit):
    return desk.get(f"/desk/appointments/{visit.uuid}/")


def test_a_visit_tells_its_facts(desk, book, osei, ana):
    ana.date_of_birth, ana.phone, ana.email = "1984-06-12", "+34600555482", "ana@example.org"
    ana.save()
    text = text_of(page_of(desk, book(osei, ana, "2026-03-03 10:00", description="Echo")), "main")
    for fact in (
        "Ana Souza Prieto",
        "Check-up with Dr Ama Osei, tomorrow, 10:00",
        "Tue 3 March, 10:00 2026, until 10:30",
        "until 10:30",
        "born 12 June 1984",
        "600 55 54 82",
        "ana@example.org",
        "Echo",
        "Confirmed",
        "Desk",
    ):
        assert fact in text


def test_its_history_is_sentences(desk, book, osei, ana):
    text = text_of(page_of(desk, book(osei, ana, "2026-03-03 10:00")), "main")
    assert "Today, 08:00 at the desk You booked it. Booked as confirmed." in text


def test_what_a_colleague_did_is_told_by_name(desk, book, osei, ana, tom):
    visit = book(osei, ana, "2026-03-03 10:00")
    event(visit, "status", 2, by=tom, after={"status": "arrived"})
    text = text_of(page_of(desk, visit), "main")
    assert "Tomás Gil marked the patient as arrived." in text
    assert "You booked it." in text


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
    assert f"https://book.clinic.example/appointment/{visit.uuid}/" in page_of(desk, visit).content.decode()


def test_a_visit_costs_a_fixed_number_of_queries(desk, book, osei, ana, rae, django_assert_num_queries):
    visit = book(osei, ana, "2026-03-03 10:00")
    with django_assert_num_queries(8):
        page_of(desk, visit)
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(appointment=visit, version=n, at=NOW, by=rae, kind="moved", channel="desk")
        for n in range(2, 52)
    )
    with django_assert_num_queries(8):
        page_of(desk, visit)


def event(visit, kind, version=2, **values):
    return AppointmentEvent.objects.create(
        appointment=visit, version=version, at=NOW, kind=kind, **{"channel": "desk", **values}
    )


def place(doctor, at, **more):
    return {"start": f"{madrid(at).isoformat()}", "doctor": str(doctor.uuid), "minutes": 30, **more}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (("status", {}, {"status": "arrived"}), "You marked the patient as arrived."),
        (("status", {}, {"status": "confirmed"}), "You confirmed it."),
        (("status", {}, {"status": "in_progress"}), "You started the visit."),
        (("status", {}, {"status": "completed"}), "You marked the visit as completed."),
        (("status", {}, {"status": "no_show"}), "You noted that the patient did not come."),
        (("status", {}, {"status": "entered_in_error"}), "You marked it as entered in error."),
        (("status", {}, {"status": "unheard of"}), "You changed it."),
        (("cancelled", {}, {"wish": "clinic"}), "You cancelled it for the clinic."),
        (("cancelled", {}, {"wish": "patient"}), "You cancelled it at the patient’s request."),
        (("cancelled", {}, {}), "You cancelled it."),
        (
            ("undone", {"status": "no_show"}, {"status": "arrived"}),
            "You undid “No-show”. It was “Arrived” again.",
        ),
        (("moved", {}, {}), "You moved it."),
    ],
)
def test_each_kind_of_change_has_its_sentence(desk, book, osei, ana, rae, values, sentence):
    visit = book(osei, ana, "2026-03-03 10:00")
    kind, before, after = values
    event(visit, kind, by=rae, before=before, after=after, reason="Because")
    assert f"Today, 08:00 at the desk {sentence} “Because”" in text_of(page_of(desk, visit), "main")


def test_what_a_program_did_with_its_key_is_told_with_the_keys_name(
    desk, osei, ana, checkup, website_account
):
    asked = wish(osei, ana, checkup, "2026-03-03 10:00", source=Source.API)
    visit = actions.book(asked, by=website_account, now=NOW)
    seen = Seen.of(visit)
    actions.cancel(seen, reason="Better", wish=Wish.PATIENT, by=website_account, now=NOW, channel=Source.API)
    text = text_of(page_of(desk, visit), "main")
    assert "Today, 08:00 through another program Website (program) booked it." in text
    assert (
        "Today, 08:00 through another program Website (program) cancelled it at the patient’s request. "
        "“Better”" in text
    )
    assert "Source Another program" in text


def test_a_program_that_bears_a_persons_name_is_not_taken_for_the_person(desk, book, osei, ana, rae):
    visit = book(osei, ana, "2026-03-03 10:00")
    key, _ = api_keys.issue("Rae Quist", Scope.BOOK, expires_at=None, now=NOW)
    event(visit, "status", 2, by=key.user, after={"status": "arrived"}, channel="api")
    html = page_of(desk, visit).content.decode()
    assert "<b>Rae Quist (program)</b> marked the patient as arrived." in html
    assert "<b>You</b> booked it." in html


def test_a_move_tells_from_and_to(desk, book, osei, lind, ana):
    visit = book(osei, ana, "2026-03-03 10:00")
    old, new = "2026-03-03 10:00", "2027-03-04 11:00"
    event(visit, "moved", 2, before=place(osei, old), after=place(osei, new))
    event(visit, "moved", 3, before=place(osei, new), after=place(lind, new), channel="api")
    there = {"accepted": ["outside_hours", "unheard of"]}
    event(visit, "moved", 4, before=place(lind, new), after=place(osei, old, **there), channel="patient")
    text = text_of(page_of(desk, visit), "main")
    assert "Someone moved it from tomorrow, 10:00 to Thu 4 March 2027, 11:00." in text
    assert (
        "through another program Another program moved it from Dr Ama Osei to Dr Per Lind, at the same time."
        in text
    )
    assert (
        "online The patient moved it from Thu 4 March 2027, 11:00 with Dr Per Lind to tomorrow, 10:00 with "
        "Dr Ama Osei. Outside the doctor’s hours, on purpose." in text
    )


def test_an_overbooking_is_told_with_its_reason(desk, book, osei, ana, ben, rae, checkup):
    book(osei, ben, "2026-03-03 10:00")
    visit = overbook(wish(osei, ana, checkup, "2026-03-03 10:00"), reason="In pain", by=rae, now=NOW)
    text = text_of(page_of(desk, visit), "main")
    assert "You booked it. Booked as confirmed. Overbooked on purpose. “In pain”" in text


def test_many_moves_between_doctors_cost_no_more_than_one(
    desk, book, osei, lind, ana, django_assert_num_queries
):
    visit = book(osei, ana, "2026-03-03 10:00")
    at = "2026-03-03 10:00"
    event(visit, "moved", 2, before=place(lind, at), after=place(osei, at))
    with django_assert_num_queries(9):
        page_of(desk, visit)
    for n in range(3, 12):
        event(visit, "moved", n, before=place(lind, at), after=place(osei, at))
    with django_assert_num_queries(9):
        page_of(desk, visit)


def test_the_next_free_times_are_one_step_from_a_move(desk, book, osei, ana, ben):
    book(osei, ben, "2026-03-02 09:00")
    visit = book(osei, ana, "2026-03-03 10:00")
    page = page_of(desk, visit)
    assert "Free next with Dr Ama Osei: 09:30 today 10:00 today 10:30 today" in text_of(page, "main")
    link = f"{visit.uuid}/move/?doctor={osei.uuid}&amp;start=2026-03-02T09%3A30%3A00%2B01%3A00"
    assert link in page.content.decode()
