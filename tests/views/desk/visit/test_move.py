"""Moving a visit: both times side by side, and one press that moves it or says why not."""

import re

import pytest
import time_machine

from scheduling.booking.actions import Wish, cancel, move
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status
from tests.booking.asking import last_event, stored
from tests.conftest import NOW, madrid
from tests.markup import in_one_line
from tests.views.desk.pages import text_of, typed_in

ELEVEN = "2026-03-03T11:00:00+01:00"


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-03 10:00")


def page_of(desk, visit, doctor, start=ELEVEN, **more):
    return desk.get(f"/desk/appointments/{visit.uuid}/move/", {"doctor": doctor.uuid, "start": start, **more})


def sent(desk, visit, doctor, start=ELEVEN, **more):
    fields = {"doctor": doctor.uuid, "start": start, "version": visit.version} | more
    return desk.post(f"/desk/appointments/{visit.uuid}/move/", fields)


def posted_by(page, within):
    """The form in the part of the page with this id, as the browser would send it."""
    part = page.content.decode().partition(f'id="{within}"')[2]
    form = re.search(r"<form(.*?)</form>", part, re.DOTALL).group(1)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {"action": re.search(r'action="([^"]*)"', form).group(1), "fields": dict(fields)}


def place_of(visit):
    row = Appointment.objects.select_related("doctor").get(uuid=visit.uuid)
    return row.appointment_datetime, row.doctor, row.version


def test_what_was_and_what_will_be_stand_side_by_side(desk, visit, osei):
    page = page_of(desk, visit, osei)
    text = text_of(page, "main")
    assert "Now Tuesday 3 March 2026 10:00 to 10:30 Dr Ama Osei Cardiology" in text
    assert (
        "After the move Tuesday 3 March 2026 11:00 to 11:30 Dr Ama Osei Cardiology 30 min, as before" in text
    )
    assert "Move to tomorrow, 11:00" in text
    assert "another" not in text.replace("Pick another time", "")
    assert typed_in(page) | {"csrfmiddlewaretoken": ""} == {
        "csrfmiddlewaretoken": "",
        "version": "1",
        "doctor": str(osei.uuid),
        "start": ELEVEN,
        "reason": "",
    }


def test_another_doctor_and_another_day_are_marked(desk, visit, lind):
    text = text_of(page_of(desk, visit, lind, "2026-03-04T11:00:00+01:00"), "main")
    assert "Dr Per Lind Cardiology another doctor another day 30 min, as before" in text


def test_a_press_moves_it_and_shows_the_new_day(desk, visit, lind, rae):
    answer = sent(desk, visit, lind, "2026-03-04T11:00:00+01:00", reason="Works late")
    assert (answer.status_code, answer.url) == (302, f"/desk/day/2026-03-04/?moved={visit.uuid}")
    assert place_of(visit) == (madrid("2026-03-04 11:00"), lind, 2)
    event = last_event(visit)
    assert (event.by, event.reason, event.at) == (rae, "Works late", NOW)
    shown = text_of(desk.get(answer.url), "toasts")
    assert shown == "Ana Souza Prieto: moved to Wed 4 March, 11:00 with Dr Per Lind. Undo U Dismiss"


def test_a_move_is_undone_from_its_message(desk, visit, osei, lind):
    answer = sent(desk, visit, lind, "2026-03-04T11:00:00+01:00")
    back = posted_by(desk.get(answer.url), "toasts")
    assert back["action"] == f"/desk/appointments/{visit.uuid}/move/"
    answer = desk.post(back["action"], back["fields"])
    assert (answer.status_code, answer.url) == (302, f"/desk/day/2026-03-04/?moved={visit.uuid}")
    assert place_of(visit) == (madrid("2026-03-03 10:00"), osei, 3)
    page = desk.get(answer.url)
    assert "moved to tomorrow, 10:00 with Dr Ama Osei. Undo" in text_of(page, "toasts")
    # The visit is on another day's board again: the focus is on what is said of it.
    assert page.content.count(b"autofocus") == 1
    assert b'<p tabindex="-1" autofocus>Ana Souza Prieto: moved' in page.content


