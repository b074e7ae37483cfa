"""What patients read: the facts that a message has, and what it must not have."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from scheduling.models import Appointment, Doctor, MessageWords, Notice, Source, Status, VisitTypeWords
from scheduling.notices import gsm7, words
from scheduling.notices.compose import compose
from scheduling.notices.opening import address_for
from scheduling.notices.words import ClinicsWords
from tests.booking.asking import booked
from tests.conftest import NOW, madrid
from tests.notices import tellings
from tests.notices.tellings import a_patient, a_visit, series, telling, was

KINDS, LANGUAGES = Notice.Kind.values, ("en", "es")
TUESDAY = madrid("2026-03-03 10:00")
NO_WORDS = ClinicsWords()
HOSTILE = '<script>alert("1")</script>{name.__class__} & <b>'


@pytest.fixture(autouse=True)
def clinic(settings):
    settings.CLINIC_PHONE = "910 555 010"
    settings.CLINIC_ADDRESS = "Calle Mayor 3, Madrid"


def message(kind, *visits, own=NO_WORDS, to="ana@post.example", **more):
    if kind == "answer":
        more.setdefault("code", "7567")
    if kind == "moved" and "known" not in more:
        visits = visits or (a_visit(),)
        more["known"] = was(visits[0], TUESDAY)
    return compose(telling(kind, *visits, **more), to, now=NOW, own=own)


def parts(sent):
    return {"subject": sent.subject, "text": sent.text, "html": sent.html, "short": sent.short}


class Page(HTMLParser):
    """The tags of a page, and whether each that was opened is closed in its turn."""

    EMPTY = frozenset({"meta", "br", "img", "link", "hr", "input"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.open, self.text, self.language = [], [], [], "", None
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        attrs = dict(attrs)
        if tag == "html":
            self.language = attrs["lang"]
        if tag == "a":
            self.links.append(attrs["href"])
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


WHEN = {
    "en": ("Thursday 5 March at 10:40", "Thursday 5 March 2026, 10:40", "Thu 5 March 10:40"),
    "es": ("jueves, 5 de marzo, a las 10:40", "Jueves, 5 de marzo de 2026, 10:40", "jue, 5 mar 10:40"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_says_when_with_whom_and_where_in_the_patients_language(kind, language):
    visit = a_visit()
    sent = message(kind, visit, language=language)
    in_subject, in_text, in_short = WHEN[language]
    assert in_subject in sent.subject
    assert in_short in sent.short
    assert sent.short.startswith("Clinica San Telmo: ")
    for text in (sent.text, Page(sent.html).text):
        for fact in (in_text, "Dr Ama Osei", "Ana Souza Prieto", "Clínica San Telmo", "910 555 010"):
            assert fact in text, fact
        assert ("Calle Mayor 3, Madrid" in text) is (kind != "cancelled")
    link = f"https://book.clinic.example/appointment/{visit.uuid}/open/"
    in_page = [address for address in Page(sent.html).links if address.startswith(link)]
    assert bool(in_page) is (link in sent.text) is (kind != "cancelled")
    assert all(address in sent.text for address in in_page)
    assert Page(sent.html).language == language
    assert (sent.kind, sent.to, sent.language) == (kind, "ana@post.example", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_and_a_text_message_name_neither_patient_nor_doctor_and_nothing_has_the_reason(
    kind, language
):
    sent = message(kind, language=language)
    for text in (sent.subject, sent.short):
        assert not [name for name in ("Ana", "Souza", "Osei", "Dr", "None") if name in text]
    for name, text in parts(sent).items():
        assert "Secret reason" not in text, name
        assert "Vasectomy" not in text, name
    assert "\n" not in sent.subject + sent.short


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_is_text_in_every_part(kind):
    patient = a_patient()
    patient.patient_name, patient.patient_lastname = HOSTILE, ""
    own = MessageWords(language="en", greeting="", how_to_find_us=HOSTILE, closing=HOSTILE)
    visit = a_visit(doctor=Doctor(doctor_name=HOSTILE))
    sent = message(kind, visit, patient=patient, words=HOSTILE, own=ClinicsWords({"en": own}))
    page = Page(sent.html)
    assert not {"script", "b"} & set(page.tags)
    for text in (sent.text, page.text):
        assert text.count(HOSTILE) >= 4  # the name, the doctor, the sentence, the closing
    assert "&amp;" not in sent.text
    assert "&lt;" not in sent.text


def test_the_text_has_no_entities():
    patient = a_patient()
    patient.patient_lastname = "O'Brien & Sons"
    sent = message("confirmed", patient=patient, words="Come at the “back” door.\nRing twice.")
    assert "Hello Ana O'Brien & Sons," in sent.text
    assert "> Come at the “back” door.\nRing twice." in sent.text
    assert "&#x27;" in sent.html
    assert "door.<br>Ring" in sent.html


def test_a_text_has_no_gaps_and_ends_in_one_line():
    for kind in KINDS:
        text = message(kind).text
        assert "\n\n\n" not in text, kind
        assert text == text.strip() + "\n"
        assert not [line for line in text.splitlines() if line != line.strip()]


def test_a_request_says_that_nothing_is_agreed_and_who_acts_next():
    sent = message("received", a_visit(status=Status.PENDING, source=Source.PATIENT))
    assert "not yet confirmed" in sent.subject
    assert "Request sent, not yet confirmed" in sent.text
    assert "The clinic looks at it and writes to you." in sent.text
    assert "not yet confirmed" in sent.short
    assert "expects" not in sent.text


def test_a_time_that_the_desk_keeps_is_no_request_of_the_patient():
    sent = message("received", a_visit(status=Status.PENDING, source=Source.DESK))
    for text in parts(sent).values():
        assert "request" not in text.lower()
    assert "A time is kept for you, not yet confirmed" in sent.text


def test_a_reminder_expects_nobody_at_a_time_that_is_not_agreed():
    agreed, pending = a_visit(), a_visit(status=Status.PENDING)
    assert "The clinic expects you." in message("reminder", agreed).text
    assert "The clinic expects you." not in message("reminder", agreed, pending).text


def test_a_move_says_the_new_time_first_and_names_the_old_one_as_old():
    sent = message("moved")
    for text in (sent.text, Page(sent.html).text):
        assert text.index("Thursday 5 March 2026, 10:40") < text.index("Tuesday 3 March 2026, 10:00")
        assert "Old time, which no longer counts: Tuesday 3 March 2026, 10:00" in text
    assert "Tuesday" not in sent.subject
    assert "Tue" not in sent.short


def test_a_move_to_another_doctor_alone_says_so():
    visit = a_visit()
    sent = message("moved", visit, known=was(visit, doctor=tellings.another()))
    assert sent.subject == "With another doctor: your appointment on Thursday 5 March at 10:40"
    assert "The time is the same as before, the doctor is another." in sent.text
    assert "no longer counts" not in sent.text
    assert "another doctor" in sent.short


def test_a_cancellation_names_the_visit_as_the_patient_knows_it():
    """It was moved, and called off before anybody was told of the move."""
    visit = a_visit(status=Status.CANCELLED)
    sent = message("cancelled", visit, known=was(visit, TUESDAY, doctor=tellings.another()))
    everything = " ".join(parts(sent).values())
    assert "Tuesday 3 March 2026, 10:00" in sent.text
    assert "Thursday" not in everything
    assert "Dr Ama Osei" not in everything  # whom the patient never heard of
    assert "Nobody expects you at that time." in sent.text
    assert "/appointment/" not in everything
    assert "For another appointment, call 910 555 010." in sent.text


def test_a_visit_that_is_pending_says_so_in_other_messages_too():
    assert "Not yet confirmed." in message("moved", a_visit(status=Status.PENDING)).text
    assert "Not yet confirmed." not in message("moved").text


def test_a_reminder_says_how_to_prepare_and_what_missing_costs_where_that_is_switched_on():
    own = MessageWords(language="en", missed_visit="A missed visit costs us 60 €.")
    types = {(7, "en"): "Come on {day} with an empty stomach.", (7, "es"): "En ayunas."}
    on = ClinicsWords({"en": own}, types, says_what_missing_costs=True)
    off = ClinicsWords({"en": own}, types)
    prepare = "Come on Thursday 5 March 2026 with an empty stomach."
    for kind in KINDS:
        text = message(kind, own=on).text
        is_reminding = kind in {"reminder", "answer"}
        assert (prepare in text) is ("A missed visit costs us 60 €." in text) is is_reminding, kind
    assert "costs" not in message("reminder", own=off).text
    assert "En ayunas." in message("reminder", own=on, language="es").text


def test_only_reminders_can_be_ended_by_a_link():
    for kind in KINDS:
        sent = message(kind)
        assert bool(sent.unsubscribe_url) is (kind == "reminder"), kind
        if kind == "reminder":
            assert sent.unsubscribe_url in sent.text
            assert sent.unsubscribe_url in Page(sent.html).links
            assert "Ana" not in sent.unsubscribe_url
            assert sent.unsubscribe_url not in sent.short


def test_an_answer_is_asked_for_by_its_code_in_a_text_message_and_by_phone_in_a_mail():
    sent = message("answer")
    assert "Please answer: YES 7567 / NO 7567 / CANCEL 7567" in sent.short
    assert " 7567" not in sent.text + sent.html + sent.subject
    assert "call 910 555 010" in sent.text
    spanish = message("answer", language="es").short
    assert "Responda: SI 7567 / NO 7567 / CANCELAR 7567" in spanish


def test_without_a_phone_nobody_is_told_to_call_a_number(settings):
    settings.CLINIC_PHONE = settings.CLINIC_ADDRESS = ""
    for kind in KINDS:
        sent = message(kind)
        assert "call the clinic." in sent.text, kind
        assert "Tel." not in sent.short, kind
        assert "tel:" not in sent.html, kind


def test_a_patient_without_a_name_is_greeted_without_one():
    patient = a_patient()
    patient.patient_name = patient.patient_lastname = ""
    own = ClinicsWords({"en": MessageWords(language="en", greeting="Dear {name}:")})
    assert message("confirmed", patient=patient, own=own).text.startswith("Hello,\n")
    assert message("confirmed", own=own).text.startswith("Dear Ana Souza Prieto:\n")


def test_several_visits_are_a_list_and_many_one_by_months():
    few = message("confirmed", *series(3))
    assert few.subject == "Your 3 appointments, the first on Thursday 5 March at 10:40"
    assert few.text.count("\n- Thursday ") == 3
    assert "March 2026\n\n-" not in few.text
    assert Page(few.html).tags.count("li") == 3
    many = message("confirmed", *series(13))
    for month in ("March", "April", "May"):
        assert f"\n{month} 2026\n\n- Thursday " in many.text
        assert f"{month} 2026</h2>" in many.html
    assert Page(many.html).tags.count("li") == 13
    assert len([link for link in Page(many.html).links if "/appointment/" in link]) == 13
    assert gsm7.segments(many.short).count == 1


def test_times_are_the_clinics_on_both_sides_of_a_change_of_clocks():
    text = message("confirmed", a_visit(madrid("2026-03-28 10:40")), a_visit(madrid("2026-03-29 10:40"))).text
    assert "Saturday 28 March 2026, 10:40" in text
    assert "Sunday 29 March 2026, 10:40" in text
    twice = message("confirmed", a_visit(madrid("2026-10-25 02:30")))
    assert "02:30 (UTC+2)" in twice.text
    assert "02:30 (UTC+2)" in twice.short


def test_a_visit_of_another_year_says_its_year_everywhere():
    for text in parts(message("confirmed", a_visit(madrid("2027-01-07 10:40")))).values():
        assert "2027" in text
    new_year = message("confirmed", a_visit(madrid("2027-01-01 00:30")))
    assert "1 January 2027" in new_year.subject  # in UTC it is still 2026


NAMES = {
    "Clínica San Telmo": (True, True),
    "Odontología": (True, True),
    "Centro Médico de Especialidades Nuestra Señora del Rosario": (True, False),  # without the link
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_text_message_fits_into_one(settings, name, kind, language):
    settings.CLINIC_NAME = name
    sent = message(kind, a_visit(madrid("2026-09-23 10:40")), language=language)  # a long month and weekday
    found = gsm7.segments(sent.short)
    assert (found.count, found.alphabet) == (1, gsm7.GSM), sent.short
    with_phone, with_link = "910 555 010" in sent.short, "/appointment/" in sent.short
    assert with_phone or with_link or "YES 7567" in sent.short
    if kind != "cancelled":
        assert with_link or not NAMES[name][1] or kind == "answer"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_has_the_link_that_opens_the_page_where_it_fits_into_one(settings, language):
    settings.CLINIC_PHONE = ""
    visit = a_visit()
    bare = f"https://book.clinic.example/appointment/{visit.uuid}/"
    settings.CLINIC_NAME = "Odontología"
    short = message("confirmed", visit, language=language).short
    assert f"{bare}open/" in short
    assert gsm7.segments(short).count == 1
    settings.CLINIC_NAME = "Centro Médico Nuestra Señora del Rosario"
    short = message("confirmed", visit, language=language).short
    assert short.endswith(f" {bare}")
    assert gsm7.segments(short).count == 1


def test_the_link_of_a_message_is_signed_for_whom_the_message_goes_to():
    visit, patient = a_visit(), a_patient()
    sent = message("confirmed", visit, patient=patient)
    assert address_for(visit.uuid, patient.uuid) in sent.text
    assert address_for(visit.uuid, a_patient().uuid) not in sent.text


def test_a_calendar_has_the_bare_link_because_calendars_are_shared():
    (file,) = message("confirmed").calendars
    assert b"/appointment/" in file.content.replace(b"\r\n ", b"")
    assert b"/open/" not in file.content.replace(b"\r\n ", b"")


def test_a_name_in_other_letters_takes_two_messages_and_keeps_its_accents(settings):
    settings.CLINIC_NAME = "Клиника"
    sent = message("confirmed", language="es")
    assert gsm7.segments(sent.short).alphabet == gsm7.UCS
    assert sent.short.startswith("Клиника: Cita")


@pytest.fixture
def stored(osei, ana, checkup):
    MessageWords.objects.create(language="es", greeting="Buenas, {name}:")
    VisitTypeWords.objects.create(visit_type=checkup, language="es", how_to_prepare="En ayunas.")
    booked(osei, ana, checkup, "2026-03-05 10:40")
    return Appointment.objects.select_related("doctor", "patient").get()


def test_the_words_that_are_stored_are_used_and_read_once(stored, django_assert_num_queries):
    told = telling("reminder", stored, language="es", patient=stored.patient)
    with django_assert_num_queries(3):
        own = words.current()
    with django_assert_num_queries(0):
        sent = compose(told, "ana@post.example", now=NOW, own=own)
    assert sent.text.startswith("Buenas, Ana Souza Prieto:")
    assert "En ayunas." in sent.text
    with django_assert_num_queries(3):
        assert compose(told, "ana@post.example", now=NOW).text == sent.text


def test_the_same_message_is_the_same_again():
    told = telling("confirmed", *series(2))
    first, second = (compose(told, "a@post.example", now=NOW + timedelta(n), own=NO_WORDS) for n in (0, 1))
    assert first.calendars != second.calendars  # a file says when it was made
    assert replace(first, calendars=()) == replace(second, calendars=())
    assert first.key == told.lead.uuid
