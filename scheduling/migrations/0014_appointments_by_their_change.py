# By itself: where the table is large and the server is stopped half-way, this can be run again.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0013_rights_over_keys'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['updated_at'], name='appointment_changed'),
        ),
    ]
