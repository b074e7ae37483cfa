"""Who was not told is looked for among visits to come, and not among all that ever were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0037_calendar_feeds")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["state", "starts_at"], name="notice_state_start"),
        ),
    ]
