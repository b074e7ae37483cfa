"""Who may overbook, book outside hours and take back a slip; and who sees time off and extra hours."""

from django.db import migrations

# Codename and its English name: as `makemigrations` will make them, if it has not yet.
PERMISSIONS = {
    ("appointment", "overbook_appointment"): "Can knowingly book a second visit at a taken time",
    ("appointment", "book_outside_hours"): "Can book outside a doctor's hours or in time off",
    ("appointment", "undo_appointment"): "Can take back a slip of the status",
    ("timeoff", "view_timeoff"): "Can view time off",
    ("timeoff", "add_timeoff"): "Can add time off",
    ("timeoff", "change_timeoff"): "Can change time off",
    ("timeoff", "delete_timeoff"): "Can delete time off",
    ("extrahours", "view_extrahours"): "Can view extra hours",
    ("extrahours", "add_extrahours"): "Can add extra hours",
    ("extrahours", "change_extrahours"): "Can change extra hours",
    ("extrahours", "delete_extrahours"): "Can delete extra hours",
}
VIEW = {"view_timeoff", "view_extrahours"}
ROLES = {
    "doctor": VIEW,
    "receptionist": VIEW | {"overbook_appointment", "undo_appointment"},
    "manager": {codename for _model, codename in PERMISSIONS},
}


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    rows = {codename: permission(apps, alias, model, codename, name) for (model, codename), name in PERMISSIONS.items()}
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, codenames in ROLES.items():
        for group in groups.filter(name=role):
            group.permissions.add(*(rows[codename] for codename in codenames))


def permission(apps, alias, model, codename, name):
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="scheduling", model=model)
    )
    found, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type_id=content_type.pk, codename=codename, defaults={"name": name})
    )
    return found


def withdraw(apps, schema_editor):
    alias = schema_editor.connection.alias
    codenames = [codename for _model, codename in PERMISSIONS]
    apps.get_model("auth", "Permission").objects.using(alias).filter(
        content_type__app_label="scheduling", codename__in=codenames
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0003_hours_buffers_and_rights"),
    ]

    operations = [
        migrations.RunPython(grant, withdraw),
    ]
