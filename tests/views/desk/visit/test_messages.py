"""Messages on the page of a visit: what goes out, what went out, and what can be done with it."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission

from scheduling.booking import patients
from scheduling.booking.actions import move
from scheduling.booking.outbox import facts_of
from scheduling.booking.records import snapshot
from scheduling.booking.seen import Seen
from scheduling.models import Message, MessageSettings, MessageWords, Notice, VisitType, VisitTypeWords
from scheduling.models.notices import KEPT_DAYS
from scheduling.notices import clearing
from tests.conftest import NOW, madrid
from tests.messages import TEXT, one_of_each, sent
from tests.notices.post import send
from tests.views.desk.pages import text_of


@pytest.fixture(autouse=True)
def messages(settings, ana):
    settings.NOTICE_CHANNELS = ["email"]
    MessageSettings.objects.create(sends_from=time(7))
    ana.email, ana.language = "ana@mail.example", "es"
    patients.save(ana)


@pytest.fixture
def visit(book, osei, ana):
    """Ana, Monday in a week: it was booked just now, at eight."""
    ana.refresh_from_db()
    return book(osei, ana, "2026-03-09 10:00")


def page(desk, visit, part="messages"):
    response = desk.get(f"/desk/appointments/{visit.uuid}/")
    assert response.status_code == 200
    return text_of(response, part)


def press(desk, visit, label):
    """Press the first button with these words among the messages."""
    html = desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    form = next(
        part for part in html.split("<form")[1:] if f">\n    {label}\n" in part.partition("</form>")[0]
    )
    address = form.partition('action="')[2].partition('"')[0]
    fields = {
        name: form.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("version", "copies", "next")
        if f'name="{name}" value="' in form
    }
    return desk.post(address, fields, follow=True)


def test_what_goes_out_next_stands_on_top_with_its_time(desk, visit):
    text = page(desk, visit)
    for said in (
        "to ana@mail.example, in Spanish",
        "Confirmed: Mon 9 March, 10:00",
        "goes out today, 08:03, in 3 minutes, unless the visit changes again · E-mail, with a calendar file",
        "Reminder, 3 days before goes out Fri 6 March, 10:00 · E-mail",
        "Reminder, 1 day before goes out Sun 8 March, 10:00 · E-mail",
    ):
        assert said in text, text
    assert text.index("Confirmed") < text.index("Reminder, 3") < text.index("Reminder, 1")


def test_held_back_it_is_not_sent_and_the_toast_takes_it_back(desk, visit):
    answer = press(desk, visit, "Hold back")
    said = text_of(answer, "toasts")
    assert "Ana Souza Prieto: the message is held back." in said
    assert "Undo" in said
    row = Notice.objects.get()
    assert f'action="/desk/notices/{row.uuid}/release/"' in answer.content.decode()
    assert "Held back: confirmation, Mon 9 March, 10:00" in page(desk, visit)
    assert "at the desk by Rae Quist, today, 08:00" in page(desk, visit)
    assert "the patient was told" not in page(desk, visit)
    assert "Send a message now" not in page(desk, visit)  # beside "Send it after all"
    desk.post(f"/desk/notices/{row.uuid}/release/", {"next": "/desk/"})
    assert Notice.objects.get().state == "due"


def test_sent_after_all_the_page_says_what_happens(desk, visit):
    press(desk, visit, "Hold back")
    said = text_of(press(desk, visit, "Send it after all"), "toasts")
    assert "A confirmation goes to ana@mail.example in a moment." in said


def test_send_now(desk, visit):
    assert "in a moment" in text_of(press(desk, visit, "Send now"), "toasts")
    assert Notice.objects.get().due_at == NOW


def test_send_now_is_not_offered_at_night(desk, visit):
    MessageSettings.objects.update(sends_from=time(9))
    assert "goes out today, 09:00, in 60 minutes" in page(desk, visit)
    assert "Send now" not in page(desk, visit)


def test_a_reminder_is_left_out_and_wanted_again(desk, visit):
    said = text_of(press(desk, visit, "Don’t send"), "toasts")
    assert "Ana Souza Prieto: the reminder is left out." in said
    assert "Held back: reminder, 3 days before at the desk by Rae Quist, today, 08:00" in page(desk, visit)
    press(desk, visit, "Send it after all")
    assert "Reminder, 3 days before goes out Fri 6 March, 10:00" in page(desk, visit)


def test_what_was_sent_can_be_seen_as_it_was(desk, visit):
    row = sent(visit, version=0, delivered_at=NOW)
    assert "sent today, 08:00 · E-mail · delivered · see it as it was" in page(desk, visit)
    address = f"/desk/appointments/{visit.uuid}/messages/{row.message.uuid}/"
    assert address in desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    text = text_of(desk.get(address), "main")
    for said in (TEXT, "ana@mail.example", "Spanish", "Your appointment", "Delivered"):
        assert said in text


def test_after_thirty_days_only_the_fact_is_left(desk, visit):
    row = sent(visit, version=0, at=NOW - timedelta(days=KEPT_DAYS + 1))
    clearing.clear(now=NOW)
    address = f"/desk/appointments/{visit.uuid}/messages/{row.message.uuid}/"
    text = text_of(desk.get(address), "main")
    assert "The text is kept for 30 days." in text
    assert TEXT not in text
    assert "ana@mail.example" not in text


def test_a_message_about_another_visit_is_not_found_here(desk, visit, book, lind, ben):
    other = sent(book(lind, ben, "2026-03-09 12:00"), version=0)
    assert desk.get(f"/desk/appointments/{visit.uuid}/messages/{other.message.uuid}/").status_code == 404
    assert desk.get(f"/desk/appointments/{visit.uuid}/messages/{uuid4()}/").status_code == 404


def test_failures_answers_and_what_was_held_back_are_said_in_words(desk, visit, rae):
    Notice.objects.all().delete()
    one_of_each(visit, rae)
    text = page(desk, visit)
    for said in (
        "Answered “YES 7567”, today, 08:00: Noted",
        "Not delivered: move to Mon 9 March, 10:00",
        "the receiving server refused it · tried once: the mail server refused the address (550)",
        "Held back: move to Mon 9 March, 10:00",
        "“Send again” sends what is true now. An old time is never sent.",
    ):
        assert said in text, text


def test_what_somebody_has_told_on_the_phone_is_no_failure_any_more(desk, visit, rae):
    Notice.objects.update(
        state="failed", why="refused", answer="550", tries=1, settled_by=rae, settled_at=NOW
    )
    assert "tried once: the mail server refused the address (550) · told by Rae Quist, today, 08:00" in page(
        desk, visit
    )
    assert "is-bad" not in desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()


def test_send_again_pressed_twice_sends_once(desk, visit):
    send(NOW + timedelta(minutes=3))
    html = desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    assert 'name="copies" value="0"' in html
    address = f"/desk/appointments/{visit.uuid}/messages/again/"
    desk.post(address, {"copies": "0"})
    answer = desk.post(address, {"copies": "0"}, follow=True)
    assert "It was sent again meanwhile. Nothing more was done." in text_of(answer, "toasts")
    assert list(Notice.objects.order_by("copy").values_list("copy", flat=True)) == [0, 1]


@pytest.mark.parametrize("copies", ["", "x", "-1", "٠", "9" * 30])
def test_a_form_that_cannot_be_read_sends_nothing(desk, visit, copies):
    desk.post(f"/desk/appointments/{visit.uuid}/messages/again/", {"copies": copies})
    desk.post(f"/desk/notices/{Notice.objects.get().uuid}/hold/", {"version": copies})
    assert [row.state for row in Notice.objects.all()] == ["due"]


@pytest.mark.parametrize("step", ["hold", "release", "now"])
def test_a_message_that_there_is_not(desk, step):
    assert desk.post(f"/desk/notices/{uuid4()}/{step}/").status_code == 404


def test_without_an_address_the_phone_is_named_and_the_way_to_the_record(desk, book, osei, ana):
    ana.email, ana.phone = "", "+34600555001"
    visit = book(osei, patients.save(ana), "2026-03-09 10:00")
    text = page(desk, visit)
    assert "No message is sent: no address to send it to." in text
    assert "Tell it on the phone: 600 55 50 01" in text
    html = desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    assert f'href="/desk/patients/{ana.uuid}/edit/">Write an address into the record' in html
    assert "Hold back" not in text


def test_who_may_not_send_sees_it_all_without_a_button(desk, visit, rae):
    sent(visit, version=0)
    right = Permission.objects.get(codename="send_notice")
    for group in Group.objects.all():
        group.permissions.remove(right)
    text = page(desk, visit)
    assert "see it as it was" in text
    for button in ("Hold back", "Don’t send", "Send now", "Send again"):
        assert button not in text


def test_a_clinic_that_writes_to_nobody_has_no_such_panel(desk, visit, settings):
    settings.NOTICE_CHANNELS = []
    assert 'id="messages"' not in desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()


def test_eight_messages_cost_no_more_queries_than_one(desk, visit, django_assert_num_queries):
    address = f"/desk/appointments/{visit.uuid}/"
    desk.get(address)  # whether messages wait is known for the next minute
    with django_assert_num_queries(14):
        desk.get(address)
    for number in range(1, 9):
        sent(visit, copy=number)
    with django_assert_num_queries(14):
        desk.get(address)


def test_a_move_says_in_passing_what_the_patient_gets(desk, visit, osei):
    form = {"doctor": osei.uuid, "start": "2026-03-09T11:00+01:00", "version": visit.version}
    answer = desk.post(f"/desk/appointments/{visit.uuid}/move/", form, follow=True)
    said = text_of(answer, "toasts")
    assert "A confirmation goes to ana@mail.example in 3 minutes." in said  # nothing was told before


def test_a_cancellation_says_in_passing_what_the_patient_gets(desk, visit, ana):
    send(NOW + timedelta(minutes=3))
    form = {"version": visit.version, "wish": "clinic", "reason": "Ill"}
    answer = desk.post(f"/desk/appointments/{visit.uuid}/cancel/", form, follow=True)
    assert "A message about the cancellation goes to ana@mail.example" in text_of(answer, "toasts")


def test_where_nobody_is_told_the_phone_is_named_in_passing(desk, visit, ana, rae):
    patients.change(Seen.of(ana), {"email": "", "phone": "+34600555001"}, by=rae, now=NOW)
    Notice.objects.update(state="sent", told=facts_of(snapshot(visit)))
    form = {"version": visit.version, "wish": "clinic", "reason": "Ill"}
    answer = desk.post(f"/desk/appointments/{visit.uuid}/cancel/", form, follow=True)
    said = text_of(answer, "toasts")
    assert "Nobody is told by message: no address to send it to. Phone: 600 55 50 01." in said


def test_the_booked_page_says_what_they_get(desk, visit):
    text = text_of(desk.get(f"/desk/appointments/{visit.uuid}/booked/"), "messages")
    for said in (
        "What Ana gets",
        "A confirmation goes to ana@mail.example in 3 minutes.",
        "Today, 08:03, in Spanish. E-mail, with a calendar file. If you cancel it before, nothing is sent.",
        "Reminder, 3 days before: Fri 6 March, 10:00",
    ):
        assert said in text, text


def test_the_booked_page_leads_back_to_itself(desk, visit):
    row = Notice.objects.get()
    here = f"/desk/appointments/{visit.uuid}/booked/"
    answer = desk.post(f"/desk/notices/{row.uuid}/hold/", {"version": "1", "next": here})
    assert answer.url == f"{here}#messages"


def test_what_was_held_back_stays_on_the_booked_page_and_is_sent_after_all(desk, visit):
    row, here = Notice.objects.get(), f"/desk/appointments/{visit.uuid}/booked/"
    desk.post(f"/desk/notices/{row.uuid}/hold/", {"version": "1", "next": here})
    shown = desk.get(here)
    text = text_of(shown, "messages")
    assert "Held back: confirmation, Mon 9 March, 10:00 at the desk by Rae Quist, today, 08:00" in text
    assert "Send it after all" in text
    assert f'action="/desk/notices/{row.uuid}/release/"' in shown.content.decode()


@pytest.mark.parametrize("label", ["Hold back", "Don’t send", "Send now"])
def test_after_a_press_the_focus_is_at_the_messages(desk, visit, label):
    answer = press(desk, visit, label)
    assert answer.redirect_chain[-1][0] == f"/desk/appointments/{visit.uuid}/#messages"
    assert 'id="messages" tabindex="-1"' in answer.content.decode()


def test_what_failed_keeps_the_time_that_it_was_about(desk, visit, osei, rae):
    """Ana's confirmation failed, the visit was moved, and somebody told her on the phone."""
    failed = Notice.objects.get()
    Notice.objects.update(state="failed", why="refused", tries=1)
    moved = move(Seen.of(visit), doctor=osei, start=madrid("2026-03-10 11:00"), by=rae, now=NOW)
    Notice.objects.filter(pk=failed.pk).update(told=facts_of(snapshot(moved)), settled_by=rae, settled_at=NOW)
    assert "Not delivered: confirmation, Mon 9 March, 10:00" in page(desk, visit)


