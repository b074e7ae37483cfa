from django.db import migrations


class Migration(migrations.Migration):
    """The model's name only: its table, which the release before reads too, stays as it is."""

    dependencies = [
        ('scheduling', '0015_one_shape_of_events'),
    ]

    operations = [
        migrations.RenameModel('PatientWord', 'SearchWord'),
    ]
