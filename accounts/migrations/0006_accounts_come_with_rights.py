"""The manager of accounts is another, and none that migrations need. Nothing changes in the database."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_forms_not_saved_yet"),
    ]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
    ]