def test_no_move_into_the_past_is_offered(desk, book, osei, ben):
    overdue = book(osei, ben, "2026-03-02 10:00")
    with time_machine.travel(madrid("2026-03-02 10:20"), tick=False):
        answer = sent(desk, overdue, osei, "2026-03-04T11:00:00+01:00")
        assert "Open the visit Dismiss" in text_of(desk.get(answer.url), "toasts")


def test_sent_twice_it_is_moved_once(desk, visit, osei):
    for _ in range(2):
        assert sent(desk, visit, osei, next="/desk/day/2026-03-02/").url == "/desk/day/2026-03-02/"
    assert place_of(visit) == (madrid("2026-03-03 11:00"), osei, 2)


def test_just_taken_keeps_the_reason_and_offers_the_nearest(desk, visit, osei, lind, ben, book):
    book(osei, ben, "2026-03-03 11:00")
    ready = stored()
    answer = sent(desk, visit, osei, reason="Works <late>", next="/desk/day/2026-03-02/")
    text = text_of(answer, "main")
    assert answer.status_code == 422
    assert "Not moved This time is already taken with Dr Ama Osei." in text
    assert "The visit stays where it was. Your reason is kept." in text
    page = in_one_line(answer.content.decode())
    assert 'value="Works &lt;late&gt;"' in page
    assert "Move to tomorrow" not in text
    assert f'formaction="/desk/appointments/{visit.uuid}/move/choose/" name="choice"' in page
    assert f'name="choice" value="{osei.uuid}|2026-03-03T11:30:00+01:00"' in page
    assert f'name="choice" value="{lind.uuid}|2026-03-03T11:00:00+01:00"' in page
    assert stored() == ready
    picked = desk.post(
        f"/desk/appointments/{visit.uuid}/move/choose/",
        typed_in(answer) | {"choice": f"{lind.uuid}|2026-03-03T11:00:00+01:00"},
    )
    assert picked.status_code == 200
    kept = typed_in(picked)
    assert (kept["doctor"], kept["next"]) == (str(lind.uuid), "/desk/day/2026-03-02/")
    assert 'value="Works &lt;late&gt;"' in picked.content.decode()
    assert stored() == ready
    desk.post(f"/desk/appointments/{visit.uuid}/move/", kept)
    assert place_of(visit) == (madrid("2026-03-03 11:00"), lind, 2)


def test_overtaken_it_shows_the_new_place_and_asks_again(desk, visit, osei, lind, max_):
    with time_machine.travel(madrid("2026-03-02 10:40"), tick=False):
        at = madrid("2026-03-02 10:36")
        move(Seen.of(visit), doctor=lind, start=madrid("2026-03-05 12:00"), by=max_, now=at)
        ready = stored()
        answer = sent(desk, visit, osei, reason="Works late")
        text = text_of(answer, "main")
        assert answer.status_code == 409
        assert "Today, 10:36: Max Thorn moved it from tomorrow, 10:00 with Dr Ama Osei to Thu 5 March" in text
        assert "Now Thursday 5 March 2026 12:00 to 12:30 Dr Per Lind" in text
        assert typed_in(answer)["version"] == "2"
        assert stored() == ready
        desk.post(f"/desk/appointments/{visit.uuid}/move/", typed_in(answer))
    assert place_of(visit) == (madrid("2026-03-03 11:00"), osei, 3)
    assert last_event(visit).reason == "Works late"


def test_a_visit_called_off_meanwhile_is_told_on_its_own_page(desk, visit, osei, max_):
    cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=max_, now=NOW)
    answer = sent(desk, visit, osei)
    assert answer.status_code == 409
    assert "Max Thorn cancelled it at the patient’s request." in text_of(answer, "main")
    current = Appointment.objects.get(uuid=visit.uuid)
    assert "This cannot be done with a visit that is: Cancelled." in text_of(
        sent(desk, current, osei), "main"
    )
    assert page_of(desk, visit, osei).url == f"/desk/appointments/{visit.uuid}/"


