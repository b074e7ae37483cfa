"""Each type of visit has its stripe, and keeps it."""

from datetime import timedelta

from scheduling.models import Appointment, VisitType
from scheduling.queries import board, board_visits, stripes
from scheduling.times.intervals import Interval
from tests import factories
from tests.conftest import NOW


def types(count):
    return [factories.VisitTypeFactory(minutes=90 - 10 * n) for n in range(count)]


def of(kinds):
    return [stripes.stripe_of(kind.pk) for kind in kinds]


def test_four_types_have_four_and_the_fifth_begins_again(db):
    assert of(types(5)) == [1, 2, 3, 4, 1]


def test_a_type_keeps_its_stripe_when_another_comes_or_is_changed(db):
    kinds = types(3)
    before = of(kinds)
    factories.VisitTypeFactory(name="Aaa", minutes=5)
    VisitType.objects.filter(pk=kinds[0].pk).update(name="Zzz", is_active=False, minutes=600)
    assert of(kinds) == before


def test_a_board_reads_the_same_for_each_visit(db):
    kinds, doctor = types(6), factories.DoctorFactory()
    for n, kind in enumerate([*kinds, None]):
        Appointment.objects.create(
            doctor=doctor, patient=factories.PatientFactory(), visit_type=kind, minutes=30,
            appointment_datetime=NOW + timedelta(hours=n), created_at=NOW, updated_at=NOW,
        )  # fmt: skip
    span = Interval(NOW, NOW + timedelta(days=1))
    staff = board.staff_of(span, now=NOW)
    visits = board_visits.visits_in(span, [doctor.pk], staff.stripes)
    assert [visit.stripe for visit in visits] == [*of(kinds), 0]
