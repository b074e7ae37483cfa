from datetime import timedelta
from io import StringIO
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from scheduling.booking import hours, integrity
from scheduling.booking.actions import Stale, book, move, overbook
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Claim, Status
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked, lanes, stored, wish
from tests.conftest import NOW, madrid

TEN = madrid("2026-03-03 10:00")


@pytest.fixture
def visit(osei, ana, checkup, now):
    start = madrid("2026-03-03 10:00")
    proposal = Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=start)
    return book(proposal, by=None, now=now)


def kinds(now):
    return [
        (problem.appointment, problem.kind, len(problem.grains)) for problem in integrity.problems(now=now)
    ]


def test_a_booked_visit_is_sound(visit, now):
    assert kinds(now) == []


def test_a_lost_grain_is_missing(visit, now):
    Claim.objects.filter(appointment=visit).order_by("grain").last().delete()
    assert kinds(now) == [(visit.uuid, "missing", 1)]


def test_time_held_beyond_the_visit_is_extra(visit, now):
    Appointment.objects.update(minutes=20)
    assert kinds(now) == [(visit.uuid, "extra", 2)]


def test_time_held_by_a_cancelled_visit_is_extra(visit, now):
    Appointment.objects.update(status=Status.CANCELLED)
    assert kinds(now) == [(visit.uuid, "extra", 6)]


def test_claims_of_another_doctor_or_patient_are_foreign(visit, lind, ben, now):
    Claim.objects.update(patient=ben)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]
    Appointment.objects.update(patient=ben, doctor=lind)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]


def test_a_visit_split_over_two_lanes_is_foreign(visit, now):
    last = Claim.objects.order_by("grain").last()
    Claim.objects.filter(grain=last.grain).update(lane=1)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]


def test_yesterdays_visits_need_no_claims(visit):
    Claim.objects.all().delete()
    assert kinds(madrid("2026-03-03 23:00")) == [(visit.uuid, "missing", 6)]
    assert kinds(madrid("2026-03-04 00:00")) == []


def test_a_buffer_that_the_patient_holds_or_that_is_missing_is_told(osei, ana, now):
    visit = booked(osei, ana, factories.VisitTypeFactory(minutes=20, buffer_minutes=10), TEN)
    assert kinds(now) == []
    Claim.objects.filter(patient=None).update(patient=ana)
    assert kinds(now) == [(visit.uuid, "foreign", 2)]
    Claim.objects.filter(grain__gte=grid.grain_of(TEN + timedelta(minutes=20))).delete()
    assert kinds(now) == [(visit.uuid, "missing", 2)]


def test_an_overlap_of_the_patient_that_was_knowingly_kept_is_sound_and_half_of_one_is_not(visit, now):
    Claim.objects.update(patient=None)
    assert kinds(now) == []
    first = Claim.objects.order_by("grain").first()
    Claim.objects.filter(grain=first.grain).update(patient=visit.patient)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]


def test_a_visit_over_midnight_holds_its_time_today_too(osei, ana, checkup, max_, now):
    late = "2026-03-03 23:45"
    visit = booked(osei, ana, checkup, late, by=max_, accepted=frozenset({"outside_hours"}))
    after_midnight = madrid("2026-03-04 00:05")
    assert kinds(after_midnight) == []
    Appointment.objects.update(minutes=20)
    assert kinds(after_midnight) == [(visit.uuid, "extra", 2)]


def test_the_whole_schedule_is_read_in_a_few_queries(osei, visit, now, django_assert_num_queries):
    for n in range(6):
        booked(osei, factories.PatientFactory(), visit.visit_type, TEN + timedelta(days=7, minutes=30 * n))
    with django_assert_num_queries(3):
        assert integrity.problems(now=now) == []
    Appointment.objects.update(status=Status.CANCELLED)
    with django_assert_num_queries(4):
        assert len(integrity.problems(now=now)) == 7


def lose(visit):
    Claim.objects.filter(appointment=visit).delete()


def in_two_lanes(visit):
    last = Claim.objects.order_by("grain").last()
    Claim.objects.filter(grain=last.grain).update(lane=1)


MENDED = [
    lose,
    in_two_lanes,
    lambda visit: Claim.objects.order_by("grain").last().delete(),
    lambda visit: Appointment.objects.update(minutes=20),
    lambda visit: Appointment.objects.update(status=Status.CANCELLED),
    lambda visit: Appointment.objects.update(appointment_datetime=TEN + timedelta(hours=1)),
    lambda visit: Claim.objects.update(patient=factories.PatientFactory()),
    lambda visit: Claim.objects.update(doctor=factories.DoctorFactory()),
]


