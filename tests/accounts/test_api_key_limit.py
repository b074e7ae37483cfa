"""The limit is exact, however many ask at once; the control shows that the harness would see it broken."""

import os
import time

import pytest
from django.db.models import F

from accounts import api_keys
from accounts.models import ApiKey, Scope
from accounts.shares import Shares
from tests.booking.together import PROCESSES, WORKERS, run_together
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LIMIT, ROUNDS = 60, 2  # of 100 requests


@pytest.fixture
def secret(settings):
    settings.API_LIMITS = {"read": 1, "book": LIMIT, "manage": 1}
    return api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)[1]


def test_of_many_requests_at_once_exactly_the_limit_is_let_in(secret):
    answers = [answer for _, _, answer in run_together(lambda *_: api_keys.admit(secret, now=NOW), ROUNDS)]
    assert len(answers) == WORKERS * ROUNDS > LIMIT
    assert [answer.is_over for answer in answers].count(False) == LIMIT
    assert ApiKey.objects.get().used == LIMIT
    assert {answer.remaining for answer in answers if answer.is_over} == {0}


def test_at_the_change_of_the_minute_exactly_the_limit_is_let_in_again(secret):
    ApiKey.objects.update(window=NOW.timestamp() // 60 - 1, used=LIMIT)
    answers = [answer for _, _, answer in run_together(lambda *_: api_keys.admit(secret, now=NOW), ROUNDS)]
    assert [answer.is_over for answer in answers].count(False) == LIMIT


def test_processes_that_share_nothing_but_the_database_let_in_no_more_together(secret, monkeypatch):
    """Each has a share of its own, and the last that are left are found by whoever holds them."""
    own = {}

    def apart(worker, _round):
        monkeypatch.setattr(api_keys, "shares", own.setdefault(os.getpid(), Shares()))
        return api_keys.admit(secret, now=NOW)

    let_in = [answer.is_over for _, _, answer in run_together(apart, 4)].count(False)
    assert LIMIT - PROCESSES * LIMIT // api_keys.SHARES <= let_in <= LIMIT


def test_shares_that_are_taken_without_looking_whether_another_did_are_caught(secret, monkeypatch):
    def taken(key, window, used, now):
        time.sleep(0.05)
        ApiKey.objects.update(window=window, used=used)
        return True

    monkeypatch.setattr(api_keys, "_is_taken_from", taken)
    answers = [answer for _, _, answer in run_together(lambda *_: api_keys.admit(secret, now=NOW), ROUNDS)]
    assert [answer.is_over for answer in answers].count(False) > LIMIT


def test_a_system_that_reads_compares_and_then_writes_is_caught(secret):
    def read_then_count(worker, round_):
        if ApiKey.objects.get().used >= LIMIT:
            return False
        time.sleep(0.05)  # what lies between look and write elsewhere
        ApiKey.objects.update(used=F("used") + 1)
        return True

    answers = [answer for _, _, answer in run_together(read_then_count, ROUNDS)]
    assert answers.count(True) > LIMIT
