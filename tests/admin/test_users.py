"""Nobody hands out, or takes over, more than they may do themselves."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from scheduling.identity import identity_of, token_of
from tests import factories
from tests.conftest import in_role, roles_of


def page(user, name="change/"):
    return f"/admin/accounts/user/{identity_of(user)}/{name}"


def group(name):
    return identity_of(Group.objects.get(name=name))


def form(user, *groups, **more):
    return {"username": user.username, "is_active": "on", "groups": [group(name) for name in groups], **more}


def test_a_manager_sees_the_roles_somebody_has_and_keeps_them_when_saving(office, rae):
    html = office.get(page(rae)).content.decode()
    assert html.count(" checked") == 2  # active, and receptionist
    response = office.post(page(rae), form(rae, "receptionist", first_name="Raquel"))
    assert response.status_code == 302
    rae = User.objects.get(pk=rae.pk)
    assert (rae.first_name, roles_of(rae)) == ("Raquel", {"receptionist"})


def test_a_manager_gives_a_role(office, rae):
    office.post(page(rae), form(rae, "receptionist", "manager", is_staff="on"))
    rae = User.objects.get(pk=rae.pk)
    assert (roles_of(rae), rae.is_staff) == ({"receptionist", "manager"}, True)


def test_a_manager_adds_a_member_of_staff(office):
    secret = "long and unlikely 7"
    data = {"username": "noor", "password1": secret, "password2": secret, "usable_password": "true"}
    response = office.post("/admin/accounts/user/add/", data)
    assert response.status_code == 302
    noor = User.objects.get(username="noor")
    assert response.url == page(noor)
    assert noor.check_password(secret)
    assert not noor.is_superuser


def test_a_manager_cannot_make_a_superuser(office, rae):
    office.post(page(rae), form(rae, "receptionist", is_superuser="on"))
    assert not User.objects.get(pk=rae.pk).is_superuser


@pytest.mark.parametrize("more", ["superuser", "own right", "group"])
def test_a_manager_cannot_change_or_take_over_whoever_may_do_more(office, more):
    boss = factories.UserFactory(username="boss", is_staff=True, is_superuser=more == "superuser")
    beyond = Permission.objects.get(codename="delete_patient")
    if more == "own right":
        boss.user_permissions.add(beyond)
    if more == "group":
        mighty = Group.objects.create(name="mighty")
        mighty.permissions.add(beyond)
        boss.groups.add(mighty)
    assert 'name="username"' not in office.get(page(boss)).content.decode()
    assert office.post(page(boss), form(boss)).status_code == 403
    secret = {
        "password1": "long and unlikely 7",
        "password2": "long and unlikely 7",
        "usable_password": "true",
    }
    assert office.post(page(boss, "password/"), secret).status_code == 403
    assert User.objects.get(pk=boss.pk).check_password("clinic-demo")


def test_a_manager_gives_a_new_password_to_staff(office, rae):
    secret = {
        "password1": "long and unlikely 7",
        "password2": "long and unlikely 7",
        "usable_password": "true",
    }
    response = office.post(page(rae, "password/"), secret)
    assert (response.status_code, response.url) == (302, page(rae))
    assert User.objects.get(pk=rae.pk).check_password("long and unlikely 7")


def test_a_manager_cannot_give_a_group_with_rights_beyond_their_own(office, rae):
    mighty = Group.objects.create(name="mighty")
    mighty.permissions.add(Permission.objects.get(codename="delete_patient"))
    assert "mighty" not in office.get(page(rae)).content.decode()
    assert office.post(page(rae), form(rae, "receptionist", "mighty")).status_code == 200
    assert roles_of(User.objects.get(pk=rae.pk)) == {"receptionist"}


def test_a_manager_cannot_change_their_own_role(office, max_):
    Group.objects.create(name="helpers")
    office.post(page(max_), form(max_, "helpers", first_name="Maxim"))
    max_ = User.objects.get(pk=max_.pk)
    assert (max_.first_name, roles_of(max_), max_.is_staff) == ("Maxim", {"manager"}, True)


def test_a_group_takes_no_right_that_its_giver_lacks(office):
    office.post("/admin/auth/group/add/", {"name": "helpers"})
    helpers = Group.objects.get(name="helpers")
    address = f"/admin/auth/group/{identity_of(helpers)}/change/"

    def give(codename):
        right = token_of(Permission, Permission.objects.get(codename=codename).pk)
        return office.post(address, {"name": "helpers", "permissions": [right]}).status_code

    assert give("view_patient") == 302
    assert give("delete_patient") == 200
    assert [p.codename for p in helpers.permissions.all()] == ["view_patient"]


def test_a_group_with_rights_beyond_is_not_changed_by_a_manager(office):
    mighty = Group.objects.create(name="mighty")
    mighty.permissions.add(Permission.objects.get(codename="delete_patient"))
    address = f"/admin/auth/group/{identity_of(mighty)}/change/"
    assert office.post(address, {"name": "weak", "permissions": []}).status_code == 403
    assert mighty.permissions.count() == 1


@pytest.mark.parametrize("who", ["office", "root"])
def test_the_names_of_roles_and_the_roles_themselves_stay(request, who, db):
    client = request.getfixturevalue(who)
    role = Group.objects.get(name="doctor")
    address = f"/admin/auth/group/{identity_of(role)}"
    client.post(f"{address}/change/", {"name": "physician", "permissions": []})
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert Group.objects.filter(name="doctor").exists()


@pytest.mark.parametrize("who", ["office", "root"])
def test_users_are_switched_off_not_deleted(request, who, rae):
    client = request.getfixturevalue(who)
    assert client.post(page(rae, "delete/"), {"post": "yes"}).status_code == 403
    data = form(rae, "receptionist")
    del data["is_active"]
    client.post(page(rae), data)
    assert not User.objects.get(pk=rae.pk).is_active


@pytest.mark.parametrize("role", ["receptionist", "doctor"])
def test_only_managers_change_staff(client, rae, role):
    in_role(rae, role)
    rae.is_staff = True
    rae.save()
    client.force_login(rae)
    assert client.get("/admin/accounts/user/").status_code == 403
    assert client.get("/admin/auth/group/").status_code == 403


def test_an_account_that_is_switched_off_keeps_its_rights_out_of_reach(office):
    mighty = factories.UserFactory(username="mighty", is_active=False)
    mighty.user_permissions.add(Permission.objects.get(codename="delete_session"))
    answer = office.post(page(mighty), form(mighty) | {"is_active": "on"})
    mighty.refresh_from_db()
    assert (answer.status_code, mighty.is_active) == (403, False)


STAFF = "/admin/accounts/user/"


def sign_in(username="rae", password="clinic-demo"):
    return Client().post("/sign-in/", {"username": username, "password": password}).status_code


def lock(username="rae"):
    for _ in range(5):
        sign_in(username, "wrong")
    assert sign_in(username) == 429


def unlock(office, *users):
    chosen = [identity_of(user) for user in users]
    data = {"action": "unlock_chosen", "_selected_action": chosen}
    return " ".join(office.post(STAFF, data, follow=True).content.decode().split())


def test_a_manager_sees_who_waits_and_unlocks_them(office, rae):
    assert "Waits: too many tries" not in office.get(STAFF).content.decode()
    lock()
    assert office.get(STAFF).content.decode().count("Waits: too many tries") == 1
    assert "1 person can try to sign in again." in unlock(office, rae)
    assert sign_in() == 302
    assert "Unlocked sign-in." in office.get(page(rae, "history/")).content.decode()


def test_nobody_lets_passwords_be_guessed_on_of_whoever_may_do_more(office, rae):
    boss = factories.UserFactory(username="boss", is_superuser=True)
    lock("boss")
    assert "Nobody that you may change was chosen." in unlock(office, boss)
    assert sign_in("boss") == 429


def test_a_new_password_from_a_manager_is_good_at_once(office, rae):
    lock()
    secret = dict.fromkeys(("password1", "password2"), "long and unlikely 7")
    assert office.post(page(rae, "password/"), secret | {"usable_password": "true"}).status_code == 302
    assert sign_in(password="long and unlikely 7") == 302


def test_only_managers_unlock(client, rae):
    in_role(rae, "receptionist")
    rae.is_staff = True
    rae.save()
    lock()
    client.force_login(rae)
    data = {"action": "unlock_chosen", "_selected_action": [identity_of(rae)]}
    assert client.post(STAFF, data).status_code == 403
    assert sign_in() == 429
