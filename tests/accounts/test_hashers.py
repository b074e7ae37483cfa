"""Argon2 runs twice at once and no more, for whoever signs in and whether or not they exist."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    check_password,
    get_hasher,
    identify_hasher,
    make_password,
)

from accounts.hashers import AT_ONCE, TwoAtOnceArgon2PasswordHasher
from appointments_site import settings as site_settings
from tests import factories

HASHERS = ["accounts.hashers.TwoAtOnceArgon2PasswordHasher"]


class Counting:
    """In place of Argon2's own work: how often it ran, and how many ran together."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = self.most = self.runs = 0

    def __call__(self, *_given):
        with self.lock:
            self.running += 1
            self.runs += 1
            self.most = max(self.most, self.running)
        time.sleep(0.02)
        with self.lock:
            self.running -= 1
        return ""  # as a password, wrong


@pytest.fixture
def work(monkeypatch):
    counting = Counting()
    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting)
    monkeypatch.setattr(Argon2PasswordHasher, "must_update", lambda *_given: False)
    return counting


def test_the_site_uses_it():
    # The tests hash by something quick: asked is what the file says.
    assert site_settings.PASSWORD_HASHERS[0] == HASHERS[0]


@pytest.mark.parametrize("hasher", [TwoAtOnceArgon2PasswordHasher, Argon2PasswordHasher])
def test_eight_threads_hash_two_at_once(work, hasher):
    """And with Django's own, all together: the count can see it."""
    one = hasher()
    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(one.verify, "x", "y") for _ in range(8)]
        done += [threads.submit(hasher().encode, "x", "salt") for _ in range(8)]
    assert [each.exception() for each in done] == [None] * 16
    assert work.runs == 16
    if hasher is TwoAtOnceArgon2PasswordHasher:
        assert work.most == AT_ONCE == 2
    else:
        assert work.most > AT_ONCE


def test_a_failure_gives_its_turn_back(monkeypatch):
    def fail(*_given):
        raise MemoryError

    monkeypatch.setattr(Argon2PasswordHasher, "verify", fail)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(MemoryError):
            TwoAtOnceArgon2PasswordHasher().verify("x", "y")


def test_passwords_from_before_are_still_good(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    before = make_password("clinic-demo")
    settings.PASSWORD_HASHERS = HASHERS
    assert isinstance(identify_hasher(before), TwoAtOnceArgon2PasswordHasher)
    assert check_password("clinic-demo", before)
    assert not check_password("wrong", before)
    assert not get_hasher().must_update(before)


@pytest.mark.parametrize("name", ["rae", "nobody", "gone"])
def test_every_name_costs_one_hash_and_waits_for_its_turn(settings, work, rf, rae, name):
    gone = factories.UserFactory(username="gone", is_active=False)
    for user in (rae, gone):
        user.password = "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$aGFzaA"
        user.save()
    settings.PASSWORD_HASHERS = HASHERS
    assert authenticate(rf.post("/sign-in/"), username=name, password="wrong") is None
    assert work.runs == 1
