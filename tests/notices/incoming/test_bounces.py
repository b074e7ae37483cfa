"""Mail that comes back: one function for all doors, and a reader that nothing upsets."""

import io
import logging
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from scheduling.booking import patients
from scheduling.models import Notice, Patient, Status, UnreachableAddress
from scheduling.notices import bounces, returned_mail
from scheduling.notices.returned_mail import Report, read
from tests.conftest import NOW
from tests.notices.incoming.sent import sent, stored

KEY = uuid4()
REPORT = """\
Return-Path: <>
Delivered-To: bounces+{token}@clinic.example
From: Mail Delivery System <MAILER-DAEMON@mail.example>
To: bounces+{token}@clinic.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"

--=_1
Content-Type: text/plain; charset=us-ascii

<ana@patients.example>: user unknown

--=_1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Mon, 2 Mar 2026 08:00:00 +0100

Final-Recipient: rfc822; ana@patients.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ana@patients.example>: user unknown

--=_1
Content-Type: text/rfc822-headers

Subject: Your appointment

--=_1--
"""


def report(action="failed", status="5.1.1", key=KEY):
    return REPORT.format(token=bounces.token_of(key), action=action, status=status).encode()


@pytest.fixture
def visit(book, ana):
    ana.email = "ana@patients.example"
    patients.save(ana)
    return book(ana, "2026-03-05 10:00", status=Status.CONFIRMED)


@pytest.fixture
def notice(visit):
    return sent(visit, kind=Notice.Kind.CONFIRMED, channel="email", code="")[0]


def returned(notice, *, permanent=True, answer="5.1.1", **more):
    bounces.returned(notice.uuid, permanent=permanent, answer=answer, now=NOW, **more)


def marks():
    return [(row.patient, row.address, row.answer) for row in UnreachableAddress.objects.all()]


def states():
    return list(Notice.objects.order_by("pk").values_list("state", "why", "answer"))


LOST = (Notice.State.FAILED, Notice.Why.BOUNCED, "5.1.1")


# -- One function for all doors --------------------------------------------


def test_for_good_all_that_the_message_told_is_not_told_and_the_address_is_marked(visit, book, ana):
    both = sent(visit, book(ana, "2026-03-05 12:00"), channel="email")
    other = sent(visit, channel="email", copy=1)[0]
    for _twice in range(2):
        returned(both[0])
    assert states() == [LOST, LOST, (Notice.State.SENT, "", "")]
    assert marks() == [(ana, "ana@patients.example", "5.1.1")]
    assert stored(other).state == Notice.State.SENT


def test_for_now_nothing_is_marked(notice):
    returned(notice, permanent=False, answer="4.2.2")
    assert (states(), marks()) == ([(Notice.State.SENT, "", "")], [])


def test_lost_for_a_reason_that_is_not_the_address_only_the_message_is(notice):
    returned(notice, of_the_address=False)
    assert (states(), marks()) == ([LOST], [])


def test_of_an_old_message_the_address_is_forgotten_and_none_is_marked(notice):
    notice.message.address = ""
    notice.message.save()
    returned(notice)
    assert (states(), marks()) == ([LOST], [])


def test_of_a_record_that_became_part_of_another_the_one_that_stands_is_marked(notice, ana, ben):
    Patient.objects.filter(pk=ana.pk).update(merged_into=ben)
    returned(notice)
    assert marks() == [(ben, "ana@patients.example", "5.1.1")]


def test_what_is_to_be_sent_again_stays_so(notice):
    Notice.objects.update(state=Notice.State.DUE)
    returned(notice)
    assert states() == [(Notice.State.DUE, "", "")]


def test_unknown_or_being_sent_is_said(notice):
    with pytest.raises(bounces.UnknownMessage):
        bounces.returned(uuid4(), permanent=True, answer="", now=NOW)
    Notice.objects.update(state=Notice.State.SENDING)
    for permanent in (True, False):
        with pytest.raises(bounces.NotYet):
            returned(notice, permanent=permanent)


