"""What old texts mean."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.legacy.mapping import best_split, patient_key, read_status, read_time
from scheduling.matching import names
from scheduling.models import Flag, Status
from tests.legacy.books import MADRID


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (None, "pending"),
        ("", "pending"),
        ("  ", "pending"),
        ("Pending", "pending"),
        ("PENDIENTE", "pending"),
        ("Confirmada", "confirmed"),
        ("llego", "arrived"),
        ("Llegó", "arrived"),
        ("IN-PROGRESS", "in_progress"),
        ("en curso", "in_progress"),
        ("done", "completed"),
        ("atendido", "completed"),
        ("Realizada", "completed"),
        ("canceled", "cancelled"),
        ("CANCELLED", "cancelled"),
        ("cancelada", "cancelled"),
        ("anulada", "cancelled"),
        ("No Show", "no_show"),
        ("no-show", "no_show"),
        ("no_show", "no_show"),
        ("noshow", "no_show"),
        ("No asistió", "no_show"),
        ("ausente", "no_show"),
        ("entered-in-error", "entered_in_error"),
        *[(status.value, status.value) for status in Status],
    ],
)
def test_a_known_spelling_means_its_status(text, status):
    assert read_status(text) == (Status(status), True)


@pytest.mark.parametrize("text", ["xyz", "???", "canceled by mother", "-"])
def test_an_unknown_status_is_pending_and_not_known(text):
    assert read_status(text) == (Status.PENDING, False)


@pytest.mark.parametrize(
    ("text", "utc", "doubt"),
    [
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00", "time_never_was"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00", "time_came_twice"),
        ("2027-03-28 02:15:00", "2027-03-28T01:15:00", "time_never_was"),
        ("2027-10-31 02:45:00", "2027-10-31T00:45:00", "time_came_twice"),
        ("2027-03-14 02:30:00", "2027-03-14T01:30:00", None),  # the night of the change in New York only
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59", None),
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00", None),
        ("1999-12-31 23:59:59", "1999-12-31T22:59:59", None),
        ("2026-07-01 10:08:37.250000", "2026-07-01T08:08:37.250000", None),
    ],
)
def test_a_wall_clock_time_is_read_in_the_clinics_zone(text, utc, doubt):
    read = read_time(text, MADRID)
    assert read.start == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert read.start.tzinfo is UTC
    assert read.doubt == (Flag.Kind(doubt) if doubt else None)


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Lima", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("9999-12-31 23:59:59", "9999-12-21T00:00:00"),
        ("9998-06-01 10:00:00", "9998-06-01T10:00:00"),
        ("2206-03-02 10:00:00", "2206-03-02T10:00:00"),
        ("2100-01-01 00:00:00", "2100-01-01T00:00:00"),
        ("1970-01-01 00:00:00", "1970-01-01T00:00:00"),
        ("1900-01-01 00:00:00", "1900-01-01T00:00:00"),
        ("0001-01-01 00:00:00", "0001-01-11T00:00:00"),
        ("0000-00-00 00:00:00", "0001-01-11T00:00:00"),
        ("2026-00-10 10:00:00", "0001-01-11T00:00:00"),
        ("2026-02-30 10:00:00", "0001-01-11T00:00:00"),
    ],
)
def test_a_date_that_cannot_be_is_kept_and_doubted_in_any_zone(text, stored, zone):
    expected = datetime.fromisoformat(stored).replace(tzinfo=UTC)
    assert read_time(text, ZoneInfo(zone)) == (expected, Flag.Kind.DATE_CANNOT_BE)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)),
    st.sampled_from(["Europe/Madrid", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC"]),
)
def test_a_time_reads_back_on_the_clock_unless_it_never_was(wall, zone):
    read = read_time(wall.isoformat(sep=" "), ZoneInfo(zone))
    shown = read.start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if read.doubt == Flag.Kind.TIME_NEVER_WAS:
        assert timedelta(0) < shown - wall <= timedelta(hours=1)
    else:
        assert shown == wall


@pytest.mark.parametrize(
    "text", ["José García", "  josé   GARCÍA ", "Jose Garcia", "García, José", "GARCIA,JOSE", "José-García"]
)
def test_spellings_of_one_name_have_one_key(text):
    assert patient_key(text) == "jose garcia"


@pytest.mark.parametrize(
    ("spellings", "split"),
    [
        (["Ana Souza"], ("Ana", "Souza", True)),
        (["ANA SOUZA", "ana souza", "Ana Souza"], ("Ana", "Souza", True)),
        (["JOSÉ GARCÍA", "Jose Garcia", "José García"], ("José", "García", True)),
        (["josé d'angelo kowalski"], ("josé", "d'angelo kowalski", False)),
        (["D'ANGELO KOWALSKI, JOSÉ", "José D'Angelo Kowalski"], ("José", "D'Angelo Kowalski", True)),
        (["García, Ana María", "ana maría garcía"], ("Ana María", "García", True)),
        (["Ana, Luz Ruiz", "Ruiz Ana, Luz"], ("Luz", "Ruiz Ana", False)),
        (["Madonna"], ("Madonna", "", False)),
        (["王 伟", "王, 伟"], ("伟", "王", True)),
        (["김 민수"], ("민수", "김", True)),
        (["김민수"], ("김민수", "", False)),
        ([""], ("", "", False)),
    ],
)
def test_the_best_written_spelling_is_split(spellings, split):
    assert best_split(spellings) == split
    assert best_split(reversed(spellings)) == split


def test_last_names_that_contradict_each_other_are_not_sure():
    # Both fold to "ana luz ruiz": which of them is the last name?
    assert not best_split(["Luz Ruiz, Ana", "Ruiz, Ana Luz"]).sure


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_a_split_loses_no_letter(texts):
    spellings = [text for text in texts if patient_key(text) == patient_key(texts[0])]
    split = best_split(spellings)
    # In any order: of some scripts the family comes first.
    words = names.fold(f"{split.name} {split.lastname}").split()
    assert sorted(words) == sorted(patient_key(texts[0]).split())
    assert len(split.name) <= 40 and len(split.lastname) <= 40
