"""A limit of 20 extra visits at a time. A higher one becomes 20, and the doctor's history says what it was."""

import django.core.validators
from django.db import migrations, models
from django.utils import timezone


def lower(apps, schema_editor):
    alias = schema_editor.connection.alias
    doctors = apps.get_model("scheduling", "Doctor").objects.using(alias)
    events = apps.get_model("scheduling", "RecordEvent").objects.using(alias)
    for uuid, limit in list(doctors.filter(overbook_limit__gt=20).values_list("uuid", "overbook_limit")):
        doctors.filter(uuid=uuid).update(overbook_limit=20)
        events.create(
            at=timezone.now(),
            actor="clock",
            channel="desk",
            subject="doctor",
            subject_uuid=uuid,
            kind="changed",
            before={"overbook_limit": limit},
            after={"overbook_limit": 20},
        )


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0025_zone_of_closures"),
    ]

    operations = [
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="doctor",
            name="overbook_limit",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many extra visits may knowingly stand at the same time. 0 forbids it.",
                validators=[django.core.validators.MaxValueValidator(20)],
                verbose_name="overbooking limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="doctor",
            constraint=models.CheckConstraint(
                condition=models.Q(("overbook_limit__lte", 20)), name="doctor_overbook_limit_in_range"
            ),
        ),
    ]
