"""The part of the walk that leads through the back office."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from accounts import api_keys, roles
from accounts.models import ApiKey, Scope, User
from scheduling.identity import identity_of
from scheduling.models import (
    Appointment,
    CalendarFeed,
    Job,
    MessageSettings,
    MessageWords,
    Reply,
    Specialty,
)
from tests import factories
from tests.conftest import NOW, roles_of

PASSWORD = "long and unlikely 7"
READ = ("message", "notice", "reply")
# Pages of the back office that say no to everybody: what is made elsewhere, and what is switched off instead.
CLOSED = {
    *(
        f"admin:{model}_add"
        for model in ("scheduling_appointment", "scheduling_flag", "scheduling_job", "accounts_apikey")
    ),
    *(f"admin:scheduling_{model}_{page}" for model in READ for page in ("add", "delete")),
    *(f"admin:axes_{model}_add" for model in ("accessattempt", "accessfailurelog", "accesslog")),
    *(f"admin:scheduling_{model}_delete" for model in ("appointment", "doctor", "flag", "job", "patient")),
    *("admin:scheduling_messagesettings_add", "admin:scheduling_messagesettings_delete"),
    *("admin:accounts_apikey_delete", "admin:accounts_user_delete", "admin:auth_group_delete"),
}


def back_office(walk, visit):
    walk.sign_in(factories.UserFactory(username="root", is_staff=True, is_superuser=True))
    walk.open("admin:index")
    for model, row in rows_of_the_back_office().items():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        one = str(row.pk) if model._meta.app_label == "axes" else identity_of(row)
        is_one = label == "scheduling_messagesettings"  # without a list
        walk.open(f"admin:{label}_changelist", q="souza", status=302 if is_one else 200)
        pages = {"add": [], "change": [one], "history": [one], "delete": [one]}
        for page, args in pages.items():
            name = f"admin:{label}_{page}"
            walk.open(name, *args, status=403 if name in CLOSED else 200)
    for app in ("scheduling", "accounts", "auth", "axes"):
        walk.open("admin:app_list", app)
    named_by = {"app_label": "scheduling", "model_name": "doctor", "field_name": "specialty"}
    assert walk.open("admin:autocomplete", term="cardio", **named_by).json()["results"]
    walk.open("admin:jsi18n")
    walk.open("admin:login", status=302)
    walk.open("admin:password_change")
    walk.open("admin:password_change_done")
    ours = ContentType.objects.get_for_model(Appointment)
    walk.open("admin:view_on_site", ours.pk, visit.pk, status=404)  # nothing has such an address
    keys_and_staff(walk)
    words_for_patients(walk)


def rows_of_the_back_office():
    """A row of each model; of what hangs on others, one that nothing hangs on."""
    log = {"username": "rae", "ip_address": "198.51.100.7"}
    made = [
        api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)[0],
        AccessAttempt.objects.create(**log, failures_since_start=1),
        AccessFailureLog.objects.create(**log),
        AccessLog.objects.create(**log),
        Job.objects.create(name="clear", due_at=NOW),
        Reply.objects.create(
            webhook_id="1", at=NOW, meaning=Reply.Meaning.UNCLEAR, outcome=Reply.Outcome.TO_DESK
        ),
        MessageSettings.objects.create(),
        MessageWords.objects.create(language="en"),
        factories.SpecialtyFactory(),
        factories.VisitTypeFactory(),
        User.objects.get(username="rae"),
    ]
    stored = {model: model.objects.order_by("-pk").first() for model in admin.site._registry}
    return stored | {type(row): row for row in made}


def words_for_patients(walk):
    walk.send("admin:scheduling_messagewords_add", language="es", greeting="Hola, {name}:")
    assert "Hola, " in walk.open("admin:scheduling_messagewords_preview", language="es").content.decode()
    page = walk.open("admin:scheduling_messagewords_preview_page", "moved", "es").content.decode()
    assert "Hola, " in page
    one = identity_of(MessageSettings.objects.get())
    typed = {"sends_from": "10:00", "sends_until": "19:00", "reminder_days": "7, 2"}
    walk.send("admin:scheduling_messagesettings_change", one, **typed)
    assert MessageSettings.current().reminder_days == "7, 2"
    kind = factories.VisitTypeFactory(name="Análisis")
    form = {"name": "Análisis", "minutes": "10", "buffer_minutes": "0", "how_to_prepare_es": "En ayunas"}
    address = walk.at("admin:scheduling_visittype_change", identity_of(kind))
    assert walk.client.post(address, form).status_code == 302
    assert kind.words.get().how_to_prepare == "En ayunas"


def keys_and_staff(walk):
    key = identity_of(ApiKey.objects.get())
    walk.send("admin:accounts_apikey_change", key, scope="read", last_day="2026-03-29")
    walk.open("admin:accounts_apikey_revoke", key)
    walk.send("admin:accounts_apikey_revoke", key)
    assert (ApiKey.objects.get().scope, ApiKey.objects.get().revoked_at) == ("read", NOW)
    secret = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    walk.send("admin:accounts_user_add", username="noor", **secret)
    noor = User.objects.get(username="noor")
    walk.open("admin:auth_user_password_change", identity_of(noor))
    walk.send("admin:auth_user_password_change", identity_of(noor), **secret)
    role = identity_of(Group.objects.get(name=roles.DOCTOR))
    changed = {"username": "noor", "first_name": "Noor", "is_active": "on", "groups": role}
    walk.send("admin:accounts_user_change", identity_of(noor), **changed)
    assert roles_of(noor) == {roles.DOCTOR}
    walk.send("admin:scheduling_specialty_add", specialty_name="Pediatría")
    assert Specialty.objects.filter(specialty_name="Pediatría").exists()


def calendars(walk, doctor):
    """An address of the doctor's calendar: made, asked, revoked. The last of the back office."""
    page = walk.open("admin:scheduling_doctor_calendars", doctor.uuid)
    sealed = page.context["form"].initial["sealed"]
    made = walk.send("admin:scheduling_doctor_calendars", doctor.uuid, stays=True, sealed=sealed)
    token = made.context["made"].rsplit("/")[-1].removesuffix(".ics")
    assert b"BEGIN:VEVENT" in walk.open("calendar-feed", token).content
    feed = CalendarFeed.objects.get().uuid
    walk.open("admin:scheduling_doctor_revoke_calendar", doctor.uuid, feed)
    walk.send("admin:scheduling_doctor_revoke_calendar", doctor.uuid, feed)
    walk.open("calendar-feed", token, status=404)
    walk.send("admin:logout")
