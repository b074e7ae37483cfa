"""A visit as a calendar file, read back by another program than the one that writes it."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from django.utils import translation
from icalendar import Timezone

from scheduling.booking import actions
from scheduling.booking.changing import Wish
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status
from scheduling.notices import zones
from scheduling.notices.calendar import Method, content_type, file_for, method_for
from tests.conftest import MADRID, NOW, madrid
from tests.notices.reading import changes_of_its_clock, event_of, lines, read, times_by_its_own_clock

UUID_OF_ANAS = UUID("3f0a7c52-9d1e-4b88-a6c4-0e5b7d2f9a10")
LINK = f"https://citas.clinic.example/appointment/{UUID_OF_ANAS}/"
SENT = {"sender": "citas@clinic.example", "to": "ana@correo.example", "link": LINK}


def visit_at(instant, *, status=Status.CONFIRMED, minutes=30, version=1):
    return Appointment(
        uuid=UUID_OF_ANAS, appointment_datetime=instant, minutes=minutes, status=status, version=version
    )


def sent(visit, now=NOW, **changed):
    return file_for(visit, method=method_for(visit), now=now, **SENT | changed)


@pytest.fixture
def visit(osei, ana, checkup, rae):
    """Ana's with Dr Osei on the Tuesday at 10:00."""
    ana.email = "ana@correo.example"
    proposal = Proposal(
        uuid=UUID_OF_ANAS,
        doctor=osei,
        patient=ana,
        visit_type=checkup,
        start=madrid("2026-03-03 10:00"),
        description="Está mareada",
    )
    return actions.book(proposal, by=rae, now=NOW)


def test_a_file_says_when_and_where_and_how_to_reach_the_clinic(settings):
    settings.CLINIC_PHONE, settings.CLINIC_ADDRESS = "+34 910 555 010", "Calle Olmo 18, Madrid"
    calendar = read(sent(visit_at(madrid("2026-03-03 12:20"), version=4)))
    (event,) = calendar.events
    assert calendar.method == "REQUEST"
    assert event.uid == f"{UUID_OF_ANAS}@appointments"
    assert (event.sequence, event.dtstamp) == (4, NOW)
    assert event.dtstart == datetime(2026, 3, 3, 12, 20, tzinfo=MADRID)
    assert (event.dtstart.tzinfo.key, event.dtend - event.dtstart) == ("Europe/Madrid", timedelta(minutes=30))
    assert event.summary == "Appointment, Clínica San Telmo"
    assert event.location == "Clínica San Telmo, Calle Olmo 18, Madrid"
    assert event.description == f"To move or cancel it, call +34 910 555 010.\nAs it stands now: {LINK}"
    assert (str(event.url), event.classification, event.status) == (LINK, "PRIVATE", "CONFIRMED")


def test_the_clinic_invites_and_the_patient_has_accepted_and_is_asked_nothing():
    file = sent(visit_at(madrid("2026-03-03 12:20")))
    event = event_of(file)
    assert (str(event.organizer.uri), event.organizer.common_name) == (
        "mailto:citas@clinic.example",
        "Clínica San Telmo",
    )
    (patient,) = event.attendees
    assert (str(patient.uri), patient.status, patient.rsvp) == (
        "mailto:ana@correo.example",
        "ACCEPTED",
        False,
    )
    assert b"SENT-BY" not in file
    assert event_of(sent(visit_at(madrid("2026-03-03 12:20")), to="")).attendees == []


def test_one_alarm_rings_two_hours_before_and_none_for_what_was_called_off():
    (alarm,) = event_of(sent(visit_at(madrid("2026-03-03 12:20")))).alarm
    assert (alarm.action, alarm.trigger) == ("DISPLAY", timedelta(hours=-2))
    assert event_of(sent(visit_at(madrid("2026-03-03 12:20"), status=Status.CANCELLED))).alarm == []


@pytest.mark.parametrize(
    ("status", "method", "said"),
    [
        (Status.PENDING, "REQUEST", "TENTATIVE"),
        (Status.CONFIRMED, "REQUEST", "CONFIRMED"),
        (Status.ARRIVED, "REQUEST", "CONFIRMED"),
        (Status.COMPLETED, "REQUEST", "CONFIRMED"),
        (Status.CANCELLED, "CANCEL", "CANCELLED"),
        (Status.ENTERED_IN_ERROR, "CANCEL", "CANCELLED"),
    ],
)
def test_each_state_has_its_method_and_status(status, method, said):
    calendar = read(sent(visit_at(madrid("2026-03-03 12:20"), status=status)))
    assert (calendar.method, calendar.events[0].status) == (method, said)


