import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from scheduling.models import Appointment, Status
from tests import factories
from tests.conftest import NOW, madrid

SECRET = "Results of the echo <b>from</b> January"
START = madrid("2026-03-03 12:20")  # the day after NOW


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(osei, checkup):
    """Makes a visit whose secrets could be recognised anywhere on the page."""
    patient = factories.PatientFactory(
        id=7654321, patient_name="Zacarias", patient_lastname="Quintanilla", phone="+34600555482"
    )

    def make(status=Status.CONFIRMED, start=START, minutes=30):
        return Appointment.objects.create(
            id=8765432,
            doctor=osei,
            patient=patient,
            visit_type=checkup,
            description=SECRET,
            original_patient_name="Quintanilla, Zacarias",
            appointment_datetime=start,
            minutes=minutes,
            status=status,
            created_at=NOW,
            updated_at=NOW,
        )

    return make


def page(client, appointment):
    response = client.get(f"/appointment/{appointment.uuid}/")
    assert response.status_code == 200
    return response.content.decode()


def text(html):
    return " ".join(html.split())


@pytest.mark.parametrize(
    ("status", "css", "word", "heading", "when"),
    [
        (Status.PENDING, "st-pe", "Pending", "We have your request", "When"),
        (Status.CONFIRMED, "st-co", "Confirmed", "Your appointment is agreed", "When"),
        (Status.ARRIVED, "st-ar", "Arrived", "You have arrived", "When"),
        (Status.IN_PROGRESS, "st-ip", "In progress", "Your visit is under way", "When"),
        (Status.COMPLETED, "st-do", "Completed", "Your visit took place", "Was on"),
        (Status.NO_SHOW, "st-no", "Missed", "We did not see you", "Was on"),
        (Status.CANCELLED, "st-ca", "Cancelled", "This appointment is cancelled", "Was planned for"),
        (Status.ENTERED_IN_ERROR, "st-er", "Not valid", "This appointment does not count", "Was planned for"),
    ],
)
def test_every_state_is_said_in_plain_words(client, visit, status, css, word, heading, when):
    html = text(page(client, visit(status)))
    assert f'<section class="say {css}"> <p class="mark">{word}</p> <h1>{heading}</h1>' in html
    assert f"<dt>{when}</dt>" in html


def test_no_state_is_without_words():
    from scheduling.views.patient.wording import SAYINGS

    assert set(SAYINGS) == set(Status)


def test_day_time_zone_doctor_and_clinic_are_said(client, visit):
    html = text(page(client, visit()))
    assert "<b>Tuesday 3 March 2026</b>" in html
    assert "<b>12:20</b> <span>Madrid time (UTC+1)</span>" in html
    assert "<b>Dr Ama Osei</b>" in html
    assert "<b>Clínica San Telmo</b>" in html


@pytest.mark.parametrize("hour, said", [(0, "02:30 (UTC+2)"), (1, "02:30 (UTC+1)")])
def test_an_hour_that_comes_twice_is_said_with_its_offset(client, visit, hour, said):
    html = page(client, visit(start=datetime(2026, 10, 25, hour, 30, tzinfo=UTC)))
    assert f"<b>{said}</b>" in html
    assert "Sunday 25 October 2026" in html


def test_nothing_personal_and_no_other_identity_is_on_the_page(client, visit):
    appointment = visit()
    response = client.get(f"/appointment/{appointment.uuid}/")
    everything = response.content.decode() + str(response.headers) + str(response.cookies)
    secrets = ["Zacarias", "Quintanilla", "600555482", "echo", "January", "8765432", "7654321", "Check-up"]
    secrets += [
        str(thing.uuid) for thing in (appointment.patient, appointment.doctor, appointment.visit_type)
    ]
    secrets += [appointment.doctor.email, appointment.doctor.specialty.specialty_name]
    assert [secret for secret in secrets if secret in everything] == []


@pytest.mark.parametrize("debug", [False, True])
def test_unknown_malformed_and_upper_case_are_the_same_404(client, visit, settings, debug):
    settings.DEBUG = debug
    known = str(visit().uuid)
    addresses = [
        uuid.uuid4(),
        known.upper(),
        known.replace("-", ""),
        f"{{{known}}}",
        known[:-1],
        "1",
        "8765432",
        "%00",
        "💊",
    ]
    answers = [client.get(f"/appointment/{address}/") for address in addresses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers.pop("X-Request-ID") for answer in answers}) == len(answers)
    assert len({str(answer.headers) for answer in answers}) == 1
    assert b"There is nothing at this address" in answers[0].content


def test_the_page_asks_the_database_once(client, visit, django_assert_num_queries):
    appointment = visit()
    with django_assert_num_queries(1):
        page(client, appointment)


def test_the_page_stays_out_of_caches_search_engines_and_other_sites(client, visit):
    response = client.get(f"/appointment/{visit().uuid}/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert b'<meta name="robots" content="noindex, nofollow">' in response.content


def test_looking_changes_nothing_and_there_is_nothing_to_send(client, visit):
    appointment = visit(Status.PENDING)
    before = Appointment.objects.values().get()
    page(client, appointment)
    address = f"/appointment/{appointment.uuid}/"
    assert client.head(address).status_code == 200
    assert client.post(address, {"status": "cancelled"}).status_code == 405
    assert client.delete(address).status_code == 405
    assert Appointment.objects.values().get() == before


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.PENDING, "The clinic had not confirmed it."),
        (Status.CONFIRMED, "Its time is over."),
    ],
)
def test_a_visit_that_nobody_closed_is_said_to_have_passed_at_its_end(client, visit, status, sentence):
    appointment = visit(status, start=NOW - timedelta(minutes=30), minutes=30)
    html = page(client, appointment)
    assert "This appointment has passed" in html
    assert sentence in html
    assert "<dt>Was on</dt>" in html


def test_a_visit_is_not_past_before_its_end(client, visit):
    html = page(client, visit(start=NOW - timedelta(minutes=29), minutes=30))
    assert "Your appointment is agreed" in html


def test_who_waits_past_the_planned_end_is_still_waiting_until_the_clinics_day_is_over(client, visit):
    appointment = visit(Status.ARRIVED, start=madrid("2026-03-02 08:00"))
    with time_machine.travel(madrid("2026-03-02 23:59")):
        assert "You have arrived" in page(client, appointment)
    with time_machine.travel(madrid("2026-03-03 00:00")):
        assert "This appointment has passed" in page(client, appointment)


def test_phone_and_address_are_there_when_the_clinic_gave_them(client, visit, settings):
    appointment = visit()
    assert "tel:" not in page(client, appointment)
    settings.CLINIC_PHONE = "+34 910 555 010"
    settings.CLINIC_ADDRESS = "Calle Olmo 18, Madrid"
    html = page(client, appointment)
    assert 'href="tel:+34910555010"' in html
    assert "Call +34 910 555 010" in html
    assert "<span>Calle Olmo 18, Madrid</span>" in html


def test_a_doctors_name_is_escaped(client, visit, osei):
    osei.doctor_name = "<script>alert(1)</script>"
    osei.save()
    html = page(client, visit())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
