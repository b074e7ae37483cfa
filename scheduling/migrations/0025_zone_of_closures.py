from typing import Any

from django.conf import settings
from django.db import migrations, models

COLUMN = models.CharField(blank=True, db_default="", default="", editable=False, max_length=64)


def written_by_todays_clock(apps: Any, schema_editor: Any) -> None:
    """What stands here was typed in the zone that the clinic has had."""
    for name in ("TimeOff", "ExtraHours"):
        apps.get_model("scheduling", name).objects.update(time_zone=settings.CLINIC_TIME_ZONE)


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0024_hours_past_midnight")]

    operations = [
        migrations.AddField(model_name="timeoff", name="time_zone", field=COLUMN.clone()),
        migrations.AddField(model_name="extrahours", name="time_zone", field=COLUMN.clone()),
        migrations.RunPython(written_by_todays_clock, migrations.RunPython.noop),
    ]