@pytest.mark.parametrize("answer", ["550 <ana@patients.example> unknown", "ü", "x" * 41, "", "a\nb"])
def test_what_may_be_a_sentence_is_no_code(notice, caplog, answer):
    caplog.set_level(logging.INFO)
    returned(notice, answer=answer)
    assert (stored(notice).answer, marks()[0][2]) == ("", "")
    assert [record.getMessage() for record in caplog.records] == [
        "A message came back for good, with no code"
    ]


def test_it_arrived_and_came_back_after_all(notice):
    bounces.delivered(notice.uuid, at=NOW)
    returned(notice)
    bounces.delivered(notice.uuid, at=NOW + timedelta(hours=1))
    row = stored(notice)
    assert (row.state, row.delivered_at) == (Notice.State.FAILED, NOW)


def test_the_patient_does_not_know_what_came_back(notice):
    returned(notice)
    assert stored(notice).told == {}


def test_a_receipt_ends_the_doubt_about_a_connection_that_broke(notice):
    Notice.objects.update(
        state=Notice.State.FAILED, why=Notice.Why.UNCERTAIN, sent_at=None, message=None, told={}
    )
    bounces.delivered(notice.uuid, at=NOW)
    row = stored(notice)
    assert (row.state, row.why, row.sent_at, row.delivered_at) == (Notice.State.SENT, "", NOW, NOW)


def test_a_report_about_the_address_that_the_record_had_does_not_spoil_the_new_one(visit, notice, ana):
    old, new = "ana@patients.example", "ana@new.example"
    returned(notice, addresses=[old])
    again = sent(visit, channel="email", address=new, at=NOW + timedelta(hours=1), copy=1)[0]
    Notice.objects.filter(pk=notice.pk).update(
        state=Notice.State.SENT, why="", answer="", message=again.message
    )
    returned(notice, addresses=[old])
    assert states()[0] == (Notice.State.SENT, "", "")
    assert [address for _patient, address, _answer in marks()] == [old]
    returned(notice, addresses=["ana@passed-on.example"])
    assert states()[0] == LOST
    assert {address for _patient, address, _answer in marks()} == {old, new}


def test_a_report_says_which_addresses_did_not_take_it():
    more = b"Original-Recipient: rfc822;Ana@patients.example\nFinal-Recipient: rfc822; a@elsewhere.example"
    mail = report().replace(b"Final-Recipient: rfc822; ana@patients.example", more)
    assert read(mail).addresses == ("Ana@patients.example", "a@elsewhere.example")


# -- Mails that came back --------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status", "permanent", "of_the_address"),
    [
        ("failed", "5.1.1", True, True),
        ("Failed ", " 5.0.0 (unknown)", True, True),
        ("failed", "5.2.1", True, True),
        ("failed", "5.2.2", True, False),  # full
        ("failed", "5.3.4", True, False),  # too large
        ("failed", "5.7.1", True, False),  # taken for an advertisement
        ("failed", "4.4.7", True, False),  # tried for days
        ("delayed", "4.4.1", False, False),
    ],
)
def test_what_a_report_means(action, status, permanent, of_the_address):
    code = status.split()[0]
    assert read(report(action, status)) == Report(KEY, permanent, of_the_address, code)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_that_it_arrived_says_nothing(action):
    assert read(report(action, "2.0.0")) is None


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_message_is_named_by_whom_the_mail_came_to(header):
    mail = report().replace(b"Delivered-To: ", b"X-Nothing: ").replace(b"\nTo: ", b"\nX-Nothing: ")
    assert read(mail) is None
    written = f"{header}: <Bounces+{bounces.token_of(KEY).upper()}@Clinic.example>\n".encode()
    assert read(written + mail).key == KEY
    assert read(mail, [f"bounces+{bounces.token_of(KEY)}@clinic.example"]).key == KEY


@pytest.mark.parametrize("change", [(0, "f"), (0, "0"), (40, "f"), (40, "0"), (47, None)])
def test_a_token_that_was_not_made_here_names_nothing(change):
    token = bounces.token_of(KEY)
    place, sign = change
    forged = token[:place] + ((sign if token[place] != sign else "1") + token[place + 1 :] if sign else "")
    assert read(report().replace(token.encode(), forged.encode())) is None


