"""Why a certain time is not free."""

import pytest

from tests.views.desk.conftest import TUESDAY
from tests.views.desk.pages import beside, text_of, typed_in

FIND = "/desk/find/"


class TestWhy:
    @pytest.fixture
    def why(self, desk, osei):
        def ask(at, day=TUESDAY, **more):
            query = {"why-doctor": str(osei.uuid), "why-day": day, "why-time": at}
            return desk.get(FIND, query | more)

        return ask

    @pytest.mark.parametrize(
        ("at", "day", "said"),
        [
            ("08:00", TUESDAY, "Dr Ama Osei does not work for the whole of this time."),
            ("10:00", "2026-03-01", "This time is in the past."),
            ("10:02", TUESDAY, "Visits begin on full five minutes"),
            ("02:30", "2026-03-29", "02:30 does not exist."),
            ("02:30", "2026-10-25", "the clocks show 02:30 twice."),
        ],
    )
    def test_a_sentence_says_why_a_time_is_not_free(self, why, checkup, at, day, said):
        assert said in text_of(why(at, day), "why")

    def test_a_taken_time_names_the_visit_that_stands_there(self, why, book, osei, ben):
        visit = book(osei, ben, f"{TUESDAY} 10:00")
        response = why("10:15")
        assert "This time is already taken with Dr Ama Osei." in text_of(response, "why")
        assert "Ben Okafor, 10:00 to 10:30" in text_of(response, "why")
        assert f"/desk/appointments/{visit.uuid}/" in response.content.decode()

    def test_a_free_time_can_be_booked_at_once(self, desk, why, osei, checkup):
        response = why("10:00")
        assert "Tue 3 March, 10:00 with Dr Ama Osei is free for Check-up, 30 min." in text_of(response, "why")
        typed = typed_in(desk.get(response.context["answer"].link))
        assert (typed["time"], typed["visit_type"]) == ("10:00", str(checkup.uuid))

    def test_what_is_missing_is_told(self, why, checkup):
        assert beside(why(""), "why-time") == "Type the time, such as 09:30."
        assert beside(why("10:00", day=""), "why-day") == "Choose the day."
