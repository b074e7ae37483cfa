"""Keys of other programs: what is kept of them, whom they let in, and how the minute is counted."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import api_keys
from accounts.models import ApiKey, Scope, User
from tests.conftest import NOW, roles_of

MINUTE = timedelta(minutes=1)


def issue(name="Website", scope=Scope.BOOK, expires_at=None):
    return api_keys.issue(name, scope, expires_at=expires_at, now=NOW)


def limited(settings, **limits):
    settings.API_LIMITS = {"read": 600, "book": 300, "manage": 6000, **limits}


def used_up(secret, now, most=100):
    """How many requests are let in at this moment, until one is not."""
    for count in range(most):
        if api_keys.admit(secret, now=now).is_over:
            return count
    return most


def test_a_scope_holds_the_ones_before_it():
    held = {scope: [other for other in Scope if scope.includes(other)] for scope in Scope}
    assert held == {
        Scope.READ: [Scope.READ],
        Scope.BOOK: [Scope.READ, Scope.BOOK],
        Scope.MANAGE: [Scope.READ, Scope.BOOK, Scope.MANAGE],
    }


def test_a_key_is_recognised_long_and_stored_as_its_digest_only(db):
    key, secret = issue()
    assert secret.startswith("clinic_")
    assert len(secret.removeprefix("clinic_")) == 43  # 256 bits
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    stored = [str(value) for value in ApiKey.objects.values_list().get()]
    stored += [str(value) for value in User.objects.values_list().get()]
    assert not [value for value in stored if secret in value or secret.removeprefix("clinic_") in value]
    assert issue("Kiosk")[1] != secret


def test_its_account_says_its_name_and_cannot_sign_in(db):
    key, secret = issue("  Website\tof San Telmo ")
    assert key.name == "Website of San Telmo"
    assert key.user.spoken_name == "Website of San Telmo (program)"
    assert roles_of(key.user) == frozenset()
    assert not (key.user.is_staff or key.user.is_superuser or key.user.has_usable_password())
    for password in ("", secret, key.user.password):
        assert not key.user.check_password(password)
    assert User.objects.get(username__startswith="api-key-") == key.user


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "needs a name"),
        (" \t ", "needs a name"),
        ("x" * 101, "at most 100"),
        ("Web\u202esite", "can be read"),
        ("wEBSITE", "already"),
        ("Website", "already"),
    ],
)
def test_a_name_that_would_mislead_is_refused_and_nothing_is_made(db, name, says):
    issue("Website")
    with pytest.raises(api_keys.BadName, match=says):
        issue(name)
    assert ApiKey.objects.count() == User.objects.count() == 1


def test_a_name_taken_at_the_same_moment_leaves_no_account_behind(db, monkeypatch):
    issue("Website")
    monkeypatch.setattr(api_keys, "_as_kept", lambda name: name)  # both looked before either wrote
    with pytest.raises(api_keys.BadName, match="already"):
        issue("Website")
    assert ApiKey.objects.count() == User.objects.count() == 1


def test_the_database_knows_three_scopes_only(db):
    key, _ = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(scope="everything")


def test_a_good_key_is_let_in_and_told_what_is_left(db, settings):
    limited(settings, book=3)
    key, secret = issue()
    then = NOW + timedelta(seconds=48.2)
    admission = api_keys.admit(secret, now=then)
    assert admission == api_keys.Admission(key, limit=3, remaining=2, resets_in=12, is_over=False)
    key.refresh_from_db()
    assert key.last_used_at == then


@pytest.mark.parametrize("fault", ["unknown", "expired", "revoked", "switched off"])
def test_what_is_refused_looks_alike_and_does_the_same_work(db, fault):
    key, secret = issue(expires_at=NOW + MINUTE)
    assert api_keys.admit(secret, now=NOW) is not None
    then = NOW
    if fault == "unknown":
        secret = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    elif fault == "expired":
        then = NOW + MINUTE
    elif fault == "revoked":
        assert api_keys.revoke(key, now=NOW)
    else:
        User.objects.filter(pk=key.user_id).update(is_active=False)
    before = ApiKey.objects.values_list().get()
    with CaptureQueriesContext(connection) as queries:
        assert api_keys.admit(secret, now=then) is None
    # It writes nothing: whoever has no key cannot make those wait who have one.
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    assert ApiKey.objects.values_list().get() == before


@pytest.mark.parametrize(
    "token",
    ["", " ", "clinic_", "clínica_ñ", "\udcff\ud800", "\x00", "%", "' OR 1=1 --", "x" * 100_000, "🩺"],
)
def test_any_text_may_come_as_a_key(db, token):
    issue()
    assert api_keys.admit(token, now=NOW) is None


def test_a_key_is_not_found_by_its_digest_or_in_other_letters(db):
    key, secret = issue()
    for token in (key.digest, secret.lower(), secret.upper(), f" {secret}", secret.removeprefix("clinic_")):
        assert api_keys.admit(token, now=NOW) is None


def test_it_is_good_until_the_very_moment_it_expires(db):
    _, secret = issue(expires_at=NOW + MINUTE)
    assert api_keys.admit(secret, now=NOW + MINUTE - timedelta(microseconds=1)) is not None
    assert api_keys.admit(secret, now=NOW + MINUTE) is None


def test_revoking_is_for_good_and_keeps_key_and_account(db):
    key, secret = issue()
    assert api_keys.revoke(key, now=NOW)
    assert not api_keys.revoke(key, now=NOW + MINUTE)
    assert key.revoked_at == NOW
    assert ApiKey.objects.get().user.is_active
    assert api_keys.admit(secret, now=NOW + MINUTE) is None


@pytest.mark.parametrize(("scope", "limit"), [(Scope.READ, 2), (Scope.BOOK, 3), (Scope.MANAGE, 5)])
def test_each_scope_has_its_own_limit(db, settings, scope, limit):
    settings.API_LIMITS = {"read": 2, "book": 3, "manage": 5}
    _, secret = issue(scope=scope)
    assert used_up(secret, NOW) == limit


def test_beyond_the_limit_nothing_is_counted_and_the_next_minute_begins_anew(db, settings):
    limited(settings, book=3)
    key, secret = issue()
    last = NOW + timedelta(seconds=59, milliseconds=500)
    for left in (2, 1, 0):
        assert api_keys.admit(secret, now=NOW).remaining == left
    over = api_keys.admit(secret, now=last)
    assert over == api_keys.Admission(key, limit=3, remaining=0, resets_in=1, is_over=True)
    key.refresh_from_db()
    assert (key.used, key.last_used_at) == (3, NOW)
    anew = api_keys.admit(secret, now=NOW + MINUTE)
    key.refresh_from_db()
    assert (anew.remaining, anew.resets_in, key.used) == (2, 60, 1)


def test_each_key_has_a_counter_of_its_own(db, settings):
    limited(settings, book=2)
    secrets = [issue(name)[1] for name in ("Website", "Kiosk")]
    assert [used_up(secret, NOW) for secret in secrets] == [2, 2]


def test_servers_whose_clocks_differ_a_little_share_one_minute(db, settings):
    """Where each of them began its own minute anew, two clocks in turn would let everything through."""
    limited(settings, book=3)
    _, secret = issue()
    behind, ahead = NOW + timedelta(seconds=59), NOW + timedelta(seconds=61)
    seen = [api_keys.admit(secret, now=clock) for clock in (ahead, behind, ahead, behind, ahead)]
    assert [admission.is_over for admission in seen] == [False, False, False, True, True]
    assert [admission.resets_in for admission in seen] == [59, 61, 59, 61, 59]


def test_a_clock_that_is_put_back_does_not_lock_a_key_out(db, settings):
    limited(settings, book=2)
    _, secret = issue()
    assert used_up(secret, NOW + timedelta(days=1)) == 2
    assert used_up(secret, NOW) == 2
    assert api_keys.admit(secret, now=NOW).resets_in == 60


def test_a_lower_limit_holds_at_once(db, settings):
    limited(settings, book=10)
    _, secret = issue()
    for _ in range(5):
        api_keys.admit(secret, now=NOW)
    limited(settings, book=3)
    assert api_keys.admit(secret, now=NOW).is_over


def test_a_change_leaves_the_counter_alone_and_a_revoked_key_as_it_is(db):
    key, secret = issue()
    api_keys.admit(secret, now=NOW)  # `key` was read before
    api_keys.change(key, scope=Scope.READ, expires_at=NOW + MINUTE)
    kept = ApiKey.objects.get()
    assert (kept.scope, kept.expires_at, kept.used, kept.last_used_at) == ("read", NOW + MINUTE, 30, NOW)
    api_keys.revoke(key, now=NOW)
    api_keys.change(key, scope=Scope.MANAGE, expires_at=None)
    kept.refresh_from_db()
    assert (kept.scope, kept.expires_at) == (key.scope, key.expires_at) == ("read", NOW + MINUTE)


def test_an_account_of_a_program_never_signs_in_whatever_is_done_to_it(db, client):
    key, _ = issue()
    key.user.set_password("long and unlikely 7")  # from a shell
    key.user.save()
    typed = {"username": key.user.username, "password": "long and unlikely 7"}
    response = client.post("/sign-in/", typed)
    assert "do not match" in response.content.decode()
    assert "_auth_user_id" not in client.session
    User.objects.update(is_program=False)
    assert client.post("/sign-in/", typed).status_code == 302  # it was that alone


def test_the_settings_name_a_limit_for_each_scope(settings):
    assert settings.API_LIMITS == {"read": 600, "book": 300, "manage": 6000}
    assert set(settings.API_LIMITS) == set(Scope)
