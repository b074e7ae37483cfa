"""Managers look after the keys of other programs. Nobody adds or deletes one in the back office."""

from django.db import migrations


# Codename and its English name: as Django will make them, if it has not yet.
PERMISSIONS = {"view_apikey": "Can view key of a program", "change_apikey": "Can change key of a program"}


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="accounts", model="apikey")
    )
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    rows = [
        permissions.get_or_create(content_type_id=content_type.pk, codename=codename, defaults={"name": name})[0]
        for codename, name in PERMISSIONS.items()
    ]
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name="manager"):
        group.permissions.add(*rows)


def withdraw(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias).filter(
        content_type__app_label="accounts", codename__in=PERMISSIONS
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_keys_of_programs"),
        ("scheduling", "0012_requests_of_programs"),
    ]

    operations = [
        migrations.RunPython(grant, withdraw),
    ]