@pytest.mark.parametrize(
    ("status", "method", "sender"),
    [
        (Status.CANCELLED, Method.REQUEST, "citas@clinic.example"),
        (Status.CONFIRMED, Method.REQUEST, ""),
        (Status.CANCELLED, Method.CANCEL, ""),
    ],
)
def test_a_file_that_would_lie_or_that_nobody_takes_is_not_made(status, method, sender):
    with pytest.raises(ValueError, match=method):
        file_for(visit_at(NOW, status=status), method=method, now=NOW, sender=sender)


def test_who_had_a_visit_that_is_somebody_elses_now_is_told_that_it_is_off():
    visit = visit_at(madrid("2026-03-03 12:20"), version=2)
    calendar = read(file_for(visit, method=Method.CANCEL, now=NOW, sender="citas@clinic.example"))
    (event,) = calendar.events
    assert (calendar.method, event.status, event.sequence, event.alarm) == ("CANCEL", "CANCELLED", 2, [])


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.CANCELLED])
def test_the_header_of_a_mails_part_names_the_method_that_its_file_has(status):
    """As a mail program reads it, on the other side."""
    visit = visit_at(madrid("2026-03-03 12:20"), status=status)
    part = EmailMessage()
    part["Content-Type"] = content_type(method_for(visit))
    header = part["Content-Type"]
    assert (header.content_type, header.params["charset"]) == ("text/calendar", "utf-8")
    assert header.params["method"] == read(sent(visit)).method


def test_through_a_move_and_a_cancellation_it_stays_the_same_event_and_its_sequence_rises(visit, osei, rae):
    files = [sent(visit)]
    visit = actions.move(Seen.of(visit), doctor=osei, start=madrid("2026-03-04 11:00"), by=rae, now=NOW)
    files.append(sent(visit, now=NOW + timedelta(minutes=5)))
    visit = actions.cancel(Seen.of(visit), reason="ill", wish=Wish.PATIENT, by=rae, now=NOW)
    files.append(sent(visit, now=NOW + timedelta(minutes=9)))
    events = [event_of(file) for file in files]
    assert {event.uid for event in events} == {f"{UUID_OF_ANAS}@appointments"}
    assert [event.sequence for event in events] == [1, 2, 3]
    assert [event.dtstart.astimezone(MADRID).day for event in events] == [3, 4, 4]
    assert [read(file).method for file in files] == ["REQUEST", "REQUEST", "CANCEL"]


def test_the_uid_is_the_same_whatever_the_clinic_and_its_addresses_are_called(settings):
    visit = visit_at(madrid("2026-03-03 12:20"))
    settings.CLINIC_NAME, settings.ALLOWED_HOSTS = "Another name", ["elsewhere.example"]
    again = sent(visit, sender="hola@elsewhere.example", link="https://elsewhere.example/x/")
    assert event_of(again).uid == f"{UUID_OF_ANAS}@appointments"


def test_no_name_no_reason_no_doctor_and_no_specialty_is_in_it(visit, osei):
    for file in (sent(visit), file_for(visit, method=Method.PUBLISH, now=NOW)):
        text = "\n".join(lines(file))
        assert str(visit.uuid) in text
        hidden = ("Ana ", "Souza", "mareada", "Osei", "Cardiology", "Check-up", osei.email)
        assert [word for word in hidden if word in text] == []