@pytest.mark.parametrize("harm", MENDED)
def test_what_needs_no_choice_is_set_right_at_once_and_only_once(visit, now, harm):
    harm(visit)
    assert integrity.problems(now=now) != []
    assert integrity.repair_all(now=now) == [visit.uuid]
    assert integrity.problems(now=now) == []
    ready = stored()
    assert integrity.repair_all(now=now) == []
    assert stored() == ready


def test_the_lane_of_an_overbooking_and_a_kept_overlap_of_the_patient_stay(
    visit, osei, ben, checkup, rae, now
):
    extra = overbook(wish(osei, ben, checkup, TEN), reason="Pain", by=rae, now=now)
    Claim.objects.filter(appointment=extra).update(patient=None)
    before = lanes(extra)
    Claim.objects.filter(appointment=extra).order_by("grain").last().delete()
    assert integrity.repair_all(now=now) == [extra.uuid]
    assert lanes(extra) == before


def test_time_that_another_visit_holds_is_left_for_a_person(visit, osei, ben, checkup, now):
    lose(visit)
    other = booked(osei, ben, checkup, TEN + timedelta(minutes=15))
    ready = stored()
    assert integrity.repair_all(now=now) == []
    assert stored() == ready
    Appointment.objects.filter(pk=other.pk).update(status=Status.CANCELLED)
    assert set(integrity.repair_all(now=now)) == {visit.uuid, other.uuid}
    assert integrity.problems(now=now) == []


def test_a_patient_in_two_places_is_left_for_a_person(visit, lind, ana, checkup, now):
    lose(visit)
    booked(lind, ana, checkup, TEN)
    assert integrity.repair_all(now=now) == []
    assert kinds(now) == [(visit.uuid, "missing", 6)]


def test_a_repair_does_not_go_beside_a_move_of_the_same_visit(visit, osei, now):
    seen = Seen.of(visit)
    lose(visit)
    integrity.repair_all(now=now)
    with pytest.raises(Stale):  # the repair counts as a change
        move(seen, doctor=osei, start=TEN + timedelta(hours=1), by=None, now=now)
    visit.refresh_from_db()
    lose(visit)
    (problem,) = integrity.problems(now=now)
    get = Appointment.objects.get

    def get_and_be_overtaken(**key):
        found = get(**key)
        Appointment.objects.update(version=found.version + 1)
        return found

    with mock.patch.object(Appointment.objects, "get", get_and_be_overtaken):
        assert not integrity.repair(problem)
    assert lanes(visit) == []


def check(*options):
    """Exit code, and what was said to people and as errors, on the day of the tests."""
    out, err = StringIO(), StringIO()
    with time_machine.travel(NOW, tick=False):
        try:
            call_command("check_schedule", *options, stdout=out, stderr=err)
        except SystemExit as left:
            return left.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_says_so_and_exits_accordingly(visit):
    code, out, err = check()
    assert (code, "sound" in out, err) == (0, True, "")
    Claim.objects.all().delete()
    code, out, err = check()
    assert (code, "sound" in out) == (1, False)
    assert f"{visit.uuid}: 6 missing grains from 2026-03-03 10:00" in err


def test_visits_in_time_off_or_outside_hours_are_told_and_no_fault(visit, osei, ben, checkup, max_, now):
    outside = booked(osei, ben, checkup, "2026-03-03 15:00", by=max_, accepted=frozenset({"outside_hours"}))
    assert integrity.notices(now=now) == [outside]
    hours.add_time_off(None, Interval(TEN, TEN + timedelta(minutes=5)), reason="", by=None, now=now)
    assert integrity.notices(now=now) == [visit, outside]
    code, out, err = check()
    assert (code, err) == (0, "")
    assert f"{visit.uuid}: stands outside" in out
    assert f"{outside.uuid}: stands outside" in out


def test_the_command_repairs_what_it_can_and_names_the_rest(visit, osei, ben, checkup):
    lose(visit)
    other = booked(osei, ben, checkup, TEN)
    third = booked(osei, ben, checkup, "2026-03-04 10:00")
    lose(third)
    code, out, err = check("--repair")
    assert code == 1
    assert out == f"{third.uuid}: set right\n"
    assert f"{visit.uuid}: 6 missing grains from 2026-03-03 10:00 (its time is taken" in err
    Appointment.objects.filter(pk=other.pk).update(status=Status.CANCELLED)
    code, out, err = check("--repair")
    assert (code, err) == (0, "")
    code, out, err = check("--repair")
    assert (code, out.count("set right")) == (0, 0)
