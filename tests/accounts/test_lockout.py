"""Who tried too often waits: by name and address, by address, and until when it was said."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core import signing

from accounts import kept, lockout
from tests import factories
from tests.conftest import NOW

HOME, OTHER, PROXY = "198.51.100.7", "198.51.100.8", "10.0.0.1"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def sign_in(client):
    def post(username="rae", password="clinic-demo", *, at=HOME, via=None, **more):
        address = {"REMOTE_ADDR": via, "HTTP_X_FORWARDED_FOR": at} if via else {"REMOTE_ADDR": at}
        answer = client.post("/sign-in/", {"username": username, "password": password, **more}, **address)
        client.logout()
        return answer

    return post


def text_of(answer):
    return " ".join(answer.content.decode().split())


def guess(sign_in, times, username="rae", **where):
    return [sign_in(username, "wrong", **where).status_code for _ in range(times)]


def test_behind_a_proxy_only_who_guessed_waits(sign_in, clock, rae, settings):
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    assert guess(sign_in, 5, via=PROXY, at=OTHER)[-1] == 429
    assert sign_in(via=PROXY, at=OTHER).status_code == 429
    assert sign_in(via=PROXY, at=HOME).status_code == 302


def test_without_a_trusted_proxy_a_made_up_address_gives_no_more_tries(sign_in, clock, rae):
    for number in range(5):
        sign_in(password="wrong", via=OTHER, at=f"192.0.2.{number}")
    assert sign_in(via=OTHER, at=HOME).status_code == 429


def test_through_a_socket_file_tries_are_counted_too(sign_in, clock, rae):
    assert guess(sign_in, 5, at="") == [200, 200, 200, 200, 429]
    assert AccessAttempt.objects.count() == 1


def test_a_try_during_the_wait_does_not_prolong_it(sign_in, clock, rae):
    guess(sign_in, 5)
    for _ in range(14):
        clock.shift(timedelta(minutes=1))
        assert sign_in(password="wrong").status_code == 429
    clock.shift(timedelta(minutes=1, seconds=1))
    assert sign_in().status_code == 302


def test_the_answer_says_when_to_come_again(sign_in, clock, rae):
    guess(sign_in, 2)
    clock.shift(timedelta(minutes=5))
    assert guess(sign_in, 3)[-1] == 429
    clock.shift(timedelta(minutes=13, seconds=30))
    refused = sign_in()
    assert (refused.status_code, refused["Retry-After"]) == (429, "90")
    assert "this name now waits 2 minutes" in text_of(refused)
    assert "You can try again at 08:20." in text_of(refused)
    clock.shift(timedelta(seconds=89))
    assert sign_in()["Retry-After"] == "1"
    clock.shift(timedelta(seconds=2))
    assert sign_in().status_code == 302


def test_an_address_has_so_many_tries_for_all_names_together(sign_in, clock, rae, max_, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = 12
    for number in range(12):
        assert sign_in(f"name{number}", "wrong").status_code == 200
    refused = sign_in()
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert "Too many wrong passwords came from this connection" in text_of(refused)
    assert sign_in(at=OTHER).status_code == 302
    clock.shift(timedelta(minutes=10))
    assert sign_in("max", "wrong").status_code == 429  # and prolongs nothing
    clock.shift(timedelta(minutes=5, seconds=1))
    assert sign_in("max").status_code == 302


def test_a_sign_in_of_ones_own_does_not_give_an_address_its_tries_back(sign_in, clock, rae, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = 10
    for number in range(10):
        assert sign_in(f"name{number}", "wrong").status_code == 200
        assert sign_in().status_code == (302 if number < 9 else 429)


def test_of_many_tries_at_once_only_so_many_count(sign_in, client, clock, rae, monkeypatch):
    def hashed_meanwhile(*_given):
        AccessAttempt.objects.update_or_create(
            username="rae", ip_address=HOME, defaults={"failures_since_start": 5, "attempt_time": NOW}
        )
        AccessAttempt.objects.update(attempt_time=NOW)
        return True

    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.verify", hashed_meanwhile)
    answer = client.post("/sign-in/", {"username": "rae", "password": "guessed"}, REMOTE_ADDR=HOME)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "_auth_user_id" not in client.session


def test_what_was_typed_before_is_carried_past_the_wait(sign_in, clock, rae):
    typed = signing.dumps(["/account/", "/account/", [["language", ["es"]]]], salt=kept.SALT)
    guess(sign_in, 5)
    refused = sign_in(kept=typed, next="/account/")
    assert f'name="kept" value="{typed}"' in refused.content.decode()
    assert 'name="kept"' not in sign_in(kept="made up").content.decode()


def test_back_from_the_wait_the_sign_in_page_carries_it_on(client, rae):
    typed = signing.dumps(["/account/", "/account/", [["language", ["es"]]]], salt=kept.SALT)
    page = client.post("/sign-in/", {"kept": typed, "next": "/account/"})
    assert page.status_code == 200
    assert f'name="kept" value="{typed}"' in page.content.decode()
    assert 'name="next" value="/account/"' in page.content.decode()
    assert page.context["form"].errors == {}


def test_what_was_typed_is_not_kept_with_the_count(sign_in, rae):
    typed = signing.dumps(
        ["/desk/book/", "/desk/book/", [["description", ["Short of breath"]]]], salt=kept.SALT
    )
    sign_in(password="wrong", kept=typed, next="/desk/book/?patient=1")
    row = AccessAttempt.objects.get()
    assert typed[:20] not in row.post_data
    assert "patient=1" not in row.post_data


def test_unlocking_ends_the_wait_of_a_name_and_of_no_other(sign_in, clock, rae, max_):
    guess(sign_in, 5)
    guess(sign_in, 5, "max")
    lockout.unlock("rae", now=NOW)
    assert sign_in().status_code == 302
    assert sign_in("max").status_code == 429


def test_unlocking_a_name_ends_the_wait_of_its_address_too(sign_in, clock, rae, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = 5
    for number in range(5):
        sign_in(f"name{number}", "wrong")
    assert sign_in().status_code == 429
    lockout.unlock("rae", now=NOW)
    assert sign_in().status_code == 302


@pytest.mark.parametrize("failures", [4, 5])
def test_who_waits_is_told_beside_the_name(sign_in, clock, rae, max_, failures):
    guess(sign_in, failures)
    guess(sign_in, 2, at=OTHER)  # which makes five only together
    waiting = lockout.with_waiting(type(rae).objects.order_by("username"), now=NOW)
    assert [(user.username, user.is_waiting) for user in waiting] == [("max", False), ("rae", failures == 5)]
    clock.shift(timedelta(minutes=15, seconds=1))
    later = lockout.with_waiting(type(rae).objects.all(), now=NOW + timedelta(minutes=15, seconds=1))
    assert not any(user.is_waiting for user in later)


def test_a_name_that_does_not_exist_waits_alike(sign_in, clock, db):
    assert guess(sign_in, 6, "nobody") == [200, 200, 200, 200, 429, 429]


def test_an_account_that_is_switched_off_waits_alike(sign_in, clock, db):
    factories.UserFactory(username="gone", is_active=False)
    assert guess(sign_in, 6, "gone") == [200, 200, 200, 200, 429, 429]