def test_outside_the_hours_it_takes_the_right_and_a_word(desk, client, visit, osei, max_):
    early = "2026-03-03T08:00:00+01:00"
    text = text_of(page_of(desk, visit, osei, early), "main")
    assert "Dr Ama Osei does not work for the whole of this time." in text
    assert "all the same" not in text
    assert "Move to tomorrow, 08:00" not in text
    assert sent(desk, visit, osei, early, accepted="outside_hours").status_code == 422
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    text = text_of(page_of(client, visit, osei, early), "main")
    assert "Move it there all the same. The history will say so." in text
    assert sent(client, visit, osei, early).status_code == 422
    assert place_of(visit) == (madrid("2026-03-03 10:00"), osei, 1)
    assert sent(client, visit, osei, early, accepted="outside_hours").status_code == 302
    assert last_event(visit).after["accepted"] == ["outside_hours"]


def test_where_it_stands_already_nothing_is_to_be_pressed(desk, visit, osei):
    text = text_of(page_of(desk, visit, osei, "2026-03-03T10:00:00+01:00"), "main")
    assert "The visit is already there: nothing would change." in text
    assert "Move to tomorrow" not in text


def test_its_own_time_does_not_stand_in_its_way(desk, visit, osei):
    assert sent(desk, visit, osei, "2026-03-03T10:15:00+01:00").status_code == 302
    assert place_of(visit)[0] == madrid("2026-03-03 10:15")


def test_without_a_target_the_board_is_where_one_is_picked(desk, visit, book, osei, ben, rae):
    address = f"/desk/appointments/{visit.uuid}/move/"
    assert desk.get(address).url == f"/desk/day/2026-03-03/?moving={visit.uuid}"
    with time_machine.travel(madrid("2026-03-02 18:00"), tick=False):
        Appointment.objects.filter(pk=visit.pk).update(appointment_datetime=madrid("2026-02-02 10:00"))
        desk.logout()  # ten hours later
        desk.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        assert desk.get(address).url == f"/desk/day/2026-03-02/?moving={visit.uuid}"


@pytest.mark.parametrize("start", ["", "tomorrow", "2026-03-03T11:00:00", "9999-12-31T23:59:59+00:00", "\0"])
def test_a_link_that_cannot_be_read_leads_to_the_board(desk, visit, osei, start):
    answer = page_of(desk, visit, osei, start)
    assert answer.url == f"/desk/day/2026-03-03/?moving={visit.uuid}"
    assert "The link to that time could not be read." in text_of(desk.get("/desk/attention/"), "toasts")


@pytest.mark.parametrize(
    "fields",
    [
        {"doctor": ""},
        {"doctor": "0b1d8a52-6d0e-4a53-9a57-3f7f3c1d2e4a"},
        {"start": "x" * 50},
        {"start": "2026-03-03T11:00:00"},
        {"version": "x"},
        {"reason": "x" * 1001},
        {"reason": "\0"},
    ],
)
def test_what_cannot_be_read_moves_nothing(desk, visit, osei, fields):
    ready = stored()
    whole = {"doctor": osei.uuid, "start": ELEVEN, "version": 1}
    answer = desk.post(f"/desk/appointments/{visit.uuid}/move/", whole | fields)
    assert answer.status_code == 422
    assert stored() == ready


@pytest.mark.parametrize("choice", ["", "nonsense", "|", "x|2026-03-03T11:00:00+01:00"])
def test_a_choice_that_cannot_be_read_moves_nothing(desk, visit, choice):
    ready = stored()
    answer = desk.post(f"/desk/appointments/{visit.uuid}/move/choose/", {"choice": choice})
    assert answer.status_code == 422
    assert stored() == ready


def test_a_visit_under_way_cannot_be_moved(desk, visit, osei):
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ARRIVED)
    assert page_of(desk, visit, osei).url == f"/desk/appointments/{visit.uuid}/"
    assert sent(desk, visit, osei).status_code == 422


def test_ctrl_enter_is_the_key_of_the_press_that_moves_it(desk, visit, osei):
    page = in_one_line(page_of(desk, visit, osei).content.decode())
    assert page.count('aria-keyshortcuts="Control+Enter"') == 1
    assert '<button class="btn btn--go" aria-keyshortcuts="Control+Enter">Move to tomorrow, 11:00' in page
