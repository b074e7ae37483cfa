"""What did not arrive is sent once more, by whichever door."""

import pytest
from django.core import mail
from django.db.models import Q

from scheduling.booking import merging
from scheduling.booking.actions import Edit, edit
from scheduling.booking.seen import Seen
from scheduling.models import Notice, Patient, Status, UnreachableAddress
from scheduling.notices import bounces, settling
from tests.notices.post import NINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(book_at):
    return book_at(status=Status.CONFIRMED)


def refused(**more):
    Notice.objects.update(state="failed", why="refused", answer="550", tries=5, told={}, sent_at=None, **more)


def test_what_failed_is_tried_again_once_and_only_that(visit, day):
    day.send(3)
    assert settling.try_again(Q(), now=day.at(5)) == 0
    refused()
    assert settling.try_again(Q(), now=day.at(5)) == 1
    assert settling.try_again(Q(), now=day.at(5)) == 0
    day.send(5)
    assert len(mail.outbox) == 2


def test_what_somebody_has_told_the_patient_is_not_tried_again(visit, day, rae):
    refused(settled_by=rae, settled_at=NINE)
    assert settling.try_again(Q(), now=day.at(5)) == 0


def test_the_address_is_taken_for_mended(visit, day, ana):
    refused()
    bounces.mark_unreachable(ana, "ana@mail.example", answer="550", now=day.at(4))
    Notice.objects.update(state="skipped", why="unreachable")
    assert settling.try_again(Q(), now=day.at(5)) == 1
    day.send(5)
    assert [message.to for message in mail.outbox] == [["ana@mail.example"]]


def test_what_was_not_sent_for_good_reasons_is_not_tried_again(visit, day):
    Notice.objects.update(state="skipped", why="no_consent")
    assert settling.try_again(Q(), now=day.at(5)) == 0


def test_the_address_of_the_record_that_stands_is_taken_for_mended(visit, day, ana, ben, rae, max_):
    day.send(3)
    edit(Seen.of(visit), Edit(patient=ben), by=rae, now=day.at(10))
    third = Patient.objects.create(patient_name="Cy", patient_lastname="Ono", email="cy@mail.example")
    seen = [Seen.of(Patient.objects.get(pk=patient.pk)) for patient in (third, ana)]
    merging.merge(*seen, {}, by=max_, now=day.at(11))
    bounces.mark_unreachable(third, "cy@mail.example", answer="550", now=day.at(12))
    day.send(20)
    not_theirs = Notice.objects.get(former_patient=ana)
    assert not_theirs.why == "unreachable"
    settling.try_again(Q(pk=not_theirs.pk), now=day.at(30))
    assert not UnreachableAddress.objects.exists()


def test_many_take_as_many_statements_as_one(visit, book_at, day, ben, django_assert_num_queries):
    book_at(visit.appointment_datetime.replace(day=6), ben, status=Status.CONFIRMED)
    refused()
    with django_assert_num_queries(5):  # with the transaction
        assert settling.try_again(Q(), now=day.at(5)) == 2
