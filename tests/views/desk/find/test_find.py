"""Wishes become free times, each a link one step from booked; where there are none, the page says why."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import TimeOff, WorkingHours
from tests import factories
from tests.conftest import madrid, works
from tests.views.desk.conftest import TUESDAY, UNKNOWN, written
from tests.views.desk.find.found import links, starts
from tests.views.desk.pages import beside, typed_in

FIND = "/desk/find/"


@pytest.fixture
def find(desk, checkup, osei, lind):
    def ask(**wishes):
        return desk.get(FIND, {"visit_type": str(checkup.uuid)} | wishes)

    return ask


def test_the_next_free_times_come_by_day_and_time(find, osei):
    response = find(doctor=str(osei.uuid), **{"from": TUESDAY})
    assert starts(response) == [
        f"03-03T{at} Dr Ama Osei"
        for at in ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30"]
    ]
    page = response.content.decode()
    assert "Tomorrow, Tuesday 3 March" in page
    assert "The first is Tue 3 March, 09:00 with Dr Ama Osei." in page
    assert "09:00 with Dr Ama Osei, Cardiology, 30 min, Tue 3 March" in page


def test_a_link_is_one_step_from_booked(desk, find, osei, ana, checkup, filled_in):
    link = links(find(doctor=str(osei.uuid), patient=str(ana.uuid)))[0]
    page = desk.get(link)
    typed = typed_in(page)
    assert (typed["doctor"], typed["day"], typed["time"]) == (str(osei.uuid), "02/03/2026", "09:00")
    assert (typed["patient"], typed["visit_type"]) == (str(ana.uuid), str(checkup.uuid))
    assert page.context["focus"] == "description"
    assert desk.post("/desk/book/", typed).status_code == 302


def test_without_a_patient_the_link_leads_to_the_patient_box(desk, find):
    assert desk.get(links(find())[0]).context["focus"] == "q"


@pytest.mark.parametrize(
    ("wishes", "first"),
    [
        ({"on": ["3"]}, "03-05T09:00"),
        ({"on": ["3", "4"], "from": "2026-03-06"}, "03-06T09:00"),
        ({"part": "morning"}, "03-02T09:00"),
        ({"earliest": "11:10"}, "03-02T11:30"),
        ({"earliest": "1110", "part": "afternoon"}, "03-02T11:30"),
        ({"from": "2026-02-01"}, "03-02T09:00"),
        ({"from": "1900-01-01"}, "03-02T09:00"),
        ({"from": "2026-03-07"}, "03-09T09:00"),
    ],
)
def test_wishes_are_kept(find, osei, wishes, first):
    response = find(doctor=str(osei.uuid), **wishes)
    assert starts(response)[0] == f"{first} Dr Ama Osei"


def test_a_specialty_leaves_the_others_out(find, osei):
    other = factories.DoctorFactory(doctor_name="Dr Else")
    works(other, time(8), time(14))
    doctors = {text[12:] for text in starts(find(specialty=str(osei.specialty.uuid)))}
    assert doctors == {"Dr Ama Osei", "Dr Per Lind"}
    assert starts(find(specialty=str(other.specialty.uuid)))[0] == "03-02T08:00 Dr Else"


def test_later_ones_go_on_where_the_page_ended_with_nothing_twice_and_nothing_left_out(desk, find):
    """Two doctors begin at once: the page may end between them."""
    seen, page = [], find(count="10", **{"from": TUESDAY}, part="morning", on=["1", "2"])
    for _ in range(5):
        seen += starts(page)
        page = desk.get(FIND + "?" + page.context["found"].later)
    everything = starts(find(count="50", **{"from": TUESDAY}, part="morning", on=["1", "2"]))
    assert len(everything) == 50
    assert seen == everything
    odd = [*starts(one := find(count="10", earliest="9:15"))]
    odd += starts(desk.get(FIND + "?" + one.context["found"].later))
    assert odd == starts(find(count="20", earliest="9:15"))


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "2026-03-02", "2026-03-02T09:00", "9999-12-31T23:59+00:00", "\0", "0001-01-01T00:00+14:00"],
)
def test_a_broken_link_to_later_ones_begins_at_the_beginning(find, cursor):
    assert starts(find(after=cursor, seen="x"))[0].startswith("03-02T09:00")
    assert starts(find(after=cursor, seen="99999999999999999"))[0].startswith("03-02T09:00")


class TestNothing:
    def told(self, response):
        return [
            (told.sentence, told.otherwise is not None) for told, _ in response.context["found"].otherwise
        ]

    def test_says_for_each_doctor_why_and_what_is_free_otherwise(self, find, osei, lind):
        WorkingHours.objects.filter(doctor=lind).update(weekday=6)
        TimeOff.objects.create(
            doctor=lind, starts_at=madrid("2026-03-01 00:00"), ends_at=madrid("2027-01-01 00:00")
        )
        away, none = lind, factories.DoctorFactory(doctor_name="Dr New", specialty=osei.specialty)
        assert away
        assert none
        response = find(part="afternoon", on=["0"])
        assert self.told(response) == [
            ("Dr Ama Osei does not work at the times you asked for.", True),
            ("Dr New has no working hours yet.", False),
            ("Dr Per Lind has time off in these weeks.", False),
        ]
        assert "Free otherwise: Mon 2 March, 09:00" in response.content.decode()
        assert [way.label for way in response.context["found"].nothing.ways] == [
            "Show mornings",
            "Show every weekday",
        ]

    def test_a_full_doctor_is_full(self, find, osei, lind, book, ben):
        WorkingHours.objects.exclude(doctor=osei, weekday=1).delete()
        lind.is_active = False
        lind.save()
        long = factories.VisitTypeFactory(name="Whole day", minutes=300)
        for week in ("03", "10", "17", "24", "31"):
            book(osei, factories.PatientFactory(), f"2026-03-{week} 09:00", visit_type=long)
        for day in ("04-07", "04-14", "04-21", "04-28"):
            book(osei, factories.PatientFactory(), f"2026-{day} 09:00", visit_type=long)
        assert self.told(find()) == [("Dr Ama Osei is full.", False)]
        WorkingHours.objects.create(doctor=osei, weekday=2, starts=time(16), ends=time(18))
        assert self.told(find(part="morning")) == [("Dr Ama Osei is full at the times you asked for.", True)]
        wider = find(doctor=str(osei.uuid), part="morning").context["found"].nothing.ways
        assert [way.label for way in wider] == ["Show afternoons", "Show everyone in Cardiology"]

    def test_each_way_leads_on(self, desk, find, osei):
        nothing = find(doctor=str(osei.uuid), on=["6"], earliest="20:00").context["found"].nothing
        assert [way.label for way in nothing.ways] == [
            "Show any hour",
            "Show every weekday",
            "Show everyone in Cardiology",
        ]
        for way in nothing.ways:
            assert desk.get(FIND + "?" + way.query).context["found"] is not None

    def test_many_doctors_are_told_in_one_sentence(self, find, cardiology):
        for _ in range(20):
            factories.DoctorFactory(specialty=cardiology)
        told = find(on=["6"]).context["found"].otherwise
        assert [said.sentence for said, _ in told] == [
            "None of the 22 doctors has a free time for Check-up that fits."
        ]

    def test_looking_further_ahead_goes_past_the_sixty_days(self, desk, find, osei, lind):
        WorkingHours.objects.update(valid_from="2026-06-01")
        page = find()
        assert page.context["found"].first is None
        assert "until Thursday 30 April" in page.content.decode()
        later = desk.get(FIND + "?" + page.context["found"].later)
        assert starts(later)[0] == "06-01T09:00 Dr Ama Osei"


class TestBadWishes:
    @pytest.mark.parametrize(
        ("typed", "field", "said"),
        [
            ({"visit_type": ""}, "visit_type", "Choose the visit type: it says how long a time is needed."),
            ({"visit_type": UNKNOWN}, "visit_type", "This visit type is not on record. Choose another."),
            ({"doctor": "7"}, "doctor", "This doctor is not on record. Choose another."),
            ({"from": "soon"}, "from", "“soon” is not a date. Write it like 31/3/2026."),
            ({"from": "2062-03-02"}, "from", "This time is more than two years ahead."),
            ({"from": "2206-03-02"}, "from", "Check the year: 2206."),
            ({"earliest": "noon"}, "earliest", "“noon” is not a time. Write it like 09:30."),
            ({"earliest": "12:00", "latest": "11:00"}, "latest", "This is not after the time before it."),
        ],
    )
    def test_are_told_beside_their_field(self, find, typed, field, said):
        response = find(**typed)
        assert response.status_code == 200
        assert said in beside(response, field)
        assert response.context["found"] is None

    def test_a_doctor_outside_the_specialty_is_told(self, find, osei):
        other = factories.SpecialtyFactory(specialty_name="Dermatology")
        page = find(doctor=str(osei.uuid), specialty=str(other.uuid)).content.decode()
        assert "Dr Ama Osei is not in Dermatology. Choose one or the other." in page

    @pytest.mark.parametrize("value", ["\0", "x" * 3000, "🙂", "-1", "9999-12-31"])
    def test_nonsense_is_survived(self, find, value):
        names = ("visit_type", "doctor", "specialty", "from", "on", "part", "earliest", "count", "after")
        for name in (*names, "seen", "patient", "why-time", "why-doctor", "why-day"):
            assert find(**{name: value}).status_code == 200


def test_finding_writes_nothing(find, book, osei, ben):
    book(osei, ben, f"{TUESDAY} 10:00")
    before = written()
    find(**{"why-doctor": str(osei.uuid), "why-day": TUESDAY, "why-time": "10:00"})
    assert written() == before


@pytest.mark.parametrize("doctors", [1, 50])
def test_the_number_of_doctors_costs_no_queries(desk, checkup, cardiology, doctors):
    for _ in range(doctors):
        works(factories.DoctorFactory(specialty=cardiology), time(8), time(18))
    address = f"{FIND}?visit_type={checkup.uuid}"
    desk.get(address)  # what is known for a while is known by now
    with CaptureQueriesContext(connection) as spent:
        desk.get(address)
    assert len(spent) == 10, [query["sql"][:90] for query in spent]
