from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0022_texts_without_what_nobody_sees")]

    operations = [
        migrations.AlterField(
            model_name="flag",
            name="kind",
            field=models.CharField(
                choices=[
                    ("time_never_was", "Time that does not exist"),
                    ("time_came_twice", "Time that exists twice"),
                    ("date_cannot_be", "Date that cannot be"),
                    ("unknown_status", "Unknown status"),
                    ("doctor_overlap", "Overlaps another visit of the doctor"),
                    ("patient_overlap", "Overlaps another visit of the patient"),
                    ("several_patients", "Name of several patients"),
                    ("name_not_split", "Name and last name unclear"),
                    ("bad_email", "Not an e-mail address"),
                    ("kept_outside", "Kept outside the doctor's hours"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
    ]