def test_what_was_held_back_keeps_the_time_that_it_was_about(desk, visit, osei, rae):
    press(desk, visit, "Hold back")
    move(Seen.of(visit), doctor=osei, start=madrid("2026-03-10 11:00"), by=rae, now=NOW)
    assert "Held back: confirmation, Mon 9 March, 10:00" in page(desk, visit)


def test_a_reminder_that_is_left_out_is_explained(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-04 10:00")
    text = text_of(desk.get(f"/desk/appointments/{visit.uuid}/booked/"), "messages")
    assert "The reminder 3 days before is left out: the visit is sooner." in text


def test_the_booked_page_costs_a_fixed_number_of_queries(desk, visit, django_assert_num_queries):
    address = f"/desk/appointments/{visit.uuid}/booked/"
    desk.get(address)
    with django_assert_num_queries(10):
        desk.get(address)


def test_a_record_says_how_its_patient_is_reached_and_what_was_sent(desk, visit, ana):
    for number in range(1, 13):
        sent(visit, copy=number, at=NOW - timedelta(hours=number))
    response = desk.get(f"/desk/patients/{ana.uuid}/")
    text = text_of(response, "main")
    assert "To ana@mail.example, in Spanish" in text
    assert text.count("Confirmed: Mon 9 March, 10:00") == 10
    newest = Message.objects.first()
    assert f"/desk/appointments/{visit.uuid}/messages/{newest.uuid}/" in response.content.decode()


def test_a_record_costs_as_much_with_many_messages(desk, visit, ana, django_assert_num_queries):
    address = f"/desk/patients/{ana.uuid}/"
    sent(visit, copy=1)
    desk.get(address)
    with django_assert_num_queries(15):
        desk.get(address)
    for number in range(2, 13):
        sent(visit, copy=number)
    with django_assert_num_queries(15):
        desk.get(address)


def test_a_slip_is_in_the_patients_language_and_has_no_reason(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-09 10:00", description="Short of breath")
    MessageWords.objects.create(language="es", how_to_find_us="Metro Ópera, {name}")
    MessageWords.objects.create(language="en", how_to_find_us="Take the metro")
    kind = VisitType.objects.get()
    VisitTypeWords.objects.create(visit_type=kind, language="es", how_to_prepare="En ayunas a las {time}")
    response = desk.get(f"/desk/appointments/{visit.uuid}/slip/")
    html = response.content.decode()
    paper = html.partition('<article class="slip" lang="es">')[2].partition("</article>")[0]
    for said in (
        "Lunes, 9 de marzo de 2026",
        "10:00",
        "Dr Ama Osei",
        "Metro Ópera, Ana Souza Prieto",
        "En ayunas a las 10:00",
        f"https://book.clinic.example/appointment/{visit.uuid}/",
    ):
        assert said in paper, paper
    assert "Short of breath" not in html
    assert "{" not in paper


def test_a_visit_that_is_off_has_no_slip(desk, visit):
    desk.post(f"/desk/appointments/{visit.uuid}/cancel/", {"version": 1, "wish": "clinic", "reason": "Ill"})
    address = f"/desk/appointments/{visit.uuid}/"
    assert desk.get(f"{address}slip/").url == address
    assert "slip/" not in desk.get(address).content.decode()
