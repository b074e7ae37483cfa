"""What old texts mean: statuses, times and names. Pure: no database."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from scheduling.matching import names
from scheduling.models import Flag, Status
from scheduling.times import clinic_day, possible

# Compared without case, accents, spaces, hyphens and underscores: "No_Show", "no-show" and "NO SHOW" are one.
SPELLINGS: Final[dict[Status, tuple[str, ...]]] = {
    Status.PENDING: ("pending", "pendiente", "pendente", "proposed"),
    Status.CONFIRMED: ("confirmed", "confirmado", "confirmada", "booked"),
    Status.ARRIVED: ("arrived", "llegó", "llegado", "checked in", "chegou", "en sala de espera"),
    Status.IN_PROGRESS: (
        *("in progress", "started", "in consultation"),
        *("en curso", "en progreso", "en consulta", "em andamento", "em atendimento"),
    ),
    Status.COMPLETED: (
        *("completed", "complete", "done", "finished", "fulfilled"),
        *("atendido", "atendida", "realizado", "realizada", "completado", "completada", "finalizado"),
        *("finalizada", "terminado", "terminada", "concluido", "concluida"),
    ),
    Status.CANCELLED: ("cancelled", "canceled", "cancelado", "cancelada", "anulado", "anulada"),
    Status.NO_SHOW: (
        *("no show", "missed", "did not attend"),
        *("no asistió", "no se presentó", "no vino", "ausente", "não compareceu", "faltou"),
    ),
    Status.ENTERED_IN_ERROR: ("entered in error", "registrado por error"),
}


def _key(text: str) -> str:
    return names.fold(text).replace(" ", "")


_STATUSES: Final = {_key(spelling): status for status, many in SPELLINGS.items() for spelling in many}


class ReadStatus(NamedTuple):
    status: Status
    known: bool


class ReadTime(NamedTuple):
    """An aware UTC instant, and the doubt about it, if any."""

    start: datetime
    doubt: Flag.Kind | None


def read_status(text: str | None) -> ReadStatus:
    """What an old status means. None and white space mean pending; an unknown one becomes pending too."""
    if text is None or not text.strip():
        return ReadStatus(Status.PENDING, known=True)
    status = _STATUSES.get(_key(text))
    return ReadStatus(status or Status.PENDING, known=status is not None)


def read_time(text: str, zone: ZoneInfo) -> ReadTime:
    """The instant that a wall-clock text such as '2026-03-29 02:30:00' means in the clinic's zone.

    One in the spring gap is read with the offset before the change, one that comes twice as the first
    (both are PEP 495's fold=0). A date that no clinic can mean ('9999-12-31 23:59:59', '0000-00-00 00:00:00')
    is one of no zone: as it stands, so far as there is such a time.
    """
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return ReadTime(possible.EARLIEST, Flag.Kind.DATE_CANNOT_BE)
    if not possible.FIRST_DAY <= wall.date() <= possible.LAST_DAY:
        return ReadTime(possible.within_calendar(wall.replace(tzinfo=UTC)), Flag.Kind.DATE_CANNOT_BE)
    readings = clinic_day.instants(wall, zone)
    doubts = {0: Flag.Kind.TIME_NEVER_WAS, 2: Flag.Kind.TIME_CAME_TWICE}
    return ReadTime(wall.replace(tzinfo=zone, fold=0).astimezone(UTC), doubts.get(len(readings)))


def patient_key(text: str) -> str:
    """Equal for texts that name the same person: without case, accents, spaces, "Last, First" turned."""
    return names.fold(names.in_spoken_order(text))


def best_split(spellings: Iterable[str]) -> names.SplitName:
    """Name and last name out of several spellings of one name (equal `patient_key`).

    The words come from the best written spelling, the place of the split from a "Last, First", if there is
    one. Two of those that contradict each other are not sure.
    """
    counted = Counter(spellings)
    ranked = sorted(counted, key=lambda text: _rank(text, counted[text]), reverse=True)
    commas = [split for text in ranked if (split := names.split(text)).sure and names.COMMA.search(text)]
    if not commas:
        return names.split(names.in_spoken_order(ranked[0]))
    sure = len({(names.fold(split.name), names.fold(split.lastname)) for split in commas}) == 1
    told = commas[0]
    if names.is_unspaced(names.fold(ranked[0])):
        return told._replace(sure=sure)
    words = names.in_spoken_order(ranked[0]).split()
    first = told.name.split()
    if len(words) == len(first) + len(told.lastname.split()):
        return names.SplitName(" ".join(words[: len(first)]), " ".join(words[len(first) :]), sure)
    return told._replace(sure=sure)


def _rank(text: str, times_seen: int) -> tuple[bool, int, int, str]:
    """Higher is better written: mixed case, then more letters with accents, then more often seen."""
    mixed = text != text.upper() and text != text.lower()
    return mixed, sum(letter > "\x7f" for letter in text), times_seen, text
