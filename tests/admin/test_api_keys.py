"""Keys of other programs in the back office: looked at, narrowed, closed; never made, never told."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission

from accounts import api_keys
from accounts.models import ApiKey, Scope, User
from scheduling.identity import identity_of
from tests import factories
from tests.conftest import NOW, in_role, madrid

LIST = "/admin/accounts/apikey/"


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


def issue(name="Website", scope=Scope.BOOK, expires_at=None):
    return api_keys.issue(name, scope, expires_at=expires_at, now=NOW)


def page(key, name="change"):
    return f"{LIST}{identity_of(key)}/{name}/"


def told(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def keeper(client, db):
    """Someone who looks after keys and may do by hand what a key that reads and books does."""
    user = factories.UserFactory(username="keeper", is_staff=True)
    names = ["view_apikey", "change_apikey", "view_doctor", "view_patient", "view_appointment"]
    names += ["add_patient", "add_appointment", "change_appointment"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


def test_the_list_says_who_may_what_and_whether_it_still_may(office):
    website, secret = issue()
    issue("Kiosk", Scope.READ, madrid("2026-04-01 00:00"))
    issue("Old kiosk", Scope.READ, NOW)
    api_keys.revoke(issue("Lab", Scope.MANAGE)[0], now=NOW)
    api_keys.admit(secret, now=NOW)
    response = office.get(LIST)
    html = response.content.decode()
    admin = response.context["cl"].model_admin
    rows = {key.name: key for key in response.context["cl"].result_list}
    assert {name: admin.state(key) for name, key in rows.items()} == {
        "Kiosk": "In use",
        "Lab": "Revoked",
        "Old kiosk": "Expired",
        "Website": "In use",
    }
    assert (admin.used_last(rows["Website"]), admin.used_last(rows["Kiosk"])) == (
        "2 March 2026, 08:00",
        "Never",
    )
    assert (admin.good_through(rows["Kiosk"]), admin.good_through(rows["Website"])) == (
        "31 March 2026",
        "None",
    )
    assert "Read, book and manage" in html
    assert secret not in html
    assert website.digest not in html


@pytest.mark.parametrize(
    ("state", "names"),
    [("in_use", {"Website"}), ("expired", {"Kiosk", "Lab"}), ("revoked", {"Old"}), ("nonsense", None)],
)
def test_the_list_is_filtered_by_state(office, state, names):
    issue()
    issue("Kiosk", expires_at=NOW)
    issue("Lab", expires_at=NOW - timedelta(days=1))
    api_keys.revoke(issue("Old", expires_at=NOW)[0], now=NOW)
    found = {key.name for key in office.get(LIST, {"state": state}).context["cl"].result_list}
    assert found == (names or {"Website", "Kiosk", "Lab", "Old"})


@pytest.mark.parametrize("who", ["office", "root"])
def test_nobody_makes_or_deletes_one_and_the_page_says_how_one_is_made(request, who):
    client = request.getfixturevalue(who)
    key, _ = issue()
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}add/", {"name": "Kiosk", "scope": "read"}).status_code == 403
    assert client.post(page(key, "delete"), {"post": "yes"}).status_code == 403
    assert [key.name for key in ApiKey.objects.all()] == ["Website"]
    assert "manage.py create_api_key" in told(client, LIST)


def test_a_page_shows_no_secret_nor_what_could_stand_for_one(office):
    key, secret = issue()
    for name in ("change", "history", "revoke"):
        html = told(office, page(key, name))
        assert secret not in html
        assert key.digest not in html
        assert key.user.username not in html


def test_scope_and_last_day_are_changed_and_nothing_else(office):
    key, secret = issue()
    assert api_keys.admit(secret, now=NOW)
    before = ApiKey.objects.get()
    form = {"scope": "read", "last_day": "2026-03-29", "name": "Kiosk", "digest": "0" * 64, "used": "0"}
    response = office.post(page(key), form)
    assert response.status_code == 302
    kept = ApiKey.objects.get()
    assert (kept.scope, kept.expires_at) == ("read", madrid("2026-03-30 00:00"))
    same = ("name", "digest", "user_id", "window", "used", "last_used_at", "created_at")
    assert [getattr(kept, name) for name in same] == [getattr(before, name) for name in same]
    assert "Changed Scope and Last day" in told(office, page(key, "history"))
    assert 'value="29/03/2026"' in told(office, page(key))


def test_an_emptied_last_day_never_ends_and_an_expired_key_is_woken_by_a_later_one(office):
    key, secret = issue(expires_at=madrid("2026-03-02 00:00"))
    assert api_keys.admit(secret, now=NOW) is None
    assert office.post(page(key), {"scope": "book", "last_day": "2026-03-02"}).status_code == 302
    assert api_keys.admit(secret, now=NOW) is not None
    assert office.post(page(key), {"scope": "book", "last_day": ""}).status_code == 302
    assert ApiKey.objects.get().expires_at is None


def test_a_scope_is_narrowed_though_its_last_day_is_past(office):
    key, _ = issue(expires_at=madrid("2026-03-01 12:00"))
    response = office.post(page(key), {"scope": "read", "last_day": "2026-03-01"})
    assert response.status_code == 302
    kept = ApiKey.objects.get()
    assert (kept.scope, kept.expires_at) == ("read", key.expires_at)


@pytest.mark.parametrize(
    ("scope", "day", "says"),
    [
        ("read", "2026-03-01", "That day is past. To close the key now, revoke it."),
        ("read", "9999-12-31", "Check the year: 9999."),
        ("read", "soon", "“soon” is not a date. Write it like 31/3/2026."),
        ("everything", "", "Select a valid choice."),
        ("", "", "This field is required."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(office, scope, day, says):
    key, _ = issue()
    response = office.post(page(key), {"scope": scope, "last_day": day})
    assert response.status_code == 200
    assert says in response.content.decode()
    assert (ApiKey.objects.get().scope, ApiKey.objects.get().expires_at) == ("book", None)


def test_nobody_lets_a_key_do_more_than_they_may_do_themselves(keeper):
    key, _ = issue()
    assert 'value="manage"' not in told(keeper, page(key))
    assert keeper.post(page(key), {"scope": "manage", "last_day": ""}).status_code == 200
    assert ApiKey.objects.get().scope == "book"
    assert keeper.post(page(key), {"scope": "read", "last_day": ""}).status_code == 302
    assert keeper.post(page(key), {"scope": "book", "last_day": ""}).status_code == 302
    assert ApiKey.objects.get().scope == "book"


def test_a_key_that_may_do_more_is_read_and_closed_but_not_changed(keeper):
    key, secret = issue(scope=Scope.MANAGE, expires_at=madrid("2026-03-03 00:00"))
    html = told(keeper, page(key))
    assert 'name="scope"' not in html
    assert "2 March 2026" in html
    assert keeper.post(page(key), {"scope": "read", "last_day": "2027-01-01"}).status_code == 403
    assert ApiKey.objects.get().expires_at == key.expires_at
    keeper.post(page(key, "revoke"))
    assert api_keys.admit(secret, now=NOW) is None


def test_a_manager_may_do_by_hand_what_the_widest_key_does(office):
    key, _ = issue(scope=Scope.READ)
    assert office.post(page(key), {"scope": "manage", "last_day": ""}).status_code == 302
    assert ApiKey.objects.get().scope == "manage"


def test_a_key_is_revoked_after_asking_once(office):
    key, secret = issue()
    assert f'href="{page(key, "revoke")}"' in told(office, page(key))
    html = told(office, page(key, "revoke"))
    assert "Website" in html
    assert "cannot be taken back" in html
    assert api_keys.admit(secret, now=NOW) is not None  # looking changes nothing
    response = office.post(page(key, "revoke"), follow=True)
    assert "1 key is revoked." in response.content.decode()
    assert api_keys.admit(secret, now=NOW) is None
    assert ApiKey.objects.get().revoked_at == NOW
    assert "Changed revoked" in told(office, page(key, "history"))


def test_a_revoked_key_is_only_read(office):
    key, _ = issue(expires_at=madrid("2026-04-01 00:00"))
    api_keys.revoke(key, now=NOW)
    html = told(office, page(key))
    for shown in ("Revoked", "2 March 2026, 08:00", "31 March 2026"):
        assert shown in html
    for button in ('name="_save"', 'name="scope"', page(key, "revoke")):
        assert button not in html
    assert office.post(page(key), {"scope": "read", "last_day": ""}).status_code == 403
    again = office.post(page(key, "revoke"), follow=True)
    assert "nothing changed" in again.content.decode()
    assert LogEntry.objects.count() == 0


def test_several_are_revoked_from_the_list_after_asking_once(office):
    keys = [issue(name)[0] for name in ("Website", "Kiosk", "Lab")]
    chosen = {"action": "revoke_chosen", "_selected_action": [identity_of(key) for key in keys[:2]]}
    asked = office.post(LIST, chosen).content.decode()
    assert "Revoke these keys?" in asked
    assert [name for name in ("Website", "Kiosk", "Lab") if f"<b>{name}</b>" in asked] == ["Website", "Kiosk"]
    assert all(f'value="{identity_of(key)}"' in asked for key in keys[:2])
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    response = office.post(LIST, {**chosen, "sure": "yes"}, follow=True)
    assert "2 keys are revoked." in response.content.decode()
    assert set(ApiKey.objects.exclude(revoked_at=None)) == set(keys[:2])
    assert LogEntry.objects.count() == 2


def test_revoking_needs_the_right_to_change_keys(client, keeper):
    key, secret = issue()
    User.objects.get(username="keeper").user_permissions.remove(
        Permission.objects.get(codename="change_apikey")
    )
    assert page(key, "revoke") not in told(keeper, page(key))
    assert keeper.get(page(key, "revoke")).status_code == 404
    assert keeper.post(page(key, "revoke")).status_code == 404
    chosen = {"action": "revoke_chosen", "_selected_action": [identity_of(key)], "sure": "yes"}
    keeper.post(LIST, chosen)
    assert api_keys.admit(secret, now=NOW) is not None


@pytest.mark.parametrize("role", ["receptionist", "doctor"])
def test_only_managers_see_keys(client, rae, role):
    key, _ = issue()
    in_role(rae, role)
    rae.is_staff = True
    rae.save()
    client.force_login(rae)
    for address in (LIST, page(key), page(key, "history")):
        assert client.get(address).status_code == 403
    assert client.post(page(key, "revoke")).status_code == 404
    client.logout()
    assert client.post(page(key, "revoke")).status_code == 302
    assert ApiKey.objects.get().revoked_at is None


def test_a_managers_role_holds_the_two_rights_and_the_others_none(db):
    held = {
        group.name: set(
            group.permissions.filter(content_type__model="apikey").values_list("codename", flat=True)
        )
        for group in Group.objects.all()
    }
    assert held == {"manager": {"view_apikey", "change_apikey"}, "receptionist": set(), "doctor": set()}


def test_nothing_of_it_needs_an_exception_from_the_content_security_policy(office):
    key, _ = issue()
    for address in (LIST, page(key), page(key, "revoke")):
        response = office.get(address)
        assert "unsafe" not in response["Content-Security-Policy"]
        html = response.content.decode()
        assert "style=" not in html
        assert "onclick=" not in html
