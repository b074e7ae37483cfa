"""The cast: Rae at the desk, Max the manager, Dr Osei and Dr Lind, patients Ana and Ben."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from accounts import api_keys, roles
from accounts.models import Scope
from accounts.shares import shares
from scheduling.database.breaker import breaker
from scheduling.database.journal import journal
from scheduling.models import WorkingHours
from tests import factories

# A Monday, 08:00 in Madrid (UTC+1). Tests that need "today" pass it as `now=`.
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


# In a browser's test there is an event loop, and there Django has another connection object.
WRITTEN = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What migrations wrote is kept, whichever tests were asked for."""
    with django_db_blocker.unblock():
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()
        WRITTEN.append(connection._test_serialized_contents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with transactions of its own leaves empty tables. What migrations wrote (roles and their rights)
    is put back at once: where workers take tests from each other, any test may be the next one."""
    result = yield
    if nextitem is None:
        return result  # the database is gone with the last test
    if not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames) or _has_transactions(item):
        with item.config.stash[blocking_manager_key].unblock():
            call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
            connection.creation.deserialize_db_from_string(WRITTEN[-1])
            connection.close()
    return result


def _has_transactions(item):
    marker = item.get_closest_marker("django_db")
    return marker is not None and marker.kwargs.get("transaction", False)


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def empty_cache():
    """What one test left there would be told to the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_shares():
    """Keys of another test had the same numbers, at the same moment."""
    shares.forget()


@pytest.fixture(autouse=True)
def no_outage(monkeypatch):
    """One that a test makes up is not told to the next, and no thread looks after its database."""
    monkeypatch.setattr(breaker, "suspect", lambda: None)
    journal.forget()


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def without_keys(transactional_db):
    """The claims in a table without its two unique keys."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE claims RENAME TO claims_kept")
        cursor.execute("CREATE TABLE claims AS SELECT * FROM claims_kept")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE claims")
        cursor.execute("ALTER TABLE claims_kept RENAME TO claims")


def in_role(user, *names):
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in names])
    return user


def roles_of(user):
    """The names of a user's groups."""
    return frozenset(user.groups.values_list("name", flat=True))


@pytest.fixture
def rae(db):
    """Rae works at the desk."""
    user = factories.UserFactory(username="rae", first_name="Rae", last_name="Quist")
    return in_role(user, roles.RECEPTIONIST)


@pytest.fixture
def max_(db):
    """Max keeps doctors, hours and staff."""
    user = factories.UserFactory(username="max", first_name="Max", last_name="Thorn", is_staff=True)
    return in_role(user, roles.MANAGER)


@pytest.fixture
def website_account(db):
    """The account of the clinic's website, which reads and books with a key."""
    key, _secret = api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)
    return key.user


@pytest.fixture
def cardiology(db):
    return factories.SpecialtyFactory(specialty_name="Cardiology")


@pytest.fixture
def osei(cardiology):
    """Dr Osei, cardiology, works Monday to Friday, 09:00 to 14:00."""
    doctor = factories.DoctorFactory(
        doctor_name="Dr Ama Osei", email="osei@clinic.example", specialty=cardiology
    )
    works(doctor, time(9), time(14))
    return doctor


@pytest.fixture
def lind(cardiology):
    """Dr Lind, cardiology too, works Monday to Friday, 09:00 to 14:00."""
    doctor = factories.DoctorFactory(
        doctor_name="Dr Per Lind", email="lind@clinic.example", specialty=cardiology
    )
    works(doctor, time(9), time(14))
    return doctor


@pytest.fixture
def ana(db):
    return factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")


@pytest.fixture
def ben(db):
    return factories.PatientFactory(patient_name="Ben", patient_lastname="Okafor")


@pytest.fixture
def checkup(db):
    """A visit type of 30 minutes."""
    return factories.VisitTypeFactory(name="Check-up", minutes=30)


def works(doctor, starts, ends, weekdays=range(5)):
    WorkingHours.objects.bulk_create(
        WorkingHours(doctor=doctor, weekday=day, starts=starts, ends=ends) for day in weekdays
    )


def madrid(text):
    """ "2026-03-02 10:00" on Madrid's clocks, as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)
