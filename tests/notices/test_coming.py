"""What pages say about messages is what the sender will do."""

from datetime import timedelta

import pytest

from scheduling.booking import patients
from scheduling.booking.actions import Wish, book, cancel, move, set_status
from scheduling.booking.seen import Seen
from scheduling.models import Message, MessageSettings, Notice, Status, UnreachableAddress
from scheduling.notices import coming
from tests.booking.asking import wish
from tests.conftest import madrid
from tests.messages import notice, one_of_each, sent
from tests.notices.post import send

pytestmark = pytest.mark.django_db

NINE = madrid("2026-03-02 09:00")
MONDAY = madrid("2026-03-09 10:00")
Why = Notice.Why


@pytest.fixture
def visit(osei, ana, checkup, rae):
    """Ana, Monday in a week, booked at nine."""
    return book(wish(osei, ana, checkup, MONDAY, status=Status.CONFIRMED), by=rae, now=NINE)


def outlook(visit, minutes=0):
    return coming.of(fresh(visit), now=NINE + timedelta(minutes=minutes))


def fresh(visit):
    return type(visit).objects.with_people().get(pk=visit.pk)


def to_come(visit, minutes=0):
    """Each: kind, days before, when, and why not."""
    return [
        (one.kind, one.days_before, f"{one.at.astimezone(MONDAY.tzinfo):%d.%m. %H:%M}", one.why)
        for one in outlook(visit, minutes).coming
    ]


def test_a_booking_is_confirmed_in_three_minutes_and_reminded_three_days_and_one_day_before(visit):
    assert to_come(visit) == [
        ("confirmed", 0, "02.03. 08:03", None),
        ("reminder", 3, "06.03. 09:00", None),
        ("reminder", 1, "08.03. 09:00", None),
    ]
    found = outlook(visit)
    assert (found.way.to, found.way.channel.name, found.next.told.to) == (
        "ana@mail.example",
        "email",
        "ana@mail.example",
    )
    assert found.again == Why.OVERTAKEN  # it is about to be told


def test_what_is_said_to_come_is_what_goes_out_and_when(visit):
    found = outlook(visit).next
    send(found.at - timedelta(seconds=1))
    assert not Message.objects.exists()
    send(found.at)
    assert Message.objects.get().sent_at == found.at
    assert outlook(visit, 10).next.kind == "reminder"
    assert [row.state for row in outlook(visit, 10).past] == ["sent"]


def test_at_night_it_waits_until_the_morning(osei, ana, checkup, rae):
    late = madrid("2026-03-02 22:00")
    visit = book(wish(osei, ana, checkup, MONDAY, status=Status.CONFIRMED), by=rae, now=late)
    found = coming.of(fresh(visit), now=late)
    assert (found.next.at, found.sends_now) == (madrid("2026-03-03 09:00"), False)


def test_of_several_changes_only_the_last_is_said_to_come(visit, osei, rae):
    moved = move(Seen.of(visit), doctor=osei, start=madrid("2026-03-09 11:00"), by=rae, now=NINE)
    assert [(one.kind, one.told.news.was) for one in outlook(moved).coming if one.told] == [("confirmed", {})]


def test_a_reminder_is_left_out_where_the_visit_is_sooner(osei, ana, checkup, rae):
    start = madrid("2026-03-04 10:00")
    visit = book(wish(osei, ana, checkup, start, status=Status.CONFIRMED), by=rae, now=NINE)
    assert [one.days_before for one in outlook(visit).coming] == [0, 1]
    assert outlook(visit).left_out == [3]


def test_what_was_held_back_reminds_no_more_and_stands_among_what_was(visit, rae):
    held = {"state": "skipped", "why": Why.HELD_BACK, "settled_by": rae, "settled_at": NINE}
    row = notice(visit, "reminder", days_before=3, **held)
    assert [one.days_before for one in outlook(visit).coming] == [0, 1]
    assert outlook(visit).useful == {row.pk}


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"email": ""}, Why.NO_ADDRESS),
        ({"may_contact": False}, Why.NO_CONSENT),
    ],
)
def test_where_there_is_no_way_it_is_said_why(visit, ana, rae, record, why):
    patients.change(Seen.of(ana), record, by=rae, now=NINE)
    found = outlook(visit)
    assert (found.way.why, found.next, found.again) == (why, None, why)
    assert {one.why for one in found.coming} == {why}


