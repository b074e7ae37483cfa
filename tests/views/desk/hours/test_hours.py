"""Max keeps the hours of Dr Osei: a week from a day on, and whom a change would strand."""

from datetime import date, time
from uuid import uuid4

import pytest

from scheduling.booking import actions, hours
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Flag, Status
from scheduling.times import weeks
from tests.conftest import NOW
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.hours.asking import MONDAY, asked, kept, page_of, typed_in, week_on
from tests.views.desk.pages import text_of


class TestChanging:
    def test_new_hours_from_monday_keep_this_week(self, office, osei):
        response = office.post(page_of(osei, "save/"), asked(osei, tue="9-13 14:30-1800", sat="10-12"))
        assert response.headers["Location"] == page_of(osei)
        assert "Hours of Dr Ama Osei from Monday 9 March 2026 are saved." in told(office, osei)
        assert week_on(osei, date(2026, 3, 8)) == [(day, time(9), time(14)) for day in range(5)]
        assert week_on(osei, MONDAY)[1:3] == [(1, time(9), time(13)), (1, time(14, 30), time(18))]
        assert week_on(osei, MONDAY)[-1] == (5, time(10), time(12))

    def test_where_other_hours_follow_it_says_until_when_these_hold(self, office, osei):
        office.post(page_of(osei, "save/"), asked(osei, tue="9-13"))
        told(office, osei)
        response = office.post(page_of(osei, "save/"), asked(osei, first="2026-03-05", thu="9-12"))
        assert response.status_code == 302
        assert "They hold until Sunday 8 March 2026: for the days after it other hours" in told(office, osei)

    def test_looking_at_what_changes_writes_nothing_and_keeps_everything_typed(self, office, osei, ana, book):
        book(osei, ana, "2026-03-10 13:00")
        before = kept()
        sent = asked(osei, tue="9-13")
        response = office.post(page_of(osei, "check/"), sent)
        text = text_of(response, "main")
        assert "1 visit would be outside hours" in text
        assert "These hours would hold from Monday 9 March 2026 on." in text
        assert "Tue 10 March, 13:00" in text
        assert "Ana Souza Prieto, Check-up" in text
        assert "changed was 09:00 to 14:00" in text
        assert text.count("changed was") == 1
        assert typed_in(response)["to-1"] == "13"
        assert kept() == before

    def test_saving_shows_whom_it_strands_first_and_saves_when_asked_again(self, office, osei, ana, book):
        visit = book(osei, ana, "2026-03-10 13:00")
        before = kept()
        sent = asked(osei, tue="9-13")
        shown = office.post(page_of(osei, "save/"), sent)
        assert shown.status_code == 200
        assert kept() == before
        agreed = typed_in(shown)["agreed"]
        assert agreed == f"{visit.uuid}.1"
        assert office.post(page_of(osei, "save/"), sent | {"agreed": agreed}).status_code == 302
        assert "1 visit is outside hours now: it is under “Attention”." in told(office, osei)
        assert week_on(osei, MONDAY)[1] == (1, time(9), time(13))
        assert Appointment.objects.get().status == Status.CONFIRMED

    def test_a_visit_booked_meanwhile_is_shown_before_anything_is_saved(self, office, osei, ana, ben, book):
        book(osei, ana, "2026-03-10 13:00")
        sent = asked(osei, tue="9-13")
        agreed = typed_in(office.post(page_of(osei, "check/"), sent))["agreed"]
        book(osei, ben, "2026-03-10 13:30")
        before = kept()
        response = office.post(page_of(osei, "save/"), sent | {"agreed": agreed})
        text = text_of(response, "main")
        assert "2 visits would be outside hours" in text
        assert "The list has changed since you saw it. Nothing is saved yet." in text
        assert kept() == before

    def test_a_visit_called_off_meanwhile_is_no_obstacle(self, office, osei, ana, rae, book):
        visit = book(osei, ana, "2026-03-10 13:00")
        sent = asked(osei, tue="9-13")
        agreed = typed_in(office.post(page_of(osei, "check/"), sent))["agreed"]
        actions.cancel(Seen.of(visit), reason="Ill", wish=actions.Wish.PATIENT, by=rae, now=NOW)
        assert office.post(page_of(osei, "save/"), sent | {"agreed": agreed}).status_code == 302

    def test_visits_that_are_kept_are_remembered_with_who_and_when(self, office, osei, ana, ben, max_, book):
        keep, leave = book(osei, ana, "2026-03-10 13:00"), book(osei, ben, "2026-03-10 13:30")
        sent = asked(osei, tue="9-13")
        agreed = typed_in(office.post(page_of(osei, "check/"), sent))["agreed"]
        ticked = [str(keep.uuid), str(uuid4()), "nonsense"]
        office.post(page_of(osei, "save/"), sent | {"agreed": agreed, "keep": ticked})
        assert "1 visit is outside hours now" in told(office, osei)
        flag = Flag.objects.get()
        assert (flag.kind, flag.appointment, flag.version) == (Flag.Kind.KEPT_OUTSIDE, keep, 1)
        assert (flag.resolved_by, flag.resolved_at) == (max_, NOW)
        assert leave.flags.count() == 0

    def test_the_second_of_two_managers_is_told_and_overwrites_nothing(self, office, osei):
        slow = asked(osei, tue="9-13")
        office.post(page_of(osei, "save/"), asked(osei, wed="10-14"))
        before = kept()
        for step in ("check/", "save/"):
            response = office.post(page_of(osei, step), slow)
            assert response.status_code == 409
            text = text_of(response, "main")
            assert "Someone else has changed these hours" in text
            assert text.count("changed was") == 2  # Tuesday as typed, Wednesday as the other one saved
            assert kept() == before
        # Knowingly, the second time.
        again = slow | {"seen": typed_in(response)["seen"]}
        assert office.post(page_of(osei, "save/"), again).status_code == 302
        assert week_on(osei, MONDAY)[1:3] == [(1, time(9), time(13)), (2, time(9), time(14))]

    def test_the_same_form_twice_is_saved_once(self, office, osei):
        sent = asked(osei, tue="9-13")
        for _ in range(2):
            assert office.post(page_of(osei, "save/"), sent).status_code == 302
        assert week_on(osei, MONDAY)[1] == (1, time(9), time(13))

    def test_other_hours_that_follow_stay_and_can_be_given_up(self, office, osei):
        later = date(2026, 9, 1)
        hours.change_week(osei, [weeks.Weekly(0, time(16), time(20))], first=later, by=None, now=NOW)
        office.post(page_of(osei, "save/"), asked(osei, tue="9-13"))
        assert week_on(osei, MONDAY)[1] == (1, time(9), time(13))
        assert week_on(osei, later) == [(0, time(16), time(20))]
        office.post(page_of(osei, "save/"), asked(osei, first="2026-09-01", tue="9-13"))
        assert week_on(osei, later) == week_on(osei, MONDAY)
        assert "Recorded for later" in office.get(page_of(osei)).content.decode()

    @pytest.mark.parametrize(
        ("typed", "stored", "shown", "typed_again"),
        [
            ("20-24:00", (time(20), time(0)), ["20:00 to 24:00"], "24:00"),
            ("20-0", (time(20), time(0)), ["20:00 to 24:00"], "24:00"),
            ("0-24", (time(0), time(0)), ["00:00 to 24:00"], "24:00"),
            (
                "22-2",
                (time(22), time(2)),
                ["22:00 to 02:00 the next day", "until 02:00, from Tuesday 22:00"],
                "02:00",
            ),
        ],
    )
    def test_hours_until_midnight_and_past_it(self, office, osei, typed, stored, shown, typed_again):
        sent = asked(osei, tue=typed)
        assert office.post(page_of(osei, "save/"), sent | {"first": "2026-03-02"}).status_code == 302
        assert week_on(osei, MONDAY)[1] == (1, *stored)
        glance = text_of(office.get("/desk/hours/"), "main")
        page = office.get(page_of(osei))
        assert [text for text in shown if text not in glance] == []
        assert shown[-1] in (glance if len(shown) == 1 else text_of(page, "main"))
        assert typed_in(page)["to-1"] == typed_again

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"tue": "9-8"}, "09:00 to 08:00 ends before it begins."),
            ({"tue": "9-12:02"}, "09:00 to 12:02: hours begin and end on full five minutes."),
            ({"tue": "9-12 11-14"}, "It overlaps 9 to 12."),
            ({"tue": "9-"}, "Say when it begins and when it ends, or remove it."),
            ({"tue": "nine-12"}, "“nine” is not a time. Write it like 09:30."),
            ({"tue": "9am-12"}, "Write the time in 24 hours"),
            ({"tue": "24:00-2"}, "“24:00” is not a time."),
            ({"tue": "14-9"}, "14:00 to 09:00 ends before it begins."),
            ({"tue": "22-2", "wed": "1-3 7:15-9"}, "It overlaps Tuesday, 22 to 2."),
            ({"tue": "9-\0"}, "is not a time"),
            ({"tue": "9-" + "9" * 5000}, "is not a time"),
            ({"tue": "9-10 " * 9}, "Tuesday has more than 8 sessions."),
            ({"first": ""}, "Say from which day on these hours hold."),
            ({"first": "2026-02-27"}, "Hours of days that have passed stay as they were."),
            ({"first": "9999-12-31"}, "Check the year: 9999."),
            ({"last": "2026-03-01"}, "The last day is before the first."),
        ],
    )
    def test_what_cannot_be_is_said_and_everything_typed_is_kept(self, office, osei, changed, told):
        before = kept()
        sent = asked(osei, **{"wed": "7:15-9"} | changed)
        for step in ("check/", "save/"):
            response = office.post(page_of(osei, step), sent)
            assert response.status_code == 422
            assert told in text_of(response, "main")
            assert typed_in(response)["from-2"] == "7:15"
        assert kept() == before

    @pytest.mark.parametrize(
        "hostile",
        [
            {"seen": "x" * 500},
            {"agreed": "x"},
            {"agreed": f"{UNKNOWN}.²"},
            {"agreed": "\0" * 600_000},
            {"keep": ["\0", "x" * 9999]},
            {"from-9": ["9"], "from--1": "x"},
            {"last": "\0"},
        ],
    )
    def test_nonsense_in_hidden_fields_harms_nothing(self, office, osei, hostile):
        response = office.post(page_of(osei, "save/"), asked(osei, tue="9-13") | hostile)
        assert response.status_code in {302, 409, 422}

    def test_an_empty_form_is_answered_in_words(self, office, osei):
        assert office.post(page_of(osei, "save/")).status_code == 422

    def test_without_scripts_a_session_is_added_and_removed_by_the_server(self, office, osei):
        before = kept()
        response = office.post(page_of(osei, "days/1/add/"), asked(osei, tue="9-13"))
        tuesday = response.context["form"].days[1].sessions
        assert [(one.starts, one.ends) for one in tuesday] == [("9", "13"), ("", "")]
        response = office.post(page_of(osei, "days/1/0/drop/"), asked(osei, tue="9-13 15-18"))
        tuesday = response.context["form"].days[1].sessions
        assert [(one.starts, one.ends) for one in tuesday] == [("15", "18")]
        assert kept() == before

    @pytest.mark.parametrize("index", [0, 99, 10**30])
    def test_a_row_that_is_not_there_is_no_trouble(self, office, osei, index):
        assert office.post(page_of(osei, f"days/1/{index}/drop/"), asked(osei)).status_code == 200

    @pytest.mark.parametrize("day", ["7", "-1", "x", "²", "10"])
    def test_there_are_seven_days(self, office, osei, day):
        for step in (f"days/{day}/add/", f"days/{day}/0/drop/", f"days/1/{day}x/drop/"):
            assert office.post(page_of(osei, step), asked(osei)).status_code == 404

    def test_the_worst_day_has_no_more_rows_than_can_be_saved(self, office, osei):
        response = office.post(page_of(osei, "days/1/add/"), asked(osei, tue="9-10 " * 8))
        assert len(response.context["form"].days[1].sessions) == 8


