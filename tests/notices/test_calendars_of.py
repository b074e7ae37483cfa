"""For which visits of a message a calendar file goes along, and by which method."""

from icalendar import Calendar

from scheduling.booking import outbox
from scheduling.models import Status
from scheduling.notices.compose import calendars_of, compose
from scheduling.notices.words import ClinicsWords
from tests.conftest import NOW, madrid
from tests.notices.tellings import a_visit, series, telling, was

TO = "ana@post.example"
OTHER = "ben@post.example"


def files_of(told, to=TO):
    """(name, method, method inside, status, link) of each."""
    found = []
    for file in calendars_of(told, to=to, now=NOW):
        inside = Calendar.from_ical(file.content)
        event = inside.events[0]
        link = str(event.get("url", ""))
        found.append((file.name, file.method, str(inside["method"]), str(event["status"]), link))
    return found


def not_theirs(visit):
    told = telling("cancelled", visit, known=was(visit))
    told.news[0].notice.former_patient_id = 5
    return told


def address(visit):
    return f"https://book.clinic.example/appointment/{visit.uuid}/"


def test_each_agreed_visit_has_a_file_named_by_its_time_alone():
    first, second = visits = series(2)
    assert files_of(telling("confirmed", *visits)) == [
        ("appointment-2026-03-05-1040.ics", "REQUEST", "REQUEST", "CONFIRMED", address(first)),
        ("appointment-2026-03-12-1040.ics", "REQUEST", "REQUEST", "CONFIRMED", address(second)),
    ]


def test_a_cancelled_visit_is_taken_out_by_the_time_that_was_known():
    visit = a_visit(status=Status.CANCELLED)
    known = was(visit, madrid("2026-03-03 10:00"))
    taken_out = ("appointment-2026-03-03-1000.ics", "CANCEL", "CANCEL", "CANCELLED", "")
    assert files_of(telling("cancelled", visit, known=known)) == [taken_out]
    agreed_once = was(visit, standing=outbox.PENDING)
    assert len(files_of(telling("cancelled", visit, known=agreed_once))) == 1
    sent_again = was(visit, standing=outbox.OFF)
    assert len(files_of(telling("cancelled", visit, known=sent_again))) == 1


def test_a_visit_that_is_somebody_elses_now_is_taken_out_of_the_calendar_of_who_had_it():
    visit = a_visit()
    told = not_theirs(visit)
    assert [file[1:] for file in files_of(told, OTHER)] == [("CANCEL", "CANCEL", "CANCELLED", "")]


def test_a_visit_of_a_child_stays_in_the_calendar_of_the_mailbox_that_it_shares():
    assert files_of(not_theirs(a_visit()), TO.upper()) == []
    cancelled_since = not_theirs(a_visit(status=Status.CANCELLED))
    assert [file[1] for file in files_of(cancelled_since, TO)] == ["CANCEL"]


def test_a_request_and_a_text_message_have_none():
    assert files_of(telling("received", a_visit(status=Status.PENDING))) == []
    assert files_of(telling("confirmed"), to="+34600555482") == []


def test_a_message_carries_its_files_in_the_patients_language():
    sent = compose(telling("moved", a_visit(), language="es"), TO, now=NOW, own=ClinicsWords())
    assert "Cita" in str(Calendar.from_ical(sent.calendars[0].content).events[0]["summary"])