# Each is tried by the name of its zone, and by the file's own account of the clock.
NIGHTS = [
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # 01:30, the last half hour before the change
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # 03:00, the first moment after it
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # 03:30
    datetime(2026, 3, 29, 9, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 0, tzinfo=UTC),  # 02:00, for the first time
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30, and its end is the second 02:00
    datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # 02:00 again
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30 again
    datetime(2026, 10, 25, 2, 0, tzinfo=UTC),  # 03:00
    datetime(2026, 1, 15, 9, 0, tzinfo=UTC),
    datetime(2026, 7, 15, 9, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
]


def is_in_utc(file):
    return b"DTSTART:" in file and b"VTIMEZONE" not in file


@pytest.mark.parametrize("start", NIGHTS, ids=str)
def test_a_program_that_knows_the_zone_or_not_shows_the_instant(start):
    file = sent(visit_at(start))
    event, end = event_of(file), start + timedelta(minutes=30)
    assert [event.dtstart.astimezone(UTC), event.dtend.astimezone(UTC)] == [start, end]
    assert times_by_its_own_clock(file) == [start, end] or is_in_utc(file)


CHANGES = [
    (datetime(2025, 3, 30, 1, tzinfo=UTC), timedelta(hours=2)),
    (datetime(2025, 10, 26, 1, tzinfo=UTC), timedelta(hours=1)),
    (datetime(2026, 3, 29, 1, tzinfo=UTC), timedelta(hours=2)),
    (datetime(2026, 10, 25, 1, tzinfo=UTC), timedelta(hours=1)),
    (datetime(2027, 3, 28, 1, tzinfo=UTC), timedelta(hours=2)),
    (datetime(2027, 10, 31, 1, tzinfo=UTC), timedelta(hours=1)),
]


def test_the_file_says_when_the_clock_is_changed():
    begins = (datetime(2025, 1, 1, tzinfo=UTC), timedelta(hours=1))
    assert changes_of_its_clock(sent(visit_at(NIGHTS[0]))) == [begins, *CHANGES]


def test_a_clock_that_is_changed_an_hour_late_would_be_seen(monkeypatch):
    """Icalendar's own account of the zone, which is why there is one of ours."""
    theirs = Timezone.from_tzid("Europe/Madrid")
    monkeypatch.setattr(zones, "about", lambda year, zone: theirs)
    told = changes_of_its_clock(sent(visit_at(NIGHTS[0])))
    assert [change in told for change in CHANGES] == [False, True] * 3


@pytest.mark.parametrize(
    "zone", ["UTC", "Etc/UTC", "Asia/Kolkata", "Australia/Lord_Howe", "America/New_York", "Africa/Casablanca"]
)
def test_elsewhere_on_the_earth_it_is_the_instant_too(settings, zone):
    settings.CLINIC_TIME_ZONE = zone
    for start in (NOW, NOW + timedelta(days=120), datetime(2026, 4, 4, 15, 10, tzinfo=UTC)):
        file = sent(visit_at(start))
        assert event_of(file).dtstart.astimezone(UTC) == start
        assert times_by_its_own_clock(file) == [start, start + timedelta(minutes=30)] or is_in_utc(file)


@pytest.mark.parametrize("year", [2, 9998])
def test_a_visit_of_an_old_book_at_the_end_of_the_calendar_has_a_file_too(year):
    start = datetime(year, 6, 1, 9, 0, tzinfo=UTC)
    assert event_of(sent(visit_at(start))).dtstart.astimezone(UTC) == start


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut(settings):
    settings.CLINIC_NAME = "Clínica de Otorrinolaringología Nuestra Señora de la Encarnación y Compañía ñññ"
    settings.CLINIC_ADDRESS = "Avenida de José María Muñoz Núñez, 18; 3º derecha, 28013 Alcorcón, Madrid"
    file = sent(visit_at(madrid("2026-03-03 12:20")))
    folded = file.split(b"\r\n")
    assert max(map(len, folded)) <= 75
    assert any(line.startswith(b" ") and "ñ".encode() in line for line in folded)
    for line in folded:
        line.decode()  # each line by itself
    event = event_of(file)
    assert event.summary == f"Appointment, {settings.CLINIC_NAME}"
    assert event.location == f"{settings.CLINIC_NAME}, {settings.CLINIC_ADDRESS}"
    assert event.organizer.common_name == settings.CLINIC_NAME


def test_it_speaks_the_language_that_is_active():
    with translation.override("es"):
        file = sent(visit_at(madrid("2026-03-03 12:20")))
    assert event_of(file).summary == "Cita, Clínica San Telmo"


def test_it_is_one_object_of_one_method_whose_lines_end_as_they_must():
    file = sent(visit_at(madrid("2026-03-03 12:20")))
    assert file.count(b"\r\n") == file.count(b"\n") == len(file.splitlines())
    names = [line.replace(";", ":").partition(":")[0] for line in lines(file)]
    assert [names.count(name) for name in ("METHOD", "BEGIN", "ATTENDEE", "UID")] == [1, 11, 1, 1]


def test_who_asks_for_another_visit_gets_another_event():
    first, second = (visit_at(NOW) for _ in range(2))
    second.uuid = uuid4()
    assert event_of(sent(first)).uid != event_of(sent(second)).uid
