"""A doctor's calendar at its address, fetched again and again as calendar programs do."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from uuid import uuid4

import pytest
import time_machine

from scheduling.booking import actions, feeds, hours, patients
from scheduling.booking.changing import Wish
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, CalendarFeed, RecordEvent, Status
from scheduling.notices.feeds import initials
from scheduling.times.intervals import Interval
from tests import bad_rows
from tests.conftest import NOW, madrid
from tests.notices.reading import lines, read


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def secret(osei, max_):
    return shared(osei, max_)


def shared(doctor, by, **more):
    """The secret of a new address."""
    made = feeds.new_secret()
    feeds.make(doctor, made, **{"shows_names": False, "by": by, "now": NOW} | more)
    return made


def ask(client, secret, etag=None, **headers):
    given = headers | ({"If-None-Match": etag} if etag else {})
    return client.get(f"/calendar/{secret}.ics", headers=given)


def events(client, secret):
    answer = ask(client, secret)
    assert answer.status_code == 200
    return read(answer.content).events


def booked(doctor, patient, kind, at, rae, **more):
    proposal = Proposal(
        uuid=uuid4(),
        doctor=doctor,
        patient=patient,
        visit_type=kind,
        start=madrid(at),
        description="Está mareada",
        **more,
    )
    return actions.book(proposal, by=rae, now=NOW)


def planted(doctor, patient, kind, starts):
    """Visits without what the engine adds, by the hundred."""
    row = {"doctor": doctor, "patient": patient, "visit_type": kind, "minutes": 30}
    row |= {"status": Status.CONFIRMED, "created_at": NOW, "updated_at": NOW, "description": "Está mareada"}
    Appointment.objects.bulk_create(
        Appointment(uuid=uuid4(), appointment_datetime=at, **row) for at in starts
    )


def test_a_calendar_has_initials_type_and_times_of_the_doctors_visits(
    client, secret, osei, lind, ana, ben, checkup, rae
):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00", rae, status=Status.CONFIRMED)
    booked(lind, ben, checkup, "2026-03-03 10:00", rae)
    (event,) = events(client, secret)
    assert (event.summary, event.classification, event.status) == ("A. S. · Check-up", "PRIVATE", "CONFIRMED")
    assert (event.dtstart, event.dtend) == (visit.appointment_datetime, visit.ends_at)
    assert (event.sequence, event.dtstamp) == (1, NOW)
    assert event.description is None


def test_it_says_how_often_to_ask_and_whose_it_is(client, secret):
    answer = ask(client, secret)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Cache-Control"] == "private, no-cache"
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    calendar = read(answer.content)
    assert (calendar.method, calendar.refresh_interval) == ("PUBLISH", timedelta(minutes=15))
    said = lines(answer.content)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in said
    assert "X-PUBLISHED-TTL:PT15M" in said
    assert "X-WR-CALNAME:Dr Ama Osei\\, Clínica San Telmo" in said


def test_nobodys_name_number_identity_or_reason_is_in_it(client, secret, osei, ana, checkup, rae):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00", rae)
    hours.add_time_off(
        osei,
        Interval(madrid("2026-03-05 09:00"), madrid("2026-03-05 10:00")),
        reason="Surgery",
        by=rae,
        now=NOW,
    )
    text = "\n".join(lines(ask(client, secret).content))
    assert "A. S. · Check-up" in text
    hidden = (
        "Ana",
        "Souza",
        "mareada",
        "Surgery",
        osei.email,
        str(visit.uuid),
        str(ana.uuid),
        str(osei.uuid),
    )
    assert [word for word in hidden if word in text] == []


def test_names_are_shown_where_a_manager_allowed_it_and_reasons_nowhere(
    client, osei, max_, ana, checkup, rae
):
    booked(osei, ana, checkup, "2026-03-03 10:00", rae)
    secret = shared(osei, max_, shows_names=True)
    assert [event.summary for event in events(client, secret)] == ["Ana Souza Prieto · Check-up"]
    assert b"mareada" not in ask(client, secret).content


@pytest.mark.parametrize(
    ("name", "lastname", "said"),
    [
        ("Ana", "Souza Prieto", "A. S."),
        ("íñigo", "", "Í."),
        ("", "", "–"),
        ("(no) Zoë", "Ñandú", "N. Ñ."),
        ("王", "小明", "王. 小."),
    ],
)
def test_initials(name, lastname, said):
    assert initials(name, lastname) == said


def test_only_visits_that_stand_within_the_span_are_in_it(client, secret, osei, ana, checkup):
    days = {-31: False, -30: True, 0: True, 180: True, 181: False}
    planted(osei, ana, checkup, [madrid("2026-03-02 12:00") + timedelta(days=day) for day in days])
    shown = [event.dtstart.date() - date(2026, 3, 2) for event in events(client, secret)]
    assert [each.days for each in shown] == [day for day, is_in in days.items() if is_in]
    for status in Status:
        Appointment.objects.update(status=status)
        assert len(events(client, secret)) == (
            0 if status in {"cancelled", "no_show", "entered_in_error"} else 3
        )


def test_time_off_is_shown_without_its_reason_whole_days_as_such(client, secret, osei, lind, rae):
    off = {"reason": "Surgery", "by": rae, "now": NOW}
    week = Interval(madrid("2026-03-28 00:00"), madrid("2026-03-31 00:00"))  # the clock changes in it
    hours.add_time_off(osei, week, **off)
    hours.add_time_off(None, Interval(madrid("2026-03-19 00:00"), madrid("2026-03-20 00:00")), **off)
    hours.add_time_off(lind, Interval(madrid("2026-03-06 00:00"), madrid("2026-03-07 00:00")), **off)
    hours.add_time_off(
        osei, Interval(madrid("2026-03-05 12:00"), madrid("2026-03-05 13:00")), is_block=True, **off
    )
    shown = [(event.summary, event.dtstart, event.dtend) for event in events(client, secret)]
    assert shown == [
        ("Blocked", madrid("2026-03-05 12:00"), madrid("2026-03-05 13:00")),
        ("Time off", date(2026, 3, 19), date(2026, 3, 20)),
        ("Time off", date(2026, 3, 28), date(2026, 3, 31)),
    ]


def test_an_hour_that_comes_twice_is_two_instants(client, secret, osei, ana, checkup):
    with time_machine.travel(datetime(2026, 10, 20, 8, 0, tzinfo=UTC), tick=False):
        starts = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
        planted(osei, ana, checkup, starts)
        assert [event.dtstart for event in events(client, secret)] == starts


def test_rows_at_the_ends_of_the_calendar_are_no_trouble(client, secret, osei, ana):
    bad_rows.plant(osei, ana)
    assert ask(client, secret).status_code == 200
    read(ask(client, secret).content)


# -- Asked again -------------------------------------------------------------------


def test_a_program_that_has_the_newest_gets_nothing_again(client, secret, osei, ana, checkup, rae):
    booked(osei, ana, checkup, "2026-03-03 10:00", rae)
    first = ask(client, secret)
    again = ask(client, secret, first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, no-cache"
    assert ask(client, secret, f'"other", W/{first["ETag"]}').status_code == 304
    assert ask(client, secret, '"other"').status_code == 200
    assert client.head(f"/calendar/{secret}.ics")["ETag"] == first["ETag"]
    assert client.post(f"/calendar/{secret}.ics").status_code == 405


def test_whatever_changes_in_it_is_fetched_anew(client, secret, osei, lind, ana, ben, checkup, rae, settings):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00", rae)
    span = Interval(madrid("2026-03-09 09:00"), madrid("2026-03-09 10:00"))

    def renamed():
        ana.patient_lastname = "Zafra"
        patients.save(ana)

    def type_renamed():
        checkup.name = "Revisión"
        checkup.save()

    def moved_to_another_doctor():
        actions.move(Seen.of(fresh(visit)), doctor=lind, start=madrid("2026-03-03 10:00"), by=rae, now=NOW)

    def cancelled():
        actions.cancel(Seen.of(fresh(other)), reason="ill", wish=Wish.CLINIC, by=rae, now=NOW)

    def clinic_renamed():
        settings.CLINIC_NAME = "Otra clínica"

    other = None
    kept, steps = ask(client, secret), []

    def step(change):
        nonlocal kept
        made = change()
        now = ask(client, secret, kept["ETag"])
        steps.append(now.status_code)
        assert now.content != kept.content
        kept = now
        return made

    other = step(lambda: booked(osei, ben, checkup, "2026-03-03 11:00", rae, status=Status.PENDING))
    step(lambda: actions.set_status(Seen.of(other), Status.CONFIRMED, by=rae, now=NOW))
    step(lambda: hours.add_time_off(osei, span, reason="x", by=rae, now=NOW))
    for change in (renamed, type_renamed, moved_to_another_doctor, cancelled, clinic_renamed):
        step(change)
    assert steps == [200] * 8
    # Of another doctor, or of another language:
    booked(lind, ben, checkup, "2026-03-04 10:00", rae)
    assert ask(client, secret, kept["ETag"]).status_code == 304
    assert ask(client, secret, kept["ETag"], **{"Accept-Language": "es"}).status_code == 200


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_on_the_next_day_the_span_goes_on(client, secret, osei, ana, checkup):
    planted(
        osei, ana, checkup, [madrid("2026-02-01 12:00"), madrid("2026-08-30 12:00")]
    )  # 29 back, 181 ahead
    first = ask(client, secret)
    with time_machine.travel(NOW + timedelta(days=1)):
        second = ask(client, secret, first["ETag"])
    assert (second.status_code, len(read(first.content).events), len(read(second.content).events)) == (
        200,
        1,
        2,
    )


def test_asking_takes_three_queries_however_much_there_is_and_writes_nothing(
    client, secret, osei, ana, checkup, django_assert_num_queries
):
    for count in (1, 120):
        planted(osei, ana, checkup, [NOW + timedelta(hours=each + count) for each in range(count)])
        with django_assert_num_queries(3) as spent:
            kept = ask(client, secret)
        with django_assert_num_queries(3):
            assert ask(client, secret, kept["ETag"]).status_code == 304
        assert all(query["sql"].startswith("SELECT") for query in spent.captured_queries)


def test_four_hundred_visits_are_there_at_once(client, secret, osei, ana, checkup):
    planted(osei, ana, checkup, [NOW + timedelta(hours=each) for each in range(400)])
    ask(client, secret)
    began = perf_counter()
    answer = ask(client, secret)
    assert perf_counter() - began < 0.4  # twice what it may take, and ten times what it takes
    assert len(read(answer.content).events) == 400


# -- Made and revoked --------------------------------------------------------------


def test_an_address_that_is_unknown_revoked_or_odd_is_the_same_404(client, secret, osei, max_):
    revoked = shared(osei, max_)
    assert feeds.revoke(CalendarFeed.objects.opened_by(revoked).get(), by=max_, now=NOW)
    digest = CalendarFeed.objects.opened_by(secret).get().digest
    odd = [revoked, feeds.new_secret(), digest, secret[:-1], secret.swapcase(), "x", "ñ", "%00", "a/b"]
    answers = [client.get(f"/calendar/{each}.ics") for each in odd]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert ask(client, secret).status_code == 200


def test_an_address_ends_with_its_doctor_and_opens_again_with_them(client, secret, osei):
    for is_active, status in ((False, 404), (True, 200)):
        osei.is_active = is_active
        osei.save()
        assert ask(client, secret).status_code == status


def test_the_secret_is_kept_nowhere(secret, osei):
    row = CalendarFeed.objects.values().get()
    assert len(secret) == 43
    assert secret not in str(row)
    assert secret not in str(list(RecordEvent.objects.values()))


def test_making_and_revoking_are_in_the_doctors_history(secret, osei, max_):
    feed = CalendarFeed.objects.get()
    feeds.make(osei, secret, shows_names=True, by=max_, now=NOW)  # the same again
    assert (CalendarFeed.objects.count(), fresh(feed).shows_names) == (1, False)
    assert [feeds.revoke(feed, by=max_, now=NOW + timedelta(days=1)) for _ in range(2)] == [True, False]
    told = RecordEvent.objects.filter(subject_uuid=osei.uuid).order_by("pk")
    assert [(event.kind, event.by, event.before, event.after) for event in told] == [
        ("calendar_shared", max_, {}, {"calendar": str(feed.uuid), "shows_names": False}),
        ("calendar_revoked", max_, {"calendar": str(feed.uuid)}, {}),
    ]
