"""The steps of a visit from its page: done, refused, overtaken; and always back to where one was."""

import pytest
import time_machine

from scheduling.booking import actions
from scheduling.booking.actions import Wish, cancel, move, set_status
from scheduling.booking.seen import Seen
from scheduling.models import AppointmentEvent, Status
from tests.booking.asking import last_event, stored
from tests.conftest import NOW, madrid
from tests.markup import in_one_line
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.pages import text_of, typed_in
from tests.views.desk.visit.after import fresh, said

LATER = madrid("2026-03-02 11:00")  # the visits of these tests begin at 10:00 today
HOSTILE = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "javascript:alert(1)",
    "desk/",
    "/desk/\r\nX: y",
    "/" + "a" * 5000,
    "/\0",
]


def test_the_page_offers_what_can_be_done_by_button_and_key(desk, visit):
    page = desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    for key in "aml":
        assert f'aria-keyshortcuts="{key}"' in page
    for key in "oscxu":
        assert f'aria-keyshortcuts="{key}"' not in page
    assert "Once it should have started, a no-show can be noted here." in page


def test_marking_as_arrived_says_so_and_can_be_undone_there(desk, visit, post):
    response = post(visit, "status", status="arrived")
    assert (response.status_code, response.url) == (302, f"/desk/appointments/{visit.uuid}/")
    page = desk.get(response.url)
    assert text_of(page, "toasts").startswith("Ana Souza Prieto has arrived. Undo")
    assert "Arrived, early" in text_of(page, "main")
    response = post(visit, "undo")
    assert said(response, desk).startswith("Undone. Ana Souza Prieto, today, 10:00: Confirmed.")
    assert fresh(visit).status == "confirmed"
    assert text_of(desk.get("/desk/attention/"), "toasts") == ""


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (["arrived"], "Ana Souza Prieto has arrived."),
        (["arrived", "in_progress"], "Ana Souza Prieto is with Dr Ama Osei now."),
        (["arrived", "in_progress", "completed"], "Ana Souza Prieto: the visit is completed."),
        (["no_show"], "Ana Souza Prieto did not come: noted. The time is free."),
    ],
)
def test_each_step_is_told(desk, visit, post, path, sentence):
    with time_machine.travel(LATER, tick=False):
        for status in path:
            message = said(post(visit, "status", status=status), desk)
    assert message.startswith(sentence)
    assert fresh(visit).status == path[-1]


def test_a_pending_visit_can_be_confirmed(desk, book, osei, ana, post):
    visit = book(osei, ana, "2026-03-09 10:00", status=Status.PENDING)
    page = in_one_line(desk.get(f"/desk/appointments/{visit.uuid}/").content.decode())
    assert 'value="confirmed" aria-keyshortcuts="o"' in page
    assert "On Monday 9 March the patient can be marked as arrived here." in page
    response = post(visit, "status", status="confirmed")
    assert said(response, desk).startswith("Ana Souza Prieto, Mon 9 March, 10:00: confirmed.")


def test_sent_twice_it_is_done_once(visit, post):
    for _ in range(2):
        assert post(visit, "status", status="arrived", version=1).status_code == 302
    for _ in range(2):
        assert post(visit, "undo", version=2).status_code == 302
    for _ in range(2):
        answer = post(visit, "cancel", version=3, wish="patient", reason="Ill")
        assert answer.status_code == 302
    assert (fresh(visit).status, fresh(visit).version) == ("cancelled", 4)


def test_it_leads_back_to_where_the_button_was(visit, post):
    assert (
        post(visit, "status", status="arrived", next="/desk/day/2026-03-02/?x=1").url
        == "/desk/day/2026-03-02/?x=1"
    )


@pytest.mark.parametrize("address", HOSTILE)
def test_it_never_leads_elsewhere(visit, post, address):
    assert post(visit, "status", status="arrived", next=address).url == f"/desk/appointments/{visit.uuid}/"


def test_who_was_quicker_on_another_page_is_told_that_it_was_oneself(visit, post, osei, rae):
    move(
        Seen.of(visit), doctor=osei, start=madrid("2026-03-03 11:00"), by=rae, now=madrid("2026-03-02 10:36")
    )
    with time_machine.travel(LATER, tick=False):
        text = text_of(post(visit, "status", status="arrived", version=1), "main")
    assert "You have changed this visit meanwhile Today, 10:36: You moved it from today, 10:00" in text


def test_the_second_clerk_is_told_what_the_first_one_did(desk, visit, post, osei, lind, tom):
    move(
        Seen.of(visit), doctor=osei, start=madrid("2026-03-03 11:00"), by=tom, now=madrid("2026-03-02 10:36")
    )
    ready = stored()
    with time_machine.travel(LATER, tick=False):
        answer = post(visit, "status", status="arrived", version=1)
        text = text_of(answer, "main")
    assert answer.status_code == 409
    assert (
        "Someone else has changed this visit Today, 10:36: Tomás Gil moved it from today, 10:00 to "
        "tomorrow, 11:00. Your change was not made. This is the visit as it is now." in text
    )
    assert typed_in(answer)["version"] == "2"
    assert stored() == ready


