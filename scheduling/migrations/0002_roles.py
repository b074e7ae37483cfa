"""The three kinds of staff as groups, with what each may do.

Additive and repeatable: a group or permission that is there already is kept, so are those a manager added.
"""

from django.db import migrations

APPS = {
    "scheduling": ["specialty", "doctor", "patient", "visittype", "workinghours", "appointment",
                   "appointmentevent", "flag"],
    "accounts": ["user"],
    "auth": ["group"],
}
APP_OF = {model: app for app, models in APPS.items() for model in models}

DOCTOR = {
    "specialty": ["view"],
    "doctor": ["view"],
    "patient": ["view"],
    "visittype": ["view"],
    "workinghours": ["view"],
    "appointment": ["view"],
    "appointmentevent": ["view"],
}
RECEPTIONIST = DOCTOR | {
    "patient": ["view", "add", "change"],
    "appointment": ["view", "add", "change"],
    "flag": ["view"],
}
# `delete` only where nothing is lost by it: a specialty or visit type in use is protected by its rows.
MANAGER = RECEPTIONIST | {
    "specialty": ["view", "add", "change", "delete"],
    "doctor": ["view", "add", "change"],
    "visittype": ["view", "add", "change", "delete"],
    "workinghours": ["view", "add", "change", "delete"],
    "flag": ["view", "add", "change"],
    "user": ["view", "add", "change"],
    "group": ["view", "add", "change"],
}
ROLES = {"receptionist": RECEPTIONIST, "manager": MANAGER, "doctor": DOCTOR}


def make_roles(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, may in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(
            *(permission(apps, alias, model, action) for model, actions in may.items() for action in actions)
        )


def permission(apps, alias, model, action):
    # Django makes content types and permissions only after the last migration, and keeps those it finds.
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label=APP_OF[model], model=model)
    )
    verbose_name = apps.get_model(APP_OF[model], model)._meta.verbose_name_raw
    found, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(
            content_type_id=content_type.pk,
            codename=f"{action}_{model}",
            defaults={"name": f"Can {action} {verbose_name}"},
        )
    )
    return found


def remove_roles(apps, schema_editor):
    """A group with members stays: they would lose their role, and migrating forward again finds it."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=ROLES, user=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0001_the_appointment_book"),
        ("accounts", "0001_user"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_roles, remove_roles),
    ]
