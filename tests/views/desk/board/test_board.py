"""What a card, a free time and closed time look like and are called, on the board of a day."""

import gzip
import re
from datetime import time, timedelta

import pytest
import time_machine

from scheduling.models import Appointment, AppointmentEvent, Claim, Status, TimeOff, WorkingHours
from scheduling.times import clinic_day
from tests import crowd, factories
from tests.conftest import MADRID, NOW, madrid, works
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY

DAY = f"/desk/day/{TUESDAY}/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def slips(response):
    """Each entry of the lists: its classes, and all of its text as it is read out."""
    page = response.content.decode()
    found = []
    for css, rest in re.findall(r'<li\s+class="([a-z] [^"]*)"(.*?)(?=<li|</ol>)', page, re.DOTALL):
        label = re.search(r'aria-label="([^"]*)"', rest)
        text = label[1] if label else re.sub(r"<[^>]+>", "", rest.partition(">")[2])
        found.append((css.strip(), re.sub(r"\s+([,;])", r"\1", " ".join(text.split()))))
    return found


def of_kind(response, kind):
    return [slip for slip in slips(response) if slip[0].startswith(f"{kind} ")]


@pytest.mark.parametrize(
    ("status", "css", "name"),
    [
        ("pending", "st-pe", "Ana Souza Prieto, pending 10:20 Check-up, 30 min"),
        ("confirmed", "st-co", "Ana Souza Prieto, confirmed, 10:20 Check-up, 30 min"),
        ("arrived", "st-ar", "Ana Souza Prieto, arrived, waiting 7 min 10:20 Check-up, 30 min"),
        ("in_progress", "st-ip", "Ana Souza Prieto, now, in progress 10:20 Check-up, 30 min"),
        ("completed", "st-do", "Ana Souza Prieto, completed, 10:20 Check-up, 30 min"),
        ("no_show", "st-no", "Ana Souza Prieto, no-show 10:20 Check-up, 30 min"),
        ("cancelled", "st-ca", "Ana Souza Prieto, cancelled 10:20 Check-up, 30 min"),
        ("entered_in_error", "st-er", "Ana Souza Prieto, entered in error 10:20 Check-up, 30 min"),
    ],
)
def test_a_card_tells_its_state_by_class_and_by_word(client, rae, book, osei, ana, status, css, name):
    visit = book(osei, ana, "2026-03-03 10:20")
    Appointment.objects.update(status=status, version=4)
    AppointmentEvent.objects.create(
        appointment=visit, version=4, at=madrid("2026-03-03 10:15"), by=rae, kind="status", channel="desk",
        before={"status": "confirmed"}, after={"status": status},
    )  # fmt: skip
    with time_machine.travel(madrid("2026-03-03 10:27:30"), tick=False):
        client.force_login(rae, backend=BACKEND)
        response = client.get(DAY, {"cancelled": "1"})
    (card,) = of_kind(response, "v")
    assert card == (f"v {css} t124 n6 ty1", name)
    assert 'data-version="4"' in response.content.decode()


def test_an_arrival_without_a_time_is_told_without_minutes(desk, book, osei, ana):
    book(osei, ana, "2026-03-03 10:20")
    Appointment.objects.update(status=Status.ARRIVED)
    assert of_kind(desk.get(DAY), "v")[0][1] == "Ana Souza Prieto, arrived 10:20 Check-up, 30 min"


def test_a_visit_of_the_old_book_has_no_type(desk, book, osei, ana):
    book(osei, ana, "2026-03-03 10:20")
    Appointment.objects.update(visit_type=None)
    assert of_kind(desk.get(DAY), "v")[0][1] == "Ana Souza Prieto, confirmed, 10:20 30 min"


def test_overbooked_visits_stand_beside_each_other(
    desk, book, osei, ana, ben, rae, checkup, django_user_model
):
    first = book(osei, ana, "2026-03-03 10:00")
    second = book(osei, ben, "2026-03-03 12:00")
    Claim.objects.filter(appointment=second).delete()
    Appointment.objects.filter(pk=second.pk).update(appointment_datetime=first.appointment_datetime)
    Claim.objects.create(doctor=osei, grain=1, lane=1, appointment=second)
    cards = of_kind(desk.get(DAY), "v")
    assert cards == [
        ("v st-co t120 n6 x1 y6 ty1", "Ana Souza Prieto, confirmed, 10:00 Check-up, 30 min"),
        ("v st-co t120 n6 x7 y6 ty1 is-over", "Ben Okafor, confirmed, 10:00 Check-up, 30 min · overbooked"),
    ]


