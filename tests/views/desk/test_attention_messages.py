"""Patients whom a message did not reach, and what patients wrote: shown, told, sent again, dealt with."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache

from scheduling.booking import actions, patients
from scheduling.booking.actions import Seen
from scheduling.booking.outbox import facts_of
from scheduling.booking.records import snapshot
from scheduling.models import Appointment, Notice, Reply, UnreachableAddress
from scheduling.notices import replies
from scheduling.views.context import COUNT, attention_count
from tests.conftest import NOW, madrid
from tests.notices.incoming.sent import sent, stored
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.pages import text_of

PAGE = "/desk/attention/"
LOST = {"state": Notice.State.FAILED, "why": Notice.Why.BOUNCED, "answer": "5.1.1", "told": {}}
ANAS = "+34600555482"


@pytest.fixture
def ana(ana):
    ana.phone = ANAS
    return patients.save(ana)


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-05 10:00")


@pytest.fixture
def notice(visit):
    was = facts_of(snapshot(visit)) | {"start": "2026-03-04T10:00:00+00:00"}
    (notice,) = sent(visit, kind=Notice.Kind.MOVED, was=was, **LOST)
    return notice


def wrote(text, sender=ANAS, name=None):
    return replies.take(name or f"msg_{uuid4()}", sender=sender, text=text, at=NOW, now=NOW)


def told_by(desk, notice, version, **more):
    return desk.post(f"{PAGE}told/", {"visit": f"{notice.uuid}.{version}"} | more)


# -- Not reachable ---------------------------------------------------------


def test_who_was_not_reached_with_phones_what_to_tell_and_why(desk, notice, visit):
    page = desk.get(PAGE)
    text = text_of(page, "main")
    assert "Not reachable: phone 1" in text
    assert "Ana Souza Prieto 600 55 54 82" in text
    assert "Moved: Thu 5 March, 10:00 · Dr Ama Osei" in text
    assert "Before: Wed 4 March, 11:00" in text
    assert "Not told by a message: it came back · the mail server refused the address (5.1.1)" in text
    for part in (f'href="tel:{ANAS}"', f"/desk/appointments/{visit.uuid}/", f"{notice.uuid}.{visit.version}"):
        assert part in page.content.decode()


def test_what_is_told_is_the_visit_as_it_is_now(desk, notice, visit, max_):
    actions.cancel(Seen.of(visit), reason="Ill", wish=actions.Wish.CLINIC, by=max_, now=NOW)
    assert "Thu 5 March, 10:00 · Dr Ama Osei" in text_of(desk.get(PAGE), "main")
    assert "Cancelled" in text_of(desk.get(PAGE), "main")


def test_who_has_a_visit_no_more_that_was_never_theirs(desk, notice, ben):
    Notice.objects.update(former_patient=ben, kind=Notice.Kind.CANCELLED)
    text = text_of(desk.get(PAGE), "main")
    assert "Ben Okafor no phone on record" in text
    assert "Cancelled: this visit is not theirs. Thu 5 March, 10:00" in text
    assert "Souza" not in text


def test_told_it_is_gone_with_who_and_when_and_the_patient_knows(desk, rae, notice, visit):
    response = told_by(desk, notice, visit.version)
    row = stored(notice)
    assert (row.settled_by, row.settled_at, row.state) == (rae, NOW, Notice.State.FAILED)
    assert row.told == facts_of(snapshot(visit))
    shown = text_of(desk.get(response.headers["Location"]), "main")
    assert "1 is settled." in shown
    assert "Moved:" not in shown


def test_told_is_taken_back(desk, notice, visit):
    address = told_by(desk, notice, visit.version).headers["Location"]
    desk.post(f"{PAGE}take-back/", {"at": desk.get(address).context["done"]})
    row = stored(notice)
    assert (row.settled_by, row.settled_at, row.told) == (None, None, {})
    assert "Moved:" in text_of(desk.get(PAGE), "main")


def test_with_the_last_message_of_a_visit_the_earlier_ones_are_settled(desk, notice, visit):
    (earlier, later) = (notice, sent(visit, kind=Notice.Kind.CONFIRMED, **LOST)[0])
    response = told_by(desk, later, visit.version)
    assert "1 is settled." in text_of(desk.get(response.headers["Location"]), "main")
    assert (stored(earlier).settled_at, stored(later).settled_at) == (NOW, NOW)
    assert "Nothing waits for you." in text_of(desk.get(PAGE), "main")


@pytest.mark.parametrize("change", ["the visit", "somebody was quicker"])
def test_what_was_changed_meanwhile_is_not_told(desk, notice, visit, osei, max_, change):
    if change == "the visit":
        actions.move(Seen.of(visit), doctor=osei, start=madrid("2026-03-06 10:00"), by=max_, now=NOW)
    else:
        Notice.objects.update(settled_at=NOW - timedelta(minutes=1), settled_by=max_)
    response = told_by(desk, notice, visit.version)
    assert "Look at it again before you tell it." in desk.get(response.headers["Location"]).content.decode()
    assert stored(notice).told == {}


@pytest.mark.parametrize("sent_by_hand", ["", "x", "\0"])
def test_nothing_and_nonsense_tell_nobody(desk, notice, sent_by_hand):
    assert desk.post(f"{PAGE}told/", {"visit": sent_by_hand}).status_code == 302
    assert desk.post(f"{PAGE}told/", {"visit": f"{UNKNOWN}.1"}).status_code == 404
    assert stored(notice).settled_at is None


def test_tried_again_it_is_due_at_once_and_the_address_is_good_again(desk, notice, ana):
    UnreachableAddress.objects.create(patient=ana, address="ana@mail.example", at=NOW)
    Notice.objects.update(tries=6, created_at=NOW - timedelta(days=2))
    response = desk.post(f"{PAGE}messages/{notice.uuid}/again/")
    row = stored(notice)
    assert (row.state, row.due_at, row.created_at, row.tries) == (Notice.State.DUE, NOW, NOW, 0)
    assert (row.why, row.answer, row.message, row.sent_at, row.code) == ("", "", None, None, "")
    assert UnreachableAddress.objects.count() == 0
    said = desk.get(response.headers["Location"]).content.decode()
    assert "The message to Ana Souza Prieto goes out again." in said
    again = desk.post(f"{PAGE}messages/{notice.uuid}/again/")
    assert "taken care of this message already" in desk.get(again.headers["Location"]).content.decode()


def test_what_came_too_late_is_not_sent_again(desk, notice):
    Notice.objects.update(state=Notice.State.SKIPPED, why=Notice.Why.TOO_LATE)
    assert f"{notice.uuid}/again/" not in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}messages/{notice.uuid}/again/")
    assert stored(notice).state == Notice.State.SKIPPED
    assert desk.post(f"{PAGE}messages/{UNKNOWN}/again/").status_code == 404


# -- Replies ---------------------------------------------------------------


def test_what_was_written_by_whom_about_which_visit_and_why_it_is_here(desk, visit):
    sent(visit)
    reply = wrote("NO 7567 <b>sorry</b>")
    wrote("no 7567")
    page = desk.get(PAGE)
    text = text_of(page, "main")
    assert "What patients wrote 2" in text
    assert (
        "Ana Souza Prieto 600 55 54 82 “NO 7567 <b>sorry</b>” today, 08:00 · it is not clear what is meant"
        in text
    )
    assert "“no 7567” today, 08:00 · the patient cannot come Thu 5 March, 10:00 · Dr Ama Osei" in text
    assert f"/desk/attention/replies/{reply.uuid}/dealt-with/" in page.content.decode()


def test_whose_number_is_on_two_records_or_on_none(desk, ana, ben):
    ben.phone = ANAS
    patients.save(ben)
    for sender in (ANAS, "+34600555499", "anonymous"):
        wrote("hello", sender)
    text = text_of(desk.get(PAGE), "main")
    both = [
        f"{one} or {other}"
        for one, other in (("Ana Souza Prieto", "Ben Okafor"), ("Ben Okafor", "Ana Souza Prieto"))
    ]
    assert any(names in text for names in both)
    assert "Somebody whose number is on no record 600 55 54 99" in text
    assert "Somebody whose number is on no record anonymous" in text


def test_from_another_number_the_patient_of_the_visit_is_named(desk, visit, ben):
    ben.phone = "+34600555483"
    patients.save(ben)
    sent(visit)
    wrote("yes 7567", ben.phone)
    text = text_of(desk.get(PAGE), "main")
    assert "Ben Okafor 600 55 54 83 “yes 7567”" in text
    assert "Ana Souza Prieto · Thu 5 March, 10:00" in text


def test_an_answer_of_an_unknown_sender_to_a_known_message_names_its_patient(desk, visit):
    reply = wrote("no 7567")
    Reply.objects.filter(pk=reply.pk).update(sender="", notice=sent(visit)[0])
    text = text_of(desk.get(PAGE), "main")
    assert "Ana Souza Prieto “no 7567”" in text
    assert "on no record" not in text


def test_the_focus_stays_with_the_list(desk, notice, visit):
    reply = wrote("hello")
    settled = told_by(desk, notice, visit.version).headers["Location"]
    assert settled.endswith("#g-untold")
    assert 'role="status" tabindex="-1" autofocus' in desk.get(settled).content.decode()
    settled = desk.post(f"{PAGE}replies/{reply.uuid}/dealt-with/").headers["Location"]
    assert settled.endswith("#g-replies")


def test_dealt_with_it_is_gone_and_is_taken_back(desk, rae, visit):
    reply = wrote("hello")
    response = desk.post(f"{PAGE}replies/{reply.uuid}/dealt-with/")
    assert (stored(reply).settled_by, stored(reply).settled_at) == (rae, NOW)
    shown = desk.get(response.headers["Location"])
    assert "1 is settled." in text_of(shown, "main")
    assert "hello" not in text_of(shown, "main")
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        desk.post(f"{PAGE}replies/{reply.uuid}/dealt-with/")
    assert stored(reply).settled_at == NOW  # pressed twice
    desk.post(f"{PAGE}take-back/", {"at": shown.context["done"]})
    assert stored(reply).settled_at is None
    assert desk.post(f"{PAGE}replies/{UNKNOWN}/dealt-with/").status_code == 404


# -- Both ------------------------------------------------------------------


def test_both_are_in_the_headers_count(desk, notice):
    wrote("hello")
    cache.delete(COUNT)
    assert attention_count() == 2


def test_a_get_changes_nothing(desk, notice):
    reply = wrote("hello")
    for address in ("told/", f"messages/{notice.uuid}/again/", f"replies/{reply.uuid}/dealt-with/"):
        assert desk.get(PAGE + address).status_code == 405


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_costs_a_fixed_number_of_queries(desk, book, osei, ana, django_assert_num_queries, count):
    for number in range(count):
        visit = book(osei, ana, f"2026-03-05 {9 + number // 2:02}:{number % 2 * 30:02}")
        sent(visit, **LOST)
        wrote("hello")
    desk.get(PAGE)
    # Counts and rows of both, and whose the numbers are: 6. The rest is the page's own.
    with django_assert_num_queries(14):
        desk.get(PAGE)
    assert (Appointment.objects.count(), Reply.objects.count()) == (count, count)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_list_of_many_goes_page_by_page(desk, rae, language):
    for _number in range(51):
        wrote("hola")
    desk.cookies["django_language"] = language
    assert len(desk.get(PAGE, {"group": "replies"}).context["listed"][0].rows) == 50
    assert len(desk.get(PAGE, {"group": "replies", "page": 2}).context["listed"][0].rows) == 1
