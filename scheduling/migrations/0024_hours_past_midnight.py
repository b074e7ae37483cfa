from datetime import time
from typing import Any

from django.db import migrations, models


def end_before_midnight(apps: Any, schema_editor: Any) -> None:
    """Back to hours that end on their own day: the rest of a night is cut off."""
    rows = apps.get_model("scheduling", "WorkingHours").objects.filter(ends__lte=models.F("starts"))
    rows.filter(starts__gte=time(23, 55)).delete()
    rows.update(ends=time(23, 55))


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0023_dates_that_cannot_be")]

    operations = [
        migrations.RemoveConstraint(model_name="workinghours", name="working_hours_begin_before_they_end"),
        migrations.RunPython(migrations.RunPython.noop, end_before_midnight),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts", models.F("ends")), _negated=True)
                | models.Q(("ends", time(0, 0))),
                name="working_hours_take_some_time",
                violation_error_message="The hours must begin before they end.",
            ),
        ),
    ]
