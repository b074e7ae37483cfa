"""No page leaves English standing for somebody who reads Spanish: what a page says in both languages alike
is data, such as a name. The walk finds new pages of the desk by itself."""

import re
from collections import Counter
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.utils import timezone

from scheduling.models import Appointment, Flag, Status
from tests.conftest import NOW
from tests.test_access import doors

SPOKEN = {"aria-label", "placeholder", "title", "alt"}
VOID = {"input", "br", "meta", "link", "hr", "img", "use", "path"}
# Names of people, of what a clinic offers, and words that are the same in both languages.
DATA = {
    *("Rae Quist", "rae", "Max Thorn", "max", "Dr Ama Osei", "Dr Per Lind", "Clínica San Telmo"),
    *("Ana Souza Prieto", "Ana", "Souza Prieto", "Ben Okafor", "Ben", "Okafor"),
    *("Cardiology", "Check-up", "Short of breath", "osei@clinic.example", "lind@clinic.example"),
    *("English", "Español", "Esc", "Ctrl", "min"),
}
WORDLESS = re.compile(r"[^\W\d_]{2,}")
DATA_IN_TEXT = re.compile(
    r"https?://\S+|" + "|".join(re.escape(one) for one in sorted(DATA, key=len, reverse=True))
)


class _Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.found = [], Counter()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found.update(value for name, value in attrs if name in SPOKEN and value)
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.found[given.get("value", "")] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style", "kbd", "textarea"} & set(self.open):
            self.found[" ".join(data.split())] += 1


def texts(html):
    reader = _Texts()
    reader.feed(html)
    return set(reader.found)


def left_over(english, spanish):
    """What both pages say alike, less data and what holds no word."""
    alike = texts(english) & texts(spanish)
    return sorted(text for text in alike if WORDLESS.search(DATA_IN_TEXT.sub("", text)))


@pytest.fixture
def cast(desk, book, osei, lind, ana, ben, checkup):
    """A day on which everything stands that can stand on it, and the identities in addresses."""
    now = timezone.now()
    visits = [
        book(osei, ana, f"2026-03-02 {hour}:00", description="Short of breath") for hour in (10, 11, 12)
    ]
    visits.append(book(lind, ben, "2026-03-02 10:00", status=Status.PENDING))
    for visit, status in zip(visits, (Status.ARRIVED, Status.IN_PROGRESS, Status.NO_SHOW), strict=False):
        Appointment.objects.filter(pk=visit.pk).update(status=status)
    Flag.objects.create(kind=Flag.Kind.UNKNOWN_STATUS, appointment=visits[0], detail="", created_at=now)
    Flag.objects.create(kind=Flag.Kind.NAME_NOT_SPLIT, patient=ben, detail="", created_at=now)
    return {"visit": visits[3].uuid, "doctor": osei.uuid, "patient": ana.uuid, "other": ben.uuid}


def reading(client, user, language):
    user.language = language
    user.save()
    return client


def both(client, user, ask):
    """The same page in English and in Spanish."""
    pages = []
    for language in ("en", "es"):
        response = ask(reading(client, user, language))
        assert f'<html lang="{language}"' in response.content.decode()
        pages.append(response.content.decode())
    return pages


def addresses(cast):
    """Every page under /desk/ and /account/, with each identity that its address may hold."""
    for address, _view in doors():
        if not address.startswith(("desk/", "account/")) or address.endswith("/slip/"):
            continue  # a slip is in its patient's language
        plain = re.sub(r"<day:\w+>", str(NOW.date()), address)
        plain = re.sub(r"<int:year>|<year:\w+>", "2026", plain)
        plain = re.sub(r"<week:\w+>", "2026-W10", plain)
        if "<uuid:" in plain:
            yield address, ["/" + re.sub(r"<uuid:\w+>", str(uuid), plain) for uuid in cast.values()]
        else:
            yield address, [f"/{plain}"]


def test_no_page_of_the_desk_leaves_english_standing(desk, max_, cast):
    desk.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    seen, found = [], {}
    for address, filled in addresses(cast):
        for page in filled:
            answer = reading(desk, max_, "en").get(page)
            if answer.status_code == 200 and b"<html" in answer.content:
                english, spanish = both(desk, max_, lambda client, page=page: client.get(page))
                seen.append(address)
                if rest := left_over(english, spanish):
                    found[page] = rest
    assert {"desk/day/<day:day>/", "desk/book/", "desk/appointments/<uuid:uuid>/", "account/"} <= set(seen)
    assert len(set(seen)) > 20
    assert found == {}


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"q": "zzyx"},
        {"day": "soon", "time": "noon", "patient": "new", "phone": "1", "date_of_birth": "2030-01-01"},
    ],
)
def test_no_refusal_of_a_booking_leaves_english_standing(desk, rae, cast, posted):
    form = {"uuid": str(uuid4()), "doctor": cast["doctor"]} | posted
    for address in ("/desk/book/", "/desk/book/patients/"):
        english, spanish = both(desk, rae, lambda client, address=address: client.post(address, form))
        assert left_over(english, spanish) == []


def test_a_taken_time_is_told_in_spanish(desk, rae, cast, filled_in):
    form = filled_in(day="2026-03-02", time="11:00", patient=str(cast["other"]), doctor=str(cast["doctor"]))
    english, spanish = both(desk, rae, lambda client: client.post("/desk/book/", form))
    assert "La hora de las 11:00 con Dr Ama Osei" in spanish
    assert left_over(english, spanish) == []


def test_english_that_was_left_would_be_found():
    english = (
        "<p>Day</p><button aria-label='Go back'>Go</button><b>Ana Souza Prieto</b><i>2 min</i><kbd>Alt</kbd>"
    )
    spanish = english.replace("Day", "Día")
    assert left_over(english, spanish) == ["Go", "Go back"]
    assert left_over(english, spanish.replace("Go back", "Volver").replace("Go", "Ir")) == []


def test_strangers_and_patients_read_what_their_browser_asks_for(client, db, cast):
    client.logout()
    for address, words in (
        ("/", "Abra el enlace que le dio la clínica."),
        ("/sign-in/", "Entrar en recepción"),
        ("/nothing/", "No hay nada en esta dirección"),
        (f"/appointment/{cast['visit']}/", "lunes, 2 de marzo de 2026"),
    ):
        asked = {
            lang: client.get(address, headers={"Accept-Language": lang})
            for lang in ("en-GB", "es-MX,es;q=0.9")
        }
        english, spanish = asked.values()
        assert words in spanish.content.decode()
        assert left_over(english.content.decode(), spanish.content.decode()) == []
        assert spanish["Content-Language"] == "es"
        assert "Accept-Language" in spanish["Vary"]