@pytest.mark.parametrize("count", [5, 14])
def test_any_number_at_once_has_a_lane_in_the_twelve_parts(desk, book, osei, ana, count):
    for _ in range(count):
        visit = book(osei, factories.PatientFactory(), "2026-03-09 10:00")
        Claim.objects.all().delete()
        Appointment.objects.filter(pk=visit.pk).update(appointment_datetime=madrid("2026-03-03 10:00"))
    cards = of_kind(desk.get(DAY), "v")
    assert len(cards) == count
    for css, _name in cards:
        x, y = map(int, re.search(r" x(\d+) y(\d+)", css).groups())
        assert 1 <= x <= x + y - 1 <= 12


def test_a_buffer_is_drawn_and_not_read_out(desk, book, osei, ana):
    echo = factories.VisitTypeFactory(minutes=40, buffer_minutes=10)
    book(osei, ana, "2026-03-03 10:00", visit_type=echo)
    page = desk.get(DAY).content.decode()
    assert '<li class="u t128 n2" aria-hidden="true">' in page


def test_open_time_closed_time_and_both_kinds_of_time_off_are_different_things(desk, osei, lind):
    works(osei, time(16), time(19))

    def off(doctor, start, end, reason):
        starts_at, ends_at = madrid(f"{TUESDAY} {start}"), madrid(f"{TUESDAY} {end}")
        TimeOff.objects.create(doctor=doctor, starts_at=starts_at, ends_at=ends_at, reason=reason)

    off(osei, "10:00", "11:00", "Training")
    off(osei, "12:00", "12:30", "")
    off(None, "18:00", "19:00", "Town feast")
    response = desk.get(DAY, {"doctor": str(osei.uuid)})
    assert [css for css, _ in of_kind(response, "w")] == [
        "w t108 n12", "w t132 n12", "w t150 n18", "w t192 n24",
    ]  # fmt: skip
    assert of_kind(response, "o") == [
        ("o t120 n12 is-doctor", "Training Time off, 10:00 to 11:00"),
        ("o t144 n6 is-doctor", "Time off 12:00 to 12:30"),
        ("o t216 n12 is-clinic", "Town feast Clinic closed, 18:00 to 19:00"),
    ]
    assert of_kind(response, "c") == [("c t168 n24", "Closed 14:00 to 16:00")]


def test_a_holiday_is_told_within_the_hours_that_are_shown(desk, osei, lind, book, ana):
    book(osei, ana, "2026-03-03 10:20")  # who has a visit has a column
    whole = clinic_day.whole_day(madrid(f"{TUESDAY} 12:00").date(), MADRID)
    TimeOff.objects.create(
        doctor=osei,
        starts_at=whole.start - timedelta(days=2),
        ends_at=whole.end + timedelta(days=9),
        reason="Holidays",
    )
    response = desk.get(DAY)
    assert of_kind(response, "o") == [("o t108 n60 is-doctor", "Holidays Time off, all day")]
    assert "board g108 e168" in response.content.decode()


def test_the_hours_that_are_shown_follow_the_day(desk, book, osei, ana):
    assert "board g108 e168" in desk.get(DAY).content.decode()
    works(osei, time(17, 20), time(19, 5))
    assert "board g108 e240" in desk.get(DAY).content.decode()
    WorkingHours.objects.all().delete()
    assert "board g96 e240" in desk.get(DAY).content.decode()


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-29", ["00:00", "01:00", "03:00", "04:00"]),
        ("2026-10-25", ["00:00", "01:00", "02:00 UTC+2", "02:00 UTC+1", "03:00"]),
    ],
)
def test_the_axis_is_right_on_both_nights(desk, osei, day, hours):
    works(osei, time(0), time(6), weekdays=[6])
    page = desk.get(f"/desk/day/{day}/").content.decode()
    axis = re.findall(r'<li class="t(\d+)">(\d\d)<small>([^<]+)</small>', page)
    assert [f"{hour}{rest}" for _row, hour, rest in axis][: len(hours)] == hours
    assert [int(row) for row, _hour, _rest in axis] == list(range(0, len(axis) * 12, 12))
    # What begins at three stands in the row of three.
    three = next(row for row, hour, _rest in axis if hour == "03")
    assert f'<li class="f t{three} ' in page


