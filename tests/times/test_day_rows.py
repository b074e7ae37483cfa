"""Where a time stands on the board, also on the nights of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.times.day_rows import Beside, ElapsedRows, Place, WallRows, beside, overlap, window
from scheduling.times.intervals import Interval

MADRID = ZoneInfo("Europe/Madrid")
SPRING, USUAL, AUTUMN = date(2026, 3, 29), date(2026, 3, 3), date(2026, 10, 25)


def at(text, fold=0, zone=MADRID):
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def place(rows, start, minutes, fold=0):
    start = at(start, fold, rows.zone)
    return rows.place(start, start + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("day", "count", "hours"),
    [
        (USUAL, 288, "00 01 02 03 04"),
        (SPRING, 276, "00 01 03 04 05"),
        (AUTUMN, 300, "00 01 02 02 03"),
    ],
)
def test_a_day_has_as_many_rows_as_it_lasts_and_its_hours_as_the_clocks_show_them(day, count, hours):
    rows = ElapsedRows.of(day, MADRID)
    marks = rows.hours()
    assert rows.count == count
    assert [mark.row for mark in marks] == list(range(0, count, 12))
    assert " ".join(f"{mark.at.astimezone(MADRID):%H}" for mark in marks[:5]) == hours


@pytest.mark.parametrize(
    ("zone", "day", "count", "first_hours"),
    [
        # The clocks change at midnight: the spring day begins at 01:00, the autumn one has 23:00 twice.
        ("America/Santiago", date(2026, 9, 6), 276, [(0, "01"), (12, "02")]),
        ("America/Santiago", date(2026, 4, 4), 300, [(0, "00"), (12, "01")]),
        # Half an hour: hours stand on half rows from then on.
        ("Australia/Lord_Howe", date(2026, 4, 5), 294, [(0, "00"), (12, "01"), (30, "02"), (42, "03")]),
        ("Australia/Lord_Howe", date(2026, 10, 4), 282, [(0, "00"), (12, "01"), (30, "03")]),
        ("Asia/Kathmandu", date(2026, 3, 3), 288, [(0, "00"), (12, "01")]),
    ],
)
def test_hours_are_right_wherever_the_clinic_is(zone, day, count, first_hours):
    rows = ElapsedRows.of(day, ZoneInfo(zone))
    assert rows.count == count
    marks = [(mark.row, f"{mark.at.astimezone(rows.zone):%H}") for mark in rows.hours()]
    assert marks[: len(first_hours)] == first_hours


def test_after_the_change_a_time_stands_in_the_row_of_its_hour():
    assert place(ElapsedRows.of(USUAL, MADRID), "2026-03-03 10:20", 40) == Place(124, 8)
    assert place(ElapsedRows.of(SPRING, MADRID), "2026-03-29 10:20", 40) == Place(112, 8)
    assert place(ElapsedRows.of(AUTUMN, MADRID), "2026-10-25 10:20", 40) == Place(136, 8)
    autumn = ElapsedRows.of(AUTUMN, MADRID)
    both = [place(autumn, "2026-10-25 02:30", 30, fold) for fold in (0, 1)]
    assert both == [Place(30, 6), Place(42, 6)]


def test_a_time_off_the_grid_takes_the_rows_that_it_touches():
    assert place(ElapsedRows.of(USUAL, MADRID), "2026-03-03 10:08:37", 30) == Place(121, 7)


def test_what_reaches_beyond_the_day_is_cut_and_another_day_has_no_place():
    rows = ElapsedRows.of(USUAL, MADRID)
    assert place(rows, "2026-03-03 23:30", 60) == Place(282, 6)
    assert place(rows, "2026-03-02 23:30", 60) == Place(0, 6)
    assert place(rows, "2026-03-04 00:00", 60) is None
    assert place(rows, "2026-03-02 23:00", 60) is None


def test_on_the_wall_clock_every_day_has_the_same_rows():
    for day in (SPRING, USUAL, AUTUMN):
        assert place(WallRows(day, MADRID), f"{day} 10:20", 40) == Place(124, 8)
    autumn = WallRows(AUTUMN, MADRID)
    assert [place(autumn, "2026-10-25 02:30", 30, fold) for fold in (0, 1)] == [Place(30, 6)] * 2
    # Across the repeated hour its own length, and to the end of the clock's way where that is longer.
    assert place(autumn, "2026-10-25 02:45", 30) == Place(33, 6)
    assert place(WallRows(SPRING, MADRID), "2026-03-29 01:30", 60) == Place(18, 24)
    assert place(WallRows(USUAL, MADRID), "2026-03-03 23:30", 60) == Place(282, 6)
    assert place(WallRows(USUAL, MADRID), "2026-03-04 09:00", 60) is None


@pytest.mark.parametrize(
    ("places", "count", "shown"),
    [
        ([], 288, (96, 240)),
        ([Place(124, 4)], 288, (120, 132)),
        ([Place(102, 60), Place(185, 6)], 288, (96, 192)),
        ([Place(0, 288)], 288, (0, 288)),
        ([Place(280, 20)], 300, (276, 300)),
        ([Place(280, 14)], 294, (276, 294)),
    ],
)
def test_whole_hours_around_everything_are_shown(places, count, shown):
    assert window(places, count) == shown


@pytest.mark.parametrize(
    ("places", "lanes"),
    [
        ([], []),
        ([(0, 6), (6, 6)], [(0, 1), (0, 1)]),
        ([(0, 6), (0, 6), (6, 6)], [(0, 2), (1, 2), (0, 1)]),
        # What hangs together is as wide, though the first and the last do not meet.
        ([(0, 6), (3, 6), (6, 6)], [(0, 2), (1, 2), (0, 2)]),
        ([(0, 12), (0, 3), (3, 3), (3, 3), (12, 3)], [(0, 3), (1, 3), (1, 3), (2, 3), (0, 1)]),
    ],
)
def test_what_overlaps_stands_beside_each_other(places, lanes):
    assert beside(Place(*each) for each in places) == [Beside(*lane) for lane in lanes]


def test_what_two_times_share():
    ten, eleven, noon = (at(f"2026-03-03 {hour}:00") for hour in (10, 11, 12))
    assert overlap(Interval(ten, noon), Interval(eleven, noon)) == Interval(eleven, noon)
    assert overlap(Interval(ten, eleven), Interval(eleven, noon)) is None
