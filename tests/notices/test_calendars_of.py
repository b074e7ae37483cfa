"""For which visits of a message a calendar file goes along, and by which method."""

from dataclasses import replace

from scheduling.booking import outbox
from scheduling.models import Status
from scheduling.notices.compose import calendars_of
from tests.conftest import NOW
from tests.notices.tellings import a_visit, series, telling, was

TO = "ana@post.example"


def asked_for(told, to=TO):
    """What the writer of files was asked, and the files."""
    asked = []

    def file_for(visit, **how):
        asked.append((visit, how))
        return b"BEGIN:VCALENDAR"

    return asked, calendars_of(told, to=to, now=NOW, file_for=file_for)


def test_each_agreed_visit_has_a_file_named_by_its_time_alone():
    visits = series(2)
    asked, files = asked_for(telling("confirmed", *visits))
    assert [file.name for file in files] == [
        "appointment-2026-03-05-1040.ics",
        "appointment-2026-03-12-1040.ics",
    ]
    assert {file.method for file in files} == {"REQUEST"}
    how = {"method": "REQUEST", "sender": "appointments@clinic.example", "to": TO, "now": NOW}
    assert asked == [(visit, how) for visit in visits]


def test_a_cancelled_visit_is_taken_out_if_it_was_ever_put_in():
    visit = a_visit(status=Status.CANCELLED)
    known = was(visit)
    assert [file.method for file in asked_for(telling("cancelled", visit, known=known))[1]] == ["CANCEL"]
    pending = was(visit, standing=outbox.PENDING)
    assert asked_for(telling("cancelled", visit, known=pending))[1] == ()


def test_a_request_a_number_and_somebody_elses_visit_have_none():
    assert asked_for(telling("received", a_visit(status=Status.PENDING)))[1] == ()
    assert asked_for(telling("confirmed"), to="+34600555482")[1] == ()
    told = telling("cancelled")
    one = told.news[0]
    one.notice.former_patient_id = 5
    assert asked_for(replace(told, news=[one]))[1] == ()
