"""Addresses at which a calendar program follows a doctor's visits. Managers make and revoke them."""

import django.db.models.deletion
import scheduling.models.fields
import uuid
from django.conf import settings
from django.db import migrations, models

CODENAME, NAME = "share_calendar", "Can make and revoke addresses of a doctor's calendar"


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="scheduling", model="calendarfeed")
    )
    # As Django will make it, if it has not yet.
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type_id=content_type.pk, codename=CODENAME, defaults={"name": NAME})
    )
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name="manager"):
        group.permissions.add(permission)


def withdraw(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias).filter(
        content_type__app_label="scheduling", codename=CODENAME
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0036_messages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="recordevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("recorded", "Recorded"),
                    ("changed", "Changed"),
                    ("switched_on", "Switched on"),
                    ("switched_off", "Switched off"),
                    ("deleted", "Deleted"),
                    ("confirmed", "Name confirmed"),
                    ("doubted", "Name to be looked at again"),
                    ("told_apart", "Told apart from a similar record"),
                    ("merged", "Two records were made one"),
                    ("separated", "The two records were separated again"),
                    ("week_changed", "Weekly hours changed"),
                    ("time_off_added", "Time off added"),
                    ("time_off_removed", "Time off removed"),
                    ("extra_hours_added", "Extra hours added"),
                    ("extra_hours_removed", "Extra hours removed"),
                    ("calendar_shared", "Calendar address made"),
                    ("calendar_revoked", "Calendar address revoked"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    scheduling.models.fields.PublicUUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public identity"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "shows_names",
                    models.BooleanField(db_default=False, default=False, verbose_name="with patients’ names"),
                ),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to="scheduling.doctor",
                        verbose_name="doctor",
                    ),
                ),
            ],
            options={
                "verbose_name": "address of a calendar",
                "verbose_name_plural": "addresses of calendars",
                "db_table": "calendar_feeds",
                "ordering": ["created_at", "id"],
                "permissions": [(CODENAME, NAME)],
                "default_permissions": (),
            },
        ),
        migrations.RunPython(grant, withdraw),
    ]
