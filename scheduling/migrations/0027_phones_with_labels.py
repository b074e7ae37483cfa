"""Two phones, each with whose it is; a phone as text that may have an extension. No stored number changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0026_overbooking_at_most_20"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="phone_label",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Such as own, mother or work.",
                max_length=30,
                verbose_name="whose phone",
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="second_phone",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=128, verbose_name="second phone"
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="second_phone_label",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=30, verbose_name="whose second phone"
            ),
        ),
        migrations.AlterField(
            model_name="patient",
            name="phone",
            field=models.CharField(blank=True, max_length=128, verbose_name="phone"),
        ),
    ]
