"""Who sends them, and what is no answer: anything from 500 on, and an exception."""

import itertools
from collections import Counter
from contextlib import contextmanager
from http.cookies import SimpleCookie

from django.apps import apps
from django.contrib.auth.models import Group
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone

from accounts import api_keys, roles
from accounts.models import Scope
from appointments_site.outermost import refusing
from scheduling.clock import clinic_today
from scheduling.models import Appointment, Doctor, Patient, Specialty, VisitType
from tests import crowd, factories
from tests.random_requests.generator import Caller, Generator, describe

BACKEND = "django.contrib.auth.backends.ModelBackend"
FIELDS = """
uuid q patient visit_type doctor specialty day time offset description status reason wish version
next first last starts ends all_day choice use another_person patient_name patient_lastname
date_of_birth phone email from days limit cursor changed_since doctor_uuid patient_uuid
visit_type_uuid appointment_datetime minutes overbook_reason override page sort name username
password language old_password new_password1 new_password2 action _selected_action index kept
weekday mon_starts mon_ends keep remove seen token date o p e x y
""".split()  # noqa: SIM905  (dozens of words)


def callers():
    """Nobody, each role, each kind of key; makes their accounts."""
    yield Caller("nobody")
    for name in (*roles.ALL, ""):
        user = factories.UserFactory(is_staff=name in (roles.MANAGER, ""), is_superuser=not name)
        if name:
            user.groups.add(Group.objects.get_or_create(name=name)[0])
        doors = ("desk/", "admin/", "account/") if user.is_staff else ("desk/", "account/")
        yield Caller(name or "superuser", cookies_of(user), doors=doors)
    for scope in Scope:
        _key, secret = api_keys.issue(f"Random {scope}", scope, expires_at=None, now=timezone.now())
        headers = (("HTTP_AUTHORIZATION", f"Bearer {secret}"),)
        yield Caller(f"key: {scope}", headers=headers, doors=("api/",))


def cookies_of(user):
    client = Client()
    client.force_login(user, BACKEND)
    return SimpleCookie(client.cookies).output(attrs=[], header="", sep=";").strip()


def known():
    """What the clinic has on record, as addresses and forms name it."""
    models = (Appointment, Doctor, Patient, Specialty, VisitType)
    uuids = [str(uuid) for model in models for uuid in model.objects.values_list("uuid", flat=True)[:5]]
    return [
        *uuids,
        "2026-03-03",
        "10:00",
        "2026-03-03T10:00:00+01:00",
        "1",
        *(m._meta.model_name for m in apps.get_models()),
    ]


def send(application, environ):
    """The status; raises what the application raises."""
    told = []
    body = application(environ, lambda status, headers, exc_info=None: told.append(int(status[:3])))
    try:
        for _part in body:
            pass
    finally:
        if hasattr(body, "close"):
            body.close()
    return told[-1]


@contextmanager
def kept_connection():
    """A request closes no connection: the test's transaction is in it."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def ask_at_random(count, seed=1):
    """(statuses by caller, faults): so many requests in all, each undone, to a clinic made for it."""
    now = timezone.now()
    crowd.fill(clinic_today(now), now=now, doctors=3, visits=12)
    application = refusing(WSGIHandler())
    everybody = list(callers())
    generator = Generator(seed, known(), FIELDS)
    statuses, faults = Counter(), []
    with kept_connection():
        _ask(application, everybody, generator, count, statuses, faults)
    return statuses, faults


def _ask(application, everybody, generator, count, statuses, faults):
    for caller in itertools.islice(itertools.cycle(everybody), count):
        environ = generator.request(caller)
        try:
            undone = transaction.atomic()  # signing out, say, would make everybody nobody
            undone._from_testcase = True  # a durable block may be in it, as in a test's
            with undone:
                status = send(application, environ)
                transaction.set_rollback(True)
        except Exception as error:
            status = repr(error)
        statuses[caller.name, status] += 1
        if not isinstance(status, int) or status >= 500:
            faults.append(f"{status}, {caller.name}: {describe(environ)}")
