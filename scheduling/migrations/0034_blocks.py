"""Reception may take a part of a doctor's day out, and give it back."""

from django.db import migrations, models

CODENAME, NAME = "block_time", "Can block a part of a doctor's day, and give it back"
ROLES = ("receptionist", "manager")


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="scheduling", model="timeoff")
    )
    # As Django will make it, if it has not yet.
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type_id=content_type.pk, codename=CODENAME, defaults={"name": NAME})
    )
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=ROLES):
        group.permissions.add(permission)


def withdraw(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias).filter(
        content_type__app_label="scheduling", codename=CODENAME
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0032_regular_visits")]

    operations = [
        migrations.AlterModelOptions(
            name="timeoff",
            options={
                "ordering": ["starts_at", "id"],
                "permissions": [("block_time", "Can block a part of a doctor's day, and give it back")],
                "verbose_name": "time off",
                "verbose_name_plural": "time off",
            },
        ),
        migrations.AddField(
            model_name="timeoff",
            name="is_block",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Part of a day, taken out at the desk, which may give it back.",
                verbose_name="block",
            ),
        ),
        migrations.RunPython(grant, withdraw),
    ]
