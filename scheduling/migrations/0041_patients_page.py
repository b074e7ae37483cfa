"""What a patient reads on their page, and how often somebody tried in vain to open one."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0037_calendar_feeds'),
    ]

    operations = [
        migrations.AddField(
            model_name='messagesettings',
            name='answers_within_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Working days, as patients read it on their page. Empty: not said.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='requests are answered within'),
        ),
        migrations.AddField(
            model_name='messagesettings',
            name='shows_reason',
            field=models.BooleanField(db_default=False, default=False, help_text='On their own page, after they opened it by a message or their date of birth.', verbose_name='show patients the reason of their visit'),
        ),
        migrations.CreateModel(
            name='OpeningTries',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=64, unique=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'opening_tries',
                'default_permissions': (),
                'indexes': [models.Index(fields=['ends_at'], name='opening_tries_end')],
            },
        ),
    ]
