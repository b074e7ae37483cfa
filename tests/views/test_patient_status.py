import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from scheduling.models import Appointment, MessageSettings, MessageWords, Status, VisitTypeWords
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
        (Status.PENDING, "st-pe", "Pending", "Request sent, not yet confirmed", "When"),
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


def test_the_page_asks_the_database_the_same_few_things(client, visit, checkup, django_assert_num_queries):
    appointment = visit()
    with django_assert_num_queries(4):  # the visit, the settings, the clinic's words and those of the type
        page(client, appointment)
    for number, language in enumerate(("en", "es")):
        MessageWords.objects.create(language=language, how_to_find_us="By the lift.")
        VisitTypeWords.objects.create(visit_type=checkup, language=language, how_to_prepare="Sober.")
        factories.VisitTypeFactory.create_batch(10 * (number + 1))
    with django_assert_num_queries(4):
        page(client, appointment)


def test_the_page_stays_out_of_caches_search_engines_and_other_sites(client, visit):
    response = client.get(f"/appointment/{visit().uuid}/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"  # no other site; a form needs its own to be told
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert b'<meta name="robots" content="noindex, nofollow">' in response.content


def test_looking_changes_nothing(client, visit):
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


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("2026-03-02 23:30", "today"),
        ("2026-03-03 00:30", "tomorrow"),
        ("2026-03-05 10:00", "in 3 days"),
        ("2026-03-29 23:00", "in 27 days"),  # over the night on which the clocks change
    ],
)
def test_how_long_and_how_soon_are_said_by_the_clinics_calendar(client, visit, start, said):
    assert f"<span> {said} · 30 minutes </span>" in text(page(client, visit(start=madrid(start))))


def test_of_a_visit_that_is_over_it_is_not_said_how_soon(client, visit):
    html = text(page(client, visit(Status.COMPLETED, start=madrid("2026-03-01 10:00"))))
    assert "<span> 30 minutes </span>" in html


def test_the_clinics_own_words_say_how_to_get_there_and_how_to_prepare(client, visit, checkup, settings):
    settings.CLINIC_PHONE = "910 555 010"
    MessageWords.objects.create(language="en", how_to_find_us="2nd floor.\nRing, or call {phone}.")
    MessageWords.objects.create(language="es", how_to_find_us="2.º piso.")
    VisitTypeWords.objects.create(
        visit_type=checkup, language="en", how_to_prepare="Bring <b>all</b> letters."
    )
    appointment = visit()
    html = page(client, appointment)
    assert "2nd floor.<br>Ring, or call 910 555 010." in html
    assert "Bring &lt;b&gt;all&lt;/b&gt; letters." in html
    assert "2.º piso." not in html
    spanish = client.get(f"/appointment/{appointment.uuid}/?language=es").content.decode()
    assert "2.º piso." in spanish
    assert "letters" not in spanish


def test_words_that_name_the_patient_are_not_said_to_whoever_holds_the_link(client, visit):
    MessageWords.objects.create(language="en", how_to_find_us="{name}, take the lift.")
    assert "take the lift" not in page(client, visit())


def test_nobody_is_sent_to_a_visit_that_does_not_take_place(client, visit):
    MessageWords.objects.create(language="en", how_to_find_us="2nd floor.")
    assert "2nd floor." not in page(client, visit(Status.CANCELLED))


def test_a_map_is_a_link_and_never_loaded(client, visit, settings):
    appointment = visit()
    assert "map" not in page(client, appointment)
    settings.CLINIC_ADDRESS = "Calle Olmo 18, Madrid"
    html = page(client, appointment)
    assert 'href="https://www.openstreetmap.org/search?query=Calle+Olmo+18%2C+Madrid"' in html
    settings.CLINIC_MAP_URL = "https://maps.example/clinic"
    html = page(client, appointment)
    assert '<a href="https://maps.example/clinic" rel="external noreferrer">' in html
    assert html.count("https://") == 1  # and nothing is fetched from anywhere


def test_a_request_says_by_when_it_is_answered_where_the_clinic_says_so(client, visit):
    appointment = visit(Status.PENDING)
    assert "The clinic will answer." in page(client, appointment)
    settings_of_messages = MessageSettings.objects.create(answers_within_days=2)
    assert "The clinic answers, usually within 2 working days." in page(client, appointment)
    settings_of_messages.answers_within_days = 1
    settings_of_messages.save()
    assert "usually within 1 working day." in page(client, appointment)


def test_the_language_is_changed_for_this_page_and_kept_in_its_links(client, visit):
    appointment = visit()
    address = f"/appointment/{appointment.uuid}/"
    assert '<a href="?language=es" lang="es" hreflang="es">Español</a>' in page(client, appointment)
    response = client.get(address, {"language": "es"})
    html = response.content.decode()
    assert (response["Content-Language"], '<html lang="es">' in html) == ("es", True)
    assert '<a href="?language=en" lang="en" hreflang="en">English</a>' in html
    assert f'href="{address}calendar.ics?language=es"' in html
    assert set(response.cookies) <= {"csrftoken"}
    assert '<html lang="en">' in page(client, appointment)


@pytest.mark.parametrize("odd", ["xx", "", "<b>", "es-ES'\0"])
def test_a_language_that_is_none_is_the_browsers(client, visit, odd):
    response = client.get(f"/appointment/{visit().uuid}/", {"language": odd})
    assert '<html lang="en">' in response.content.decode()


def test_the_language_of_the_desk_is_not_in_its_addresses(client, rae):
    client.force_login(rae)
    assert '<html lang="en">' in client.get("/desk/attention/", {"language": "es"}).content.decode()


def test_the_page_is_light(client, visit, settings):
    settings.CLINIC_ADDRESS, settings.CLINIC_PHONE = "Calle Olmo 18, Madrid", "910 555 010"
    assert len(client.get(f"/appointment/{visit().uuid}/").content) < 10_000