def test_the_present_is_drawn_on_its_own_day_only(client, rae, osei):
    with time_machine.travel(madrid("2026-03-03 10:37"), tick=False):
        client.force_login(rae, backend=BACKEND)
        page = client.get(DAY).content.decode()
        assert 'class="now t127" id="now-line" data-row="127"' in in_one_line(page)
        assert "As of 10:37" in page
        assert "now-line" not in client.get("/desk/day/2026-03-04/").content.decode()


def test_rows_grow_so_that_no_visit_is_too_small_to_press(desk, book, osei, ana, ben):
    assert "step" not in desk.get(DAY).context["board"].rows_class
    book(osei, ana, "2026-03-03 10:00", visit_type=factories.VisitTypeFactory(minutes=10))
    assert "board--step10" in desk.get(DAY).content.decode()
    book(osei, ben, "2026-03-03 10:10", visit_type=factories.VisitTypeFactory(minutes=5))
    assert "board--step5" in desk.get(DAY).content.decode()


def test_the_sum_leads_to_the_first_of_each_state(desk, book, osei, lind, ana, ben):
    book(osei, ana, "2026-03-03 10:00", status=Status.PENDING)
    book(lind, ben, "2026-03-03 09:00", status=Status.PENDING)
    page = desk.get(DAY).content.decode()
    assert '<a class="mark st-pe" href="#first-st-pe"><span><b>2</b>pending</span></a>' in in_one_line(page)
    assert page.count('id="first-st-pe"') == 1


def test_a_patients_name_is_text_and_never_markup(desk, book, osei, ana):
    ana.patient_name = "<script>alert(1)</script>"
    ana.save()
    book(osei, ana, "2026-03-03 10:00")
    page = desk.get(DAY).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_no_integer_key_is_on_the_board(desk, cardiology):
    keys = {"doctor": 7_654_321, "patient": 8_765_432, "visit_type": 6_543_210}
    osei = factories.DoctorFactory(pk=keys["doctor"], specialty=cardiology)
    works(osei, time(9), time(14))
    Appointment.objects.create(
        pk=9_876_543, doctor=osei, patient=factories.PatientFactory(pk=keys["patient"]), minutes=30,
        visit_type=factories.VisitTypeFactory(pk=keys["visit_type"]), created_at=NOW, updated_at=NOW,
        appointment_datetime=madrid("2026-03-03 10:00"),
    )  # fmt: skip
    page = desk.get(DAY).content.decode()
    assert "st-pe" in page
    assert [key for key in (*keys.values(), 9_876_543) if str(key) in page] == []


@pytest.fixture
def crowded(db):
    with time_machine.travel(madrid("2026-03-03 10:37"), tick=False):
        crowd.fill(madrid("2026-03-03 10:37").date(), now=madrid("2026-03-03 10:37"))
        yield


def test_a_crowded_day_costs_6_queries_and_travels_light(crowded, client, rae, django_assert_num_queries):
    """25 doctors, 400 visits in all states: under 60 kB."""
    client.force_login(rae, backend=BACKEND)
    client.get(DAY)  # the header's count is kept for a minute
    with django_assert_num_queries(6):
        response = client.get(DAY, {"cancelled": "1"})
    assert len(of_kind(response, "v")) == 400
    assert len(gzip.compress(response.content)) < 32_000


def test_a_visit_in_time_off_is_marked_and_counted(desk, book, osei, ana, ben, rae):
    book(osei, ana, "2026-03-03 10:00")
    seen = book(osei, ben, "2026-03-03 10:30")
    Appointment.objects.filter(pk=seen.pk).update(status="completed")
    start = madrid("2026-03-03 09:45")
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=start + timedelta(hours=2), reason="Ill")
    response = desk.get(DAY)
    cards = dict(reversed(slip) for slip in of_kind(response, "v"))
    assert cards == {
        "Ana Souza Prieto, confirmed, in time off 10:00 Check-up, 30 min": "v st-co t120 n6 ty1 is-in-off",
        "Ben Okafor, completed, 10:30 Check-up, 30 min": "v st-do t126 n6 ty1",
    }
    assert "1 to move" in in_one_line(response.content.decode())


def test_a_column_says_at_its_head_why_the_doctor_is_off(desk, osei, lind):
    start = madrid("2026-03-03 09:45")
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=start + timedelta(hours=2), reason="Ill")
    page = in_one_line(desk.get(DAY).content.decode())
    heads = re.findall(r"<header>(.*?)</header>", page)
    assert ["Ill, Time off, 09:45 to 11:45" in head for head in heads if "Dr" in head] == [True, False]