def test_a_token_stays_good_while_the_key_of_the_site_is_changed(settings):
    mail = report()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, [settings.SECRET_KEY]
    assert read(mail).key == KEY
    settings.SECRET_KEY_FALLBACKS = []
    assert read(mail) is None


def test_a_holiday_notice_says_nothing():
    mail = (
        f"To: bounces+{bounces.token_of(KEY)}@clinic.example\nSubject: Away\n\nUntil Monday. Status: 5.1.1\n"
    )
    assert read(mail.encode()) is None


def test_of_several_recipients_the_worst_counts():
    more = "\nFinal-Recipient: rfc822; x\nAction: failed\nStatus: 5.1.2\n\n--=_1\nContent-Type: text/rfc8"
    mail = report("delayed", "4.4.1").decode().replace("\n--=_1\nContent-Type: text/rfc8", more)
    assert read(mail.encode()).code == "5.1.2"


@pytest.mark.parametrize(
    "change",
    [
        (b"boundary=", b"boundery="),
        (b'"=_1"', b'"=_2"'),
        (b"multipart/report", b"multipart"),
        (b"Content-Type: message/delivery-status", b"Content-Type: message/delivery-status; charset=klingon"),
        (b"Status: 5.1.1", b"Status: =?utf-8?q?=FF?= \xff"),
        (b"Status: 5.1.1", b"Status: 5.1.1.1.1" + b"1" * 9999),
        (b"us-ascii", b"\xff\xfe"),
        (b"Content-Type: text/plain", b"Content-Transfer-Encoding: base64\nContent-Type: text/plain"),
        (b"MIME-Version", b"\x00\x01"),
        (b"\n", b"\r"),
        (b"--=_1--", b""),
        (b"text/plain", b"message/rfc822"),
    ],
)
def test_a_mail_that_is_written_wrongly_upsets_nobody(change):
    found = read(report().replace(*change))
    assert found is None or found.key == KEY


def test_mails_in_mails_without_end_upset_nobody():
    deep = b"Content-Type: message/rfc822\n\n" * 20_000
    wide = b"".join(b"--=_1\nContent-Type: message/delivery-status\n\nStatus: 5.x\n\n" for _ in range(9_000))
    head, _, tail = report().partition(b"--=_1\n")
    assert read(head + b"--=_1\n" + deep + tail) is None
    assert read(head + wide + tail).key == KEY
    assert read(b"To: x\n" * 100_000) is None
    assert read(b"x" * (returned_mail.LARGEST + 1)) is None


@given(st.binary())
def test_whatever_comes_says_nothing(raw):
    assert read(raw, [raw.decode("latin-1")]) is None


@given(st.data())
def test_whatever_is_put_into_a_report_upsets_nobody(data):
    mail = report()
    place = data.draw(st.integers(0, len(mail)))
    end = data.draw(st.integers(place, min(len(mail), place + 60)))
    read(mail[:place] + data.draw(st.binary(max_size=60)) + mail[end:])


# -- The mail server's pipe ------------------------------------------------


def take(monkeypatch, raw, *recipients):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    out = io.StringIO()
    call_command("take_bounce", *recipients, stdout=out)
    return out.getvalue().strip()


def test_the_command_takes_a_mail_from_its_input(notice, monkeypatch):
    assert take(monkeypatch, report(key=notice.uuid)) == "for good: 5.1.1"
    assert states() == [LOST]
    assert take(monkeypatch, report("delayed", "4.4.1", key=notice.uuid)) == "for now: 4.4.1"


def test_the_command_drops_what_says_nothing(db, monkeypatch):
    assert take(monkeypatch, b"Subject: Cheap watches\n\nBuy!") == "not a report about a message of ours"
    assert take(monkeypatch, report()) == "not a message of ours"


@pytest.mark.parametrize("why", ["being sent", "no database"])
def test_the_command_asks_for_another_try(notice, monkeypatch, why):
    def fail(*args, **kwargs):
        raise bounces.NotYet if why == "being sent" else OperationalError("ana@patients.example")

    monkeypatch.setattr(bounces, "returned", fail)
    with pytest.raises(CommandError) as caught:
        take(monkeypatch, report(key=notice.uuid))
    assert caught.value.returncode == 75
    assert "ana" not in str(caught.value)
