"""Managers see how the jobs go, and may have one done now. Nobody adds or deletes one."""

from django.db import migrations


# Codename and its English name: as Django will make them, if it has not yet.
PERMISSIONS = {"view_job": "Can view job", "change_job": "Can change job"}


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="scheduling", model="job")
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
        content_type__app_label="scheduling", codename__in=PERMISSIONS
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0019_jobs"),
    ]

    operations = [
        migrations.RunPython(grant, withdraw),
    ]
