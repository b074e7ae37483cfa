"""A server takes a share of a key's minute at once, and lets no more in for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import api_keys
from accounts.models import Scope
from accounts.shares import Shares
from tests.accounts.test_api_keys import MINUTE, issue, limited, used_up
from tests.conftest import NOW


def test_letting_in_takes_one_query_the_account_included_and_one_more_for_a_share_of_the_minute(db, settings):
    limited(settings, book=20)
    _, secret = issue()
    api_keys.admit("clinic_wrong", now=NOW)  # what a thread reads first of all is the server's version
    in_pairs = [(secret, True, 2), (secret, True, 1)] * 10
    for token, is_let_in, asked in [("clinic_wrong", False, 1), *in_pairs, (secret, False, 1)]:
        with CaptureQueriesContext(connection) as queries:
            admission = api_keys.admit(token, now=NOW)
            assert (admission is not None and not admission.is_over) is is_let_in
            if admission:
                assert admission.key.user.spoken_name == "Website (program)"
        assert len(queries) == asked


@pytest.fixture
def servers(monkeypatch):
    """Two, with one database and nothing else in common: `here(0)` and `here(1)` say which one answers."""
    each = [Shares(), Shares()]
    return lambda number: monkeypatch.setattr(api_keys, "shares", each[number])


def test_servers_that_share_nothing_but_the_database_let_in_no_more_together(db, settings, servers):
    limited(settings, book=50)
    _, secret = issue()
    seen = []
    for number in range(120):
        servers(number % 2)
        seen.append(api_keys.admit(secret, now=NOW))
    assert [admission.is_over for admission in seen] == [False] * 50 + [True] * 70
    assert [admission.remaining for admission in seen][::49] == [49, 0, 0]


def test_of_a_server_that_died_at_most_its_share_is_lost_for_the_minute(db, settings, servers):
    limited(settings, book=50)
    _, secret = issue()
    servers(0)
    api_keys.admit(secret, now=NOW)
    servers(1)
    assert used_up(secret, NOW) == 45
    assert used_up(secret, NOW + MINUTE) == 50


def test_every_remaining_request_of_a_minute_is_told_and_let_in(db, settings):
    limited(settings, book=47)
    _, secret = issue()
    assert [api_keys.admit(secret, now=NOW).remaining for _ in range(48)] == [*reversed(range(47)), 0]


def test_a_key_that_is_narrowed_has_no_more_than_its_new_scope_allows(db, settings):
    limited(settings, manage=6000, book=300)
    key, secret = issue(scope=Scope.MANAGE)
    api_keys.admit(secret, now=NOW)  # 600 of a minute's 6000 are this server's
    api_keys.change(key, scope=Scope.BOOK, expires_at=None)
    assert api_keys.admit(secret, now=NOW).is_over
    assert used_up(secret, NOW + MINUTE, most=400) == 300


def test_revoking_holds_for_what_a_server_had_taken(db):
    key, secret = issue()
    api_keys.admit(secret, now=NOW)
    api_keys.revoke(key, now=NOW)
    assert api_keys.admit(secret, now=NOW) is None


def test_a_key_whose_place_is_taken_is_counted_one_by_one(db, settings, monkeypatch):
    limited(settings, book=50)
    monkeypatch.setattr("accounts.shares.PLACES", 1)
    secrets = [issue(name)[1] for name in ("Website", "Kiosk")]
    assert [used_up(secret, NOW) for secret in secrets] == [50, 50]
    secrets = [issue(name)[1] for name in ("Hospital", "Clock")]
    seen = [api_keys.admit(secrets[turn % 2], now=NOW).is_over for turn in range(110)]
    assert seen == [False] * 100 + [True] * 10


def test_where_nothing_can_be_written_what_was_taken_before_is_still_counted(db, settings):
    limited(settings, book=50)
    _, secret = issue()
    assert api_keys.admit(secret, now=NOW).remaining == 49
    asked = [api_keys.admit(secret, now=NOW, counts=False) for _ in range(8)]
    assert [each.remaining for each in asked] == [48, 47, 46, 45, 45, 45, 45, 45]
    assert not any(each.is_over for each in asked)
