from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0034_blocks")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="words",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=255, verbose_name="what the patient is told"
            ),
        ),
    ]
