"""Changing hours: what is refused, what is stored, and which visits are told to be left behind."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError

from scheduling.booking import hours, hours_lock, stranding, transactions
from scheduling.booking.actions import cancel
from scheduling.booking.changing import Wish
from scheduling.booking.hours import Weekly
from scheduling.booking.openings import free_starts
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, ExtraHours, TimeOff, WorkingHours
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked, refusal
from tests.conftest import NOW, madrid
from tests.weeks import replace_week

NINE_TO_TWO = [Weekly(day, time(9), time(14)) for day in range(5)]


def between(first, last):
    return Interval(madrid(first), madrid(last))


TUESDAY_MORNING = between("2026-03-03 09:00", "2026-03-03 11:00")


def kept():
    """All that hours.py may write, and the visits, which it may not."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (WorkingHours, TimeOff, ExtraHours, Appointment)
    ]


@pytest.fixture
def visits(osei, ana, ben, checkup):
    """Dr Osei on Tuesday: Ana at 10:00, Ben at 12:00."""
    return [booked(osei, ana, checkup, "2026-03-03 10:00"), booked(osei, ben, checkup, "2026-03-03 12:00")]


class TestTheWeek:
    def test_a_day_may_have_several_stretches_and_weeks_may_follow_each_other(self, osei, now):
        week = [
            Weekly(1, time(9), time(11)),
            Weekly(1, time(11), time(12)),
            Weekly(1, time(15), time(17), valid_until=date(2026, 3, 3)),
            Weekly(1, time(16), time(18), valid_from=date(2026, 3, 4)),
        ]
        assert replace_week(osei, week, by=None, now=now) == []
        rows = WorkingHours.objects.filter(doctor=osei).order_by("starts")
        assert [(r.weekday, r.starts, r.ends, r.valid_from, r.valid_until) for r in rows] == [
            (w.weekday, w.starts, w.ends, w.valid_from, w.valid_until) for w in week
        ]
        span = between("2026-03-02 00:00", "2026-03-11 00:00")
        starts = free_starts([osei], minutes=120, span=span, now=now)[osei.pk]
        assert starts == [
            madrid(text)
            for text in ("2026-03-03 09:00", "2026-03-03 15:00", "2026-03-10 09:00", "2026-03-10 16:00")
        ]

    @pytest.mark.parametrize(
        ("week", "code", "words"),
        [
            ([Weekly(0, time(9), time(9))], "inverted", "09:00 to 09:00 ends before it begins"),
            ([Weekly(0, time(14), time(9))], "inverted", "14:00 to 09:00 ends before it begins"),
            (
                [Weekly(0, time(9), time(14), date(2026, 3, 2), date(2026, 3, 1))],
                "inverted",
                "the first day is after the last",
            ),
            ([Weekly(0, time(9, 2), time(14))], "off_the_grid", "full five minutes"),
            ([Weekly(0, time(9), time(13, 59, 30))], "off_the_grid", "full five minutes"),
            ([Weekly(0, time(9), time(14)), Weekly(0, time(13), time(15))], "overlap", "and from 13:00"),
            ([Weekly(0, time(9), time(14))] * 2, "overlap", "09:00 and from 09:00"),
            (
                [
                    Weekly(0, time(9), time(14), None, date(2026, 3, 9)),
                    Weekly(0, time(9), time(14), date(2026, 3, 9), None),
                ],
                "overlap",
                "overlap",
            ),
        ],
    )  # fmt: skip
    def test_a_week_that_cannot_be_is_refused_in_words_and_nothing_changes(
        self, osei, now, week, code, words
    ):
        before = kept()
        assert refusal(replace_week, osei, week, by=None, now=now) == {code}
        assert any(words in problem.message for problem in hours.week_problems(week))
        assert kept() == before

    def test_hours_of_different_weekdays_or_seasons_do_not_overlap(self):
        assert hours.week_problems([Weekly(0, time(9), time(14)), Weekly(1, time(9), time(14))]) == []
        summer = Weekly(0, time(9), time(14), date(2026, 6, 1), date(2026, 8, 31))
        autumn = Weekly(0, time(8), time(15), date(2026, 9, 1))
        assert hours.week_problems([autumn, summer]) == []

    def test_visits_that_stand_outside_the_new_hours_are_named_and_stay(self, osei, visits, now):
        late = [Weekly(day, time(11), time(14)) for day in range(5)]
        before = kept()
        assert replace_week(osei, late, by=None, now=now, dry_run=True) == visits[:1]
        assert kept() == before
        assert replace_week(osei, late, by=None, now=now) == visits[:1]
        assert kept()[3] == before[3]
        assert replace_week(osei, late, by=None, now=now) == []  # left behind before, not by this

    def test_a_part_of_a_visit_outside_is_enough(self, osei, visits, now):
        until_quarter_past = [Weekly(1, time(9), time(10, 15)), Weekly(1, time(12), time(14))]
        assert replace_week(osei, until_quarter_past, by=None, now=now) == visits[:1]
        split_by_nothing = [Weekly(1, time(9), time(10, 15)), Weekly(1, time(10, 15), time(14))]
        assert replace_week(osei, split_by_nothing, by=None, now=now) == []

    def test_a_doctor_without_any_hours_leaves_every_visit_to_come(self, osei, lind, visits, ana, checkup):
        booked(lind, ana, checkup, "2026-03-04 10:00")
        cancelled = booked(osei, ana, checkup, "2026-03-05 10:00")
        cancel(Seen.of(cancelled), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
        half_past_ten = madrid("2026-03-03 10:30")
        assert replace_week(osei, [], by=None, now=half_past_ten, dry_run=True) == visits[1:]
        assert replace_week(osei, [], by=None, now=NOW) == visits

    def test_what_stays_the_same_keeps_its_row(self, osei, now):
        before = kept()
        replace_week(osei, NINE_TO_TWO, by=None, now=now)
        assert kept() == before
        replace_week(osei, [*NINE_TO_TWO, Weekly(5, time(9), time(12))], by=None, now=now)
        assert kept()[0][:5] == before[0]

    @pytest.mark.parametrize("count", [1, 20])
    def test_a_fixed_number_of_queries(self, osei, checkup, now, count, django_assert_num_queries):
        for n in range(count):
            start = madrid("2026-03-03 09:00") + timedelta(minutes=30 * (n % 10), days=n // 10)
            booked(osei, factories.PatientFactory(), checkup, start)
        week = [
            Weekly(day, time(15 + n // 6, n % 6 * 10), time(15 + n // 6, n % 6 * 10 + 5))
            for day in (1, 2)
            for n in range(count)
        ]
        hours_lock.take([osei.pk])
        # Before: visits, hours twice. Savepoint and lock twice, rows, delete, insert, event. After: 3, names.
        with django_assert_num_queries(13):
            assert len(replace_week(osei, week, by=None, now=now)) == count


class TestTimeOff:
    def test_visits_in_it_are_named_and_stay_and_nothing_new_is_booked(self, osei, visits, ana, checkup, now):
        before = kept()
        ask = {"reason": "Congress", "now": now, "by": None}
        assert hours.add_time_off(osei, TUESDAY_MORNING, **ask, dry_run=True) == visits[:1]
        assert kept() == before
        assert hours.add_time_off(osei, TUESDAY_MORNING, **ask) == visits[:1]
        row = TimeOff.objects.get()
        assert (row.doctor, row.starts_at, row.ends_at, row.reason) == (osei, *TUESDAY_MORNING, "Congress")
        assert kept()[3] == before[3]
        assert refusal(booked, osei, ana, checkup, "2026-03-03 09:00") == {"time_off"}

    def test_a_closed_clinic_leaves_the_visits_of_every_doctor(self, osei, lind, visits, checkup, now):
        other = booked(lind, factories.PatientFactory(), checkup, "2026-03-03 10:15")
        assert hours.add_time_off(None, TUESDAY_MORNING, reason="Flood", by=None, now=now) == [
            visits[0],
            other,
        ]
        assert refusal(booked, lind, factories.PatientFactory(), checkup, "2026-03-03 09:00") == {"time_off"}

    @pytest.mark.parametrize(
        ("first", "last", "touched"),
        [("09:00", "10:00", 0), ("10:30", "12:00", 0), ("09:00", "10:05", 1), ("10:25", "12:05", 2)],
    )
    def test_neighbours_are_not_touched(self, osei, visits, now, first, last, touched):
        span = between(f"2026-03-03 {first}", f"2026-03-03 {last}")
        assert len(hours.add_time_off(osei, span, reason="", by=None, now=now)) == touched

    def test_a_visit_that_stood_outside_before_is_not_named_again(self, osei, ana, checkup, max_, now):
        booked(osei, ana, checkup, "2026-03-03 15:00", by=max_, accepted=frozenset({"outside_hours"}))
        span = between("2026-03-03 14:00", "2026-03-03 18:00")
        assert hours.add_time_off(osei, span, reason="", by=None, now=now) == []

    @pytest.mark.parametrize(
        ("first", "last", "code"),
        [("10:00", "10:00", "inverted"), ("10:00", "09:00", "inverted"), ("10:00", "11:03", "off_the_grid")],
    )
    def test_a_span_that_cannot_be_is_refused_in_words(self, osei, now, first, last, code):
        span = between(f"2026-03-03 {first}", f"2026-03-03 {last}")
        assert refusal(hours.add_time_off, osei, span, reason="", by=None, now=now) == {code}
        assert refusal(hours.add_extra_hours, osei, span, by=None, now=now) == {code}

    def test_a_second_one_at_the_same_time_is_refused_but_beside_it_and_for_the_clinic_is_welcome(
        self, osei, lind, now
    ):
        ask = {"reason": "", "now": now, "by": None}
        hours.add_time_off(osei, TUESDAY_MORNING, **ask)
        with pytest.raises(hours.Refused) as caught:
            hours.add_time_off(osei, between("2026-03-03 10:55", "2026-03-03 12:00"), **ask)
        assert "Tue 3 March 2026, 09:00 to Tue 3 March 2026, 11:00" in caught.value.problems[0].message
        hours.add_time_off(osei, between("2026-03-03 11:00", "2026-03-03 12:00"), **ask)
        hours.add_time_off(lind, TUESDAY_MORNING, **ask)
        hours.add_time_off(None, TUESDAY_MORNING, **ask)
        assert refusal(hours.add_time_off, None, TUESDAY_MORNING, **ask) == {"overlap"}
        assert TimeOff.objects.count() == 4

    def test_the_same_form_sent_twice_names_the_visits_twice_and_is_one_row(self, osei, visits, now):
        ask = {"reason": "", "by": None, "now": now, "uuid": uuid4()}
        assert hours.add_time_off(osei, TUESDAY_MORNING, **ask) == visits[:1]
        assert hours.add_time_off(osei, TUESDAY_MORNING, **ask) == visits[:1]
        longer = between("2026-03-03 09:00", "2026-03-03 13:00")
        assert refusal(hours.add_time_off, osei, longer, **ask) == {"already_saved"}
        assert refusal(hours.add_time_off, None, TUESDAY_MORNING, **ask) == {"already_saved"}
        assert TimeOff.objects.count() == 1

    def test_removed_it_can_be_booked_again_and_removed_twice_nothing_happens(
        self, osei, visits, ana, checkup, now
    ):
        hours.add_time_off(osei, TUESDAY_MORNING, reason="", by=None, now=now)
        uuid = TimeOff.objects.get().uuid
        assert hours.remove_time_off(uuid, by=None, now=now, dry_run=True) == []
        assert TimeOff.objects.count() == 1
        assert hours.remove_time_off(uuid, by=None, now=now) == []
        assert hours.remove_time_off(uuid, by=None, now=now) == []
        assert TimeOff.objects.count() == 0
        assert booked(osei, ana, checkup, "2026-03-03 09:00").doctor == osei


class TestExtraHours:
    EVENING = between("2026-03-03 17:00", "2026-03-03 19:00")

    def test_a_session_can_be_booked_and_its_end_leaves_visits(self, osei, ana, checkup, now):
        assert hours.add_extra_hours(osei, self.EVENING, by=None, now=now, dry_run=True) == []
        assert refusal(booked, osei, ana, checkup, "2026-03-03 17:00") == {"outside_hours"}
        assert hours.add_extra_hours(osei, self.EVENING, by=None, now=now) == []
        visit = booked(osei, ana, checkup, "2026-03-03 18:30")
        uuid = ExtraHours.objects.get().uuid
        assert hours.remove_extra_hours(uuid, by=None, now=now, dry_run=True) == [visit]
        assert ExtraHours.objects.count() == 1
        assert hours.remove_extra_hours(uuid, by=None, now=now) == [visit]
        assert hours.remove_extra_hours(uuid, by=None, now=now) == []
        assert Appointment.objects.get().holds_time

    def test_a_second_one_at_the_same_time_is_refused_and_the_same_form_is_one(self, osei, lind, now):
        uuid = uuid4()
        hours.add_extra_hours(osei, self.EVENING, by=None, now=now, uuid=uuid)
        assert refusal(hours.add_extra_hours, osei, self.EVENING, by=None, now=now) == {"overlap"}
        assert hours.add_extra_hours(osei, self.EVENING, by=None, now=now, uuid=uuid) == []
        hours.add_extra_hours(lind, self.EVENING, by=None, now=now)
        assert ExtraHours.objects.count() == 2

    def test_beside_the_weekly_hours_they_are_one_stretch(self, osei, ana, now):
        hours.add_extra_hours(osei, between("2026-03-03 14:00", "2026-03-03 15:00"), by=None, now=now)
        long = factories.VisitTypeFactory(minutes=120)
        assert booked(osei, ana, long, "2026-03-03 13:00").minutes == 120


def fails_after_its_first_run(monkeypatch, error):
    """The transaction's work is done, and then the error comes, once."""
    outside, calls = stranding.outside, []

    def failing(*args, **kwargs):
        calls.append(outside(*args, **kwargs))
        if len(calls) == 2:  # 1: before the transaction, 2: at the end of its first run
            raise error
        return calls[-1]

    monkeypatch.setattr(transactions, "FIRST_PAUSE", 0)
    monkeypatch.setattr(stranding, "outside", failing)
    return calls


@pytest.mark.parametrize("change", ["week", "add", "remove"])
def test_a_change_that_has_to_run_again_answers_as_if_it_had_run_once(osei, visits, now, monkeypatch, change):
    extra = ExtraHours.objects.create(
        doctor=osei, starts_at=madrid("2026-03-03 14:00"), ends_at=madrid("2026-03-03 15:00")
    )
    late = booked(osei, factories.PatientFactory(), factories.VisitTypeFactory(), "2026-03-03 14:30")
    calls = fails_after_its_first_run(monkeypatch, OperationalError(1213, "Deadlock found"))
    if change == "week":
        assert replace_week(osei, [], by=None, now=now) == visits
    elif change == "add":
        assert hours.add_time_off(osei, TUESDAY_MORNING, reason="", by=None, now=now) == visits[:1]
        assert TimeOff.objects.count() == 1
    else:
        assert hours.remove_extra_hours(extra.uuid, by=None, now=now) == [late]
    assert len(calls) == 3