def told(office, doctor):
    return " ".join(office.get(page_of(doctor)).content.decode().split())


class TestWho:
    def test_a_receptionist_finds_nothing_here(self, desk, osei):
        for method, address in (
            ("get", "/desk/hours/"),
            ("get", page_of(osei)),
            ("post", page_of(osei, "fill/")),
            ("post", page_of(osei, "days/1/add/")),
            ("post", page_of(osei, "days/1/0/drop/")),
            ("post", page_of(osei, "check/")),
            ("post", page_of(osei, "save/")),
        ):
            assert getattr(desk, method)(address).status_code == 404
        assert "/desk/hours/" not in desk.get("/desk/keys/").content.decode()

    def test_a_manager_finds_the_way_in_the_menu(self, office):
        assert "/desk/hours/" in office.get("/desk/keys/").content.decode()

    def test_nobody_is_there_and_get_changes_nothing(self, office, osei):
        assert office.get(f"/desk/hours/{UNKNOWN}/").status_code == 404
        for step in ("fill/", "days/1/add/", "days/1/0/drop/", "check/", "save/"):
            assert office.post(f"/desk/hours/{UNKNOWN}/{step}").status_code == 404
        assert office.get(page_of(osei, "save/")).status_code == 405
        for step in ("fill/", "days/1/add/", "days/1/0/drop/", "check/"):  # nothing was typed there
            assert office.get(page_of(osei, step)).headers["Location"] == page_of(osei)