def test_a_visit_entered_in_error_needs_to_be_explained(desk, visit, post):
    answer = post(visit, "status", status="entered_in_error", reason=" ")
    assert answer.status_code == 422
    assert "Say what is wrong with it: it goes into the history." in text_of(answer, "main")
    assert fresh(visit).status == "confirmed"
    answer = post(visit, "status", status="entered_in_error", reason="Wrong patient")
    assert said(answer, desk).startswith("Ana Souza Prieto, today, 10:00: marked as entered in error. Undo")
    text = text_of(desk.get(f"/desk/appointments/{visit.uuid}/"), "main")
    assert "You marked it as entered in error. “Wrong patient”" in text


@pytest.mark.parametrize("status", ["", "cancelled", "pending", "gone", "arrived\0"])
def test_no_other_status_can_be_set(visit, post, status):
    ready = stored()
    assert post(visit, "status", status=status).status_code == 422
    assert stored() == ready


def test_what_cannot_be_is_refused_in_words(visit, post):
    answer = post(visit, "status", status="no_show")
    assert answer.status_code == 422
    assert "Nothing was changed It is not time for this visit yet." in text_of(answer, "main")
    answer = post(visit, "status", status="completed")
    assert "This cannot be done with a visit that is: Confirmed." in text_of(answer, "main")
    assert "There is no change of status to take back." in text_of(post(visit, "undo"), "main")


def test_who_was_given_up_can_come_after_all(desk, visit, post):
    with time_machine.travel(LATER, tick=False):
        post(visit, "status", status="no_show")
        page = text_of(desk.get(f"/desk/appointments/{visit.uuid}/"), "main")
        assert "Arrived after all A Undo “No-show” U" in page
        post(visit, "undo", to="arrived")
    assert (fresh(visit).status, last_event(visit).kind) == ("arrived", "undone")


def test_a_visit_whose_time_is_gone_stays_cancelled_and_the_next_step_is_there(
    desk, visit, post, book, osei, lind, ana, ben
):
    gone = cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
    other = book(osei, ben, "2026-03-02 10:15")
    answer = post(gone, "undo")
    text = text_of(answer, "main")
    assert answer.status_code == 422
    assert "The time of this visit was given to somebody else meanwhile." in text
    assert "Ben Okafor is booked with Dr Ama Osei, today, 10:15 to 10:45" in text
    page = answer.content.decode()
    assert f'href="/desk/appointments/{other.uuid}/"' in page
    link = (
        f"/desk/book/?doctor={lind.uuid}&amp;start=2026-03-02T10%3A00%3A00%2B01%3A00&amp;patient={ana.uuid}"
    )
    assert link in page
    assert fresh(visit).status == "cancelled"


def test_without_the_right_nothing_is_taken_back(desk, visit, post, rae):
    desk.get(post(visit, "status", status="arrived").url)  # where its message was read
    rae.groups.get().permissions.filter(codename="undo_appointment").delete()
    page = desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    assert 'aria-keyshortcuts="u"' not in page
    answer = post(visit, "undo")
    assert answer.status_code == 422
    assert "Your account may not do this." in text_of(answer, "main")
    post(visit, "status", status="in_progress")
    assert text_of(desk.get("/desk/attention/"), "toasts") == (
        "Ana Souza Prieto is with Dr Ama Osei now. Open the visit Dismiss"
    )


def test_a_script_gets_the_message_alone_and_the_board_is_told(visit, post, tom):
    part = {"HX-Request": "true"}
    answer = post(visit, "status", headers=part, status="arrived", next="/desk/day/2026-03-02/")
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "clinic:changed")
    assert text_of(answer, "toasts").startswith("Ana Souza Prieto has arrived. Undo")
    assert "<html" not in answer.content.decode()
    assert typed_in(answer)["next"] == "/desk/day/2026-03-02/"
    set_status(Seen.of(fresh(visit)), Status.COMPLETED, by=tom, now=NOW)
    answer = post(visit, "status", headers=part, status="in_progress", version=2)
    assert answer.status_code == 200
    assert "Tomás Gil marked the visit as completed." in text_of(answer, "toasts")
    assert "Your change was not made." in text_of(answer, "toasts")


@pytest.mark.parametrize("step", ["status", "undo", "cancel", "move"])
def test_a_visit_that_does_not_exist_is_not_found(desk, db, step):
    fields = {"version": 1, "status": "arrived", "wish": "patient", "reason": "Ill"}
    assert desk.post(f"/desk/appointments/{UNKNOWN}/{step}/", fields).status_code == 404


@pytest.mark.parametrize("step", ["status", "undo"])
def test_a_link_does_nothing(desk, visit, step):
    assert desk.get(f"/desk/appointments/{visit.uuid}/{step}/", {"version": 1}).status_code == 405


def test_a_step_costs_few_queries(visit, post, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        post(visit, "status", status="arrived")
    assert AppointmentEvent.objects.filter(appointment=visit).count() == 2


def test_the_wait_counts_from_the_time_of_the_visit_as_on_the_board(client, rae, visit):
    actions.set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=madrid("2026-03-02 09:40"))
    found = []
    for at in ("09:59", "10:00", "10:12"):
        with time_machine.travel(madrid(f"2026-03-02 {at}"), tick=False):
            client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
            page = text_of(client.get(f"/desk/appointments/{visit.uuid}/"), "main")
        found.append(page[page.index("Arrived,") :].split(" What")[0])
    assert found == ["Arrived, early", "Arrived, waiting 0 min", "Arrived, waiting 12 min"]