def test_who_wants_no_reminders_is_still_told_of_changes(visit, ana, rae):
    patients.change(Seen.of(ana), {"wants_reminders": False}, by=rae, now=NINE)
    assert [(kind, why) for kind, _days, _at, why in to_come(visit)] == [
        ("confirmed", None),
        ("reminder", Why.NO_REMINDERS),
        ("reminder", Why.NO_REMINDERS),
    ]


def test_an_address_that_does_not_work_is_named(visit, ana):
    UnreachableAddress.objects.create(patient=ana, address=ana.email, at=NINE)
    found = outlook(visit)
    assert (found.way.why, found.way.broken) == (Why.UNREACHABLE, [ana.email])


def test_who_was_not_asked_is_written_to_as_the_clinic_has_set_it(visit):
    MessageSettings.objects.create(writes_to_unasked=False)
    assert outlook(visit).way.why == Why.NOT_ASKED


def test_a_cancelled_visit_is_told_off_and_reminded_of_no_more(visit, rae):
    send(NINE + timedelta(minutes=5))
    gone = cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=NINE + timedelta(minutes=9))
    assert [kind for kind, *_ in to_come(gone, 9)] == ["cancelled"]
    send(NINE + timedelta(minutes=20))
    assert to_come(gone, 30) == []
    assert outlook(gone, 30).again is None  # the cancellation, once more


def test_who_has_arrived_is_told_nothing_more(visit, rae):
    at = MONDAY - timedelta(minutes=5)
    send(NINE + timedelta(minutes=5))
    here = set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=at)
    found = coming.of(fresh(here), now=at)
    assert (found.coming, found.again) == ([], Why.NOTHING_NEW)


def test_a_clinic_that_writes_to_nobody_asks_the_database_nothing(visit, settings, django_assert_num_queries):
    settings.NOTICE_CHANNELS = []
    with django_assert_num_queries(0):
        assert coming.of(visit, now=NINE) is None
        assert coming.of_many([visit], now=NINE) == {}


def test_many_messages_cost_no_more_statements_than_one(visit, rae, django_assert_num_queries):
    seen = fresh(visit)
    with django_assert_num_queries(6):
        coming.of(seen, now=NINE)
    one_of_each(visit, rae)
    for number in range(1, 30):
        sent(visit, copy=number)
    with django_assert_num_queries(6):
        coming.of(seen, now=NINE)


def test_many_visits_cost_no_more_statements_than_one(
    visit, osei, lind, ana, ben, checkup, rae, django_assert_num_queries
):
    others = [
        book(
            wish(doctor, patient, checkup, madrid(f"2026-03-{day:02} 12:00"), status=Status.CONFIRMED),
            by=rae,
            now=NINE,
        )
        for doctor, patient in ((osei, ana), (lind, ben))
        for day in (10, 11, 12)
    ]
    for visits in ([visit], [visit, *others]):
        found = [fresh(one) for one in visits]
        with django_assert_num_queries(3):
            told = coming.of_many(found, now=NINE)
        assert {one.kind for one in told.values()} == {"confirmed"}
        assert len(told) == len(visits)


def test_of_a_list_of_visits_the_last_change_counts(visit, osei, rae):
    send(NINE + timedelta(minutes=5))
    at = NINE + timedelta(minutes=10)
    assert coming.of_many([fresh(visit)], now=at)[visit.pk].state == "sent"
    moved = move(Seen.of(visit), doctor=osei, start=madrid("2026-03-09 11:00"), by=rae, now=at)
    assert coming.of_many([fresh(moved)], now=at)[visit.pk].told.kind == "moved"


def test_the_last_messages_of_a_patient(visit, ana, django_assert_num_queries):
    for number in range(12):
        sent(visit, at=NINE + timedelta(minutes=number), copy=number + 1)
    with django_assert_num_queries(2):
        rows = coming.latest(ana, 10)
        assert [row.notices.all()[0].copy for row in rows] == list(range(12, 2, -1))
        assert {row.notices.all()[0].appointment.uuid for row in rows} == {visit.uuid}


def test_a_visit_that_nothing_was_ever_to_be_told_of_is_missing(osei, ana, checkup, rae, settings):
    settings.NOTICE_CHANNELS = []
    visit = book(wish(osei, ana, checkup, MONDAY), by=rae, now=NINE)
    settings.NOTICE_CHANNELS = ["email"]
    assert coming.of_many([fresh(visit)], now=NINE) == {}
    assert coming.of(fresh(visit), now=NINE).again is None
