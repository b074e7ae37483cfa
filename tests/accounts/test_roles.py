"""What each role may do, as the migration has made it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection

from accounts import roles
from accounts.models import User
from scheduling.booking.rights import ALL, CHANGE_HOURS, USE_DESK, rights_of
from tests import factories
from tests.conftest import in_role

migration = import_module("scheduling.migrations.0002_roles")


class Editor:
    connection = connection


def rights(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_the_three_roles_are_there_from_the_first_migration_on(db):
    assert set(roles.ALL) <= set(Group.objects.values_list("name", flat=True))


def test_a_receptionist_keeps_patients_and_visits_and_only_looks_at_the_rest(db):
    may = rights(roles.RECEPTIONIST)
    changing = {"add_patient", "change_patient", "add_appointment", "change_appointment", "block_time"}
    telling = {"send_notice"}
    knowingly = {"overbook_appointment", "undo_appointment"}
    at_desk = {"use_desk", "merge_patient", "resolve_flag"}
    assert changing | telling | knowingly | at_desk == {name for name in may if not name.startswith("view_")}
    assert {"view_doctor", "view_workinghours", "view_appointmentevent", "view_flag"} <= may


def test_a_manager_may_delete_only_what_nothing_is_lost_by(db):
    may = rights(roles.MANAGER)
    assert rights(roles.RECEPTIONIST) < may
    assert {name for name in may if name.startswith("delete_")} == {
        "delete_extrahours",
        "delete_messagewords",
        "delete_specialty",
        "delete_timeoff",
        "delete_visittype",
        "delete_visittypewords",
        "delete_workinghours",
    }
    assert {"change_user", "change_group", "change_doctor", "change_flag"} <= may


def test_a_doctor_only_looks(db):
    assert all(name.startswith("view_") for name in rights(roles.DOCTOR))


def test_every_right_of_a_role_is_one_that_django_knows(db):
    # Names as Django writes them: it keeps what it finds, so a wrong one would stay for ever.
    for permission in Permission.objects.filter(group__name__in=roles.ALL).select_related("content_type"):
        found = permission.content_type.model_class()
        assert found is not None, permission.codename
        action, _, model = permission.codename.partition("_")
        usual = {f"{action}_{model}": f"Can {action} {found._meta.verbose_name_raw}"}
        assert permission.name == {**usual, **dict(found._meta.permissions)}[permission.codename]


def test_making_roles_again_keeps_what_a_manager_added(db):
    group = Group.objects.get(name=roles.DOCTOR)
    extra = Permission.objects.get(codename="view_flag")
    group.permissions.add(extra)
    before = {name: rights(name) for name in roles.ALL}, Permission.objects.count(), Group.objects.count()
    migration.make_roles(apps, Editor)
    assert before == (
        {name: rights(name) for name in roles.ALL},
        Permission.objects.count(),
        Group.objects.count(),
    )


def test_going_back_keeps_roles_that_people_have(db):
    rae = in_role(factories.UserFactory(), roles.RECEPTIONIST)
    migration.remove_roles(apps, Editor)
    assert set(Group.objects.filter(name__in=roles.ALL)) == set(rae.groups.all())
    migration.make_roles(apps, Editor)
    assert rae.groups.get().name == roles.RECEPTIONIST
    assert Group.objects.filter(name__in=roles.ALL).count() == 3


@pytest.mark.parametrize(
    ("names", "at_desk"),
    [([roles.RECEPTIONIST], True), ([roles.MANAGER], True), ([roles.DOCTOR], False), ([], False)],
)
def test_who_works_at_the_desk(db, names, at_desk):
    assert (USE_DESK in rights_of(in_role(factories.UserFactory(), *names))) is at_desk


def test_a_superuser_has_every_right_and_nobody_who_is_switched_off_has_any(db):
    assert rights_of(factories.UserFactory(is_superuser=True)) == ALL
    assert rights_of(factories.UserFactory(is_superuser=True, is_active=False)) == frozenset()
    assert rights_of(in_role(factories.UserFactory(is_active=False), roles.MANAGER)) == frozenset()
    assert rights_of(None) == frozenset()


def test_a_manager_has_every_right(max_):
    assert rights_of(max_) == ALL


def test_rights_are_what_django_says_and_are_read_once(rae, django_assert_num_queries):
    rae.user_permissions.add(Permission.objects.get(codename="change_workinghours"))
    as_django_has_it = User.objects.get(pk=rae.pk).get_all_permissions()
    rae = User.objects.get(username=rae.username)
    with django_assert_num_queries(1):
        assert rights_of(rae) == rights_of(rae) == ALL & as_django_has_it
    assert rae.permission_names == as_django_has_it
    assert {CHANGE_HOURS, USE_DESK} < rights_of(rae)


def test_who_is_signed_in_comes_with_the_same_rights(rae, django_assert_num_queries):
    rae.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_workinghours", "add_appointment"])
    )
    nobody = factories.UserFactory(is_superuser=True, language="es")
    User.objects.get(pk=nobody.pk)  # what a thread reads first of all is the server's version
    for account in (rae, nobody):
        as_django_has_it = User.objects.filter(pk=account.pk).get()
        with django_assert_num_queries(1):
            found = User.objects.get(pk=account.pk)
            names = found.permission_names
        assert names == as_django_has_it.permission_names
        assert {**vars(as_django_has_it), "_state": None} == {**vars(found), "_state": None}
        assert (found._state.adding, found._state.db) == (False, "default")
    found.language = "en"
    found.save()
    assert User.objects.get(pk=nobody.pk, is_superuser=True).language == "en"
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=nobody.pk + 1)


def test_every_right_is_a_permission_of_django(db):
    known = Permission.objects.values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in known} >= ALL


def test_the_desk_is_given_to_roles_as_a_clinic_has_made_them_and_taken_back(db):
    """To and fro, from where each role had its rights by name: what a manager changed stays."""
    desk = import_module("scheduling.migrations.0017_rights_at_the_desk")
    made = {"use_desk", "merge_patient", "resolve_flag", "switch_on_again"}
    before = {name: rights(name) for name in roles.ALL}
    desk.withdraw(apps, Editor)
    assert {name: rights(name) for name in roles.ALL} == {name: before[name] - made for name in roles.ALL}
    receptionist = Group.objects.get(name=roles.RECEPTIONIST)
    receptionist.permissions.remove(Permission.objects.get(codename="add_patient"))
    Group.objects.get(name=roles.DOCTOR).permissions.add(Permission.objects.get(codename="view_flag"))
    desk.grant(apps, Editor)
    desk.grant(apps, Editor)
    assert {name: rights(name) for name in roles.ALL} == {
        roles.RECEPTIONIST: before[roles.RECEPTIONIST] - {"add_patient"},
        roles.MANAGER: before[roles.MANAGER],
        roles.DOCTOR: before[roles.DOCTOR] | {"view_flag"},
    }


def test_a_person_without_a_name_is_called_by_the_user_name(db):
    assert factories.UserFactory(username="rae").spoken_name == "rae"
    assert factories.UserFactory(first_name="Rae", last_name="Quist").spoken_name == "Rae Quist"
