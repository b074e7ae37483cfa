"""What patients are told about their visits, and how they want to be told."""

import datetime
import django.core.validators
import django.db.models.deletion
import scheduling.models.fields
import scheduling.models.placeholders
import uuid
from django.conf import settings
from django.db import migrations, models

# (model, codename, name, roles)
RIGHTS = [
    ("notice", "send_notice", "Can hold back, send and send again what patients are told", ("receptionist", "manager")),
    *(
        (model, f"{verb}_{model}", f"Can {verb} {name}", ("manager",))
        for model, name, verbs in [
            ("messagesettings", "settings of messages", ("view", "change")),
            ("messagewords", "words of messages", ("view", "add", "change", "delete")),
            ("visittypewords", "words for a visit type", ("view", "add", "change", "delete")),
            ("message", "message", ("view",)),
            ("notice", "notice", ("view",)),
            ("reply", "reply", ("view",)),
        ]
        for verb in verbs
    ),
]


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    for model, codename, name, roles in RIGHTS:
        content_type, _ = (
            apps.get_model("contenttypes", "ContentType")
            .objects.using(alias)
            .get_or_create(app_label="scheduling", model=model)
        )
        # As Django will make it, if it has not yet.
        permission, _ = (
            apps.get_model("auth", "Permission")
            .objects.using(alias)
            .get_or_create(content_type_id=content_type.pk, codename=codename, defaults={"name": name})
        )
        for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=roles):
            group.permissions.add(permission)


def withdraw(apps, schema_editor):
    codenames = [codename for _, codename, _, _ in RIGHTS]
    apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias).filter(
        content_type__app_label="scheduling", codename__in=codenames
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0035_words_for_patients'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageSettings',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sends_from', models.TimeField(default=datetime.time(9, 0), help_text="By the clinic's clock.", verbose_name='sent from')),
                ('sends_until', models.TimeField(default=datetime.time(20, 0), verbose_name='sent until')),
                ('reminder_days', models.CharField(blank=True, default='3, 1', help_text='Days before the visit, such as: 3, 1. Empty: none.', max_length=40, validators=[django.core.validators.RegexValidator('^\\s*(\\d{1,2}(\\s*,\\s*\\d{1,2})*)?\\s*$', 'Write whole days, such as: 3, 1.', code='invalid')], verbose_name='reminders')),
                ('writes_to_unasked', models.BooleanField(default=True, help_text='Who said no is never written to.', verbose_name='write to patients who were not asked yet')),
                ('says_what_missing_costs', models.BooleanField(default=False, help_text='In a trial, visits missed fell from 11.1 to 8.4 %. The sentence is among the words.', verbose_name='say in reminders what a missed visit costs')),
                ('asks_pending', models.BooleanField(default=False, verbose_name='ask for an answer where a visit that the desk booked is still pending')),
            ],
            options={
                'verbose_name': 'settings of messages',
                'verbose_name_plural': 'settings of messages',
                'db_table': 'message_settings',
            },
        ),
        migrations.CreateModel(
            name='MessageWords',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=10, unique=True, verbose_name='language')),
                ('greeting', models.CharField(blank=True, help_text='Instead of “Hello {name},”.', max_length=200, verbose_name='greeting', validators=[scheduling.models.placeholders.check_placeholders])),
                ('how_to_find_us', models.TextField(blank=True, max_length=1000, verbose_name='how to find us', validators=[scheduling.models.placeholders.check_placeholders])),
                ('closing', models.CharField(blank=True, max_length=500, verbose_name='closing', validators=[scheduling.models.placeholders.check_placeholders])),
                ('missed_visit', models.CharField(blank=True, help_text='One sentence, in reminders.', max_length=200, verbose_name='what a missed visit costs', validators=[scheduling.models.placeholders.check_placeholders])),
            ],
            options={
                'verbose_name': 'words of messages',
                'verbose_name_plural': 'words of messages',
                'db_table': 'message_words',
                'ordering': ['language'],
            },
        ),
        migrations.AddField(
            model_name='patient',
            name='contact_by',
            field=models.CharField(blank=True, choices=[('email', 'E-mail'), ('text', 'Text message')], db_default='', default='', help_text='Empty: by whichever the clinic can.', max_length=10, verbose_name='messages by'),
        ),
        migrations.AddField(
            model_name='patient',
            name='wants_reminders',
            field=models.BooleanField(db_default=True, default=True, verbose_name='wants reminders'),
        ),
        migrations.AddField(
            model_name='visittype',
            name='asks_for_answer',
            field=models.BooleanField(db_default=False, default=False, help_text='The first reminder asks the patient to say whether they come.', verbose_name='asks for an answer'),
        ),
        migrations.AddField(
            model_name='visittype',
            name='reminder_days',
            field=models.CharField(blank=True, db_default='', default='', help_text='Days before the visit, such as: 7, 1. Empty: as for all types. 0: none.', max_length=40, validators=[django.core.validators.RegexValidator('^\\s*(\\d{1,2}(\\s*,\\s*\\d{1,2})*)?\\s*$', 'Write whole days, such as: 3, 1.', code='invalid')], verbose_name='reminders'),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', scheduling.models.fields.PublicUUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public identity')),
                ('channel', models.CharField(max_length=20, verbose_name='channel')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('sent_at', models.DateTimeField(verbose_name='sent at')),
                ('address', models.CharField(blank=True, max_length=255, verbose_name='to')),
                ('subject', models.CharField(blank=True, max_length=255, verbose_name='subject')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('html', models.TextField(blank=True, verbose_name='as a page')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='scheduling.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'db_table': 'messages',
                'ordering': ['-sent_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', scheduling.models.fields.PublicUUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public identity')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('starts_at', models.DateTimeField(verbose_name='start of the visit')),
                ('kind', models.CharField(choices=[('received', 'Request received'), ('confirmed', 'Confirmed'), ('moved', 'Moved'), ('cancelled', 'Cancelled'), ('reminder', 'Reminder'), ('answer', 'Request for an answer')], max_length=10, verbose_name='what')),
                ('days_before', models.PositiveSmallIntegerField(default=0, verbose_name='days before')),
                ('copy', models.PositiveSmallIntegerField(default=0, verbose_name='sent again')),
                ('channel', models.CharField(blank=True, default='', max_length=20, verbose_name='channel')),
                ('state', models.CharField(choices=[('due', 'Due'), ('sending', 'Being sent'), ('sent', 'Sent'), ('skipped', 'Not sent'), ('failed', 'Failed')], default='due', max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('holder', models.CharField(blank=True, default='', max_length=32, verbose_name='process')),
                ('lease_ends_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('why', models.CharField(blank=True, choices=[('overtaken', 'a later change is told instead'), ('nothing_new', 'it is as the patient knows it'), ('called_off', 'the visit does not take place'), ('already', 'it was sent already'), ('no_consent', 'the patient does not want messages'), ('not_asked', 'nobody has asked yet whether the patient wants messages'), ('no_reminders', 'the patient does not want reminders'), ('no_address', 'no address to send it to'), ('unreachable', 'the address does not work'), ('too_late', 'it was too late to be of use'), ('held_back', 'held back at the desk'), ('refused', 'the receiving server refused it'), ('not_accepted', 'the receiving server did not take it, again and again'), ('uncertain', 'the connection broke: it may have arrived'), ('bounced', 'it came back'), ('no_channel', 'its channel is not set up')], default='', max_length=20, verbose_name='why')),
                ('answer', models.CharField(blank=True, default='', max_length=40, verbose_name="the server's answer")),
                ('was', models.JSONField(default=dict)),
                ('told', models.JSONField(default=dict)),
                ('may_know', models.JSONField(default=dict)),
                ('code', models.CharField(blank=True, default='', max_length=8, verbose_name='code for the answer')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('delivered_at', models.DateTimeField(null=True, verbose_name='delivered at')),
                ('created_at', models.DateTimeField(verbose_name='asked for at')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='scheduling.appointment', verbose_name='appointment')),
                ('former_patient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scheduling.patient', verbose_name='former patient')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='scheduling.message', verbose_name='message')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'db_table': 'notices',
                'ordering': ['appointment', 'version', 'id'],
                'permissions': [('send_notice', 'Can hold back, send and send again what patients are told')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', scheduling.models.fields.PublicUUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public identity')),
                ('webhook_id', models.CharField(max_length=255, unique=True)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('sender', models.CharField(blank=True, max_length=255, verbose_name='from')),
                ('text', models.CharField(blank=True, max_length=1000, verbose_name='text')),
                ('meaning', models.CharField(choices=[('yes', 'Will come'), ('no', 'Cannot come'), ('cancel', 'Cancel it'), ('stop', 'No more messages'), ('unclear', 'Unclear')], max_length=10, verbose_name='meaning')),
                ('outcome', models.CharField(choices=[('noted', 'Noted'), ('confirmed', 'Confirmed'), ('cancelled', 'Cancelled'), ('stopped', 'Messages stopped'), ('to_desk', 'For the desk')], max_length=10, verbose_name='what became of it')),
                ('why', models.CharField(blank=True, choices=[('no_code', 'it carries no code'), ('unknown_code', 'nothing was sent with its code'), ('old', 'it answers a message that is no longer true'), ('unclear', 'it is not clear what is meant'), ('other_sender', "it comes from another address than the patient's"), ('cannot_come', 'the patient cannot come'), ('too_late', 'it is too late to cancel by message'), ('not_possible', 'it can no longer be done')], default='', max_length=20, verbose_name='why')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='scheduling.notice', verbose_name='notice')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'reply',
                'verbose_name_plural': 'replies',
                'db_table': 'replies',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='UnreachableAddress',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=255, verbose_name='address')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('answer', models.CharField(blank=True, max_length=40, verbose_name="the server's answer")),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unreachable', to='scheduling.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'unreachable address',
                'verbose_name_plural': 'unreachable addresses',
                'db_table': 'unreachable_addresses',
            },
        ),
        migrations.CreateModel(
            name='VisitTypeWords',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=10, verbose_name='language')),
                ('how_to_prepare', models.TextField(blank=True, max_length=1000, verbose_name='how to prepare', validators=[scheduling.models.placeholders.check_placeholders])),
                ('visit_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='scheduling.visittype')),
            ],
            options={
                'verbose_name': 'words for a visit type',
                'verbose_name_plural': 'words for visit types',
                'db_table': 'visit_type_words',
                'ordering': ['visit_type', 'language'],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['sent_at'], name='message_sent'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['patient', 'sent_at'], name='message_patient_sent'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['state', 'due_at'], name='notice_state_due'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['code'], name='notice_code'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('appointment', 'version', 'kind', 'days_before', 'copy'), name='notice_once'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(fields=['outcome', 'settled_at'], name='reply_open'),
        ),
        migrations.AddConstraint(
            model_name='unreachableaddress',
            constraint=models.UniqueConstraint(fields=('patient', 'address'), name='unreachable_once'),
        ),
        migrations.AddConstraint(
            model_name='visittypewords',
            constraint=models.UniqueConstraint(fields=('visit_type', 'language'), name='words_once_a_language'),
        ),
        migrations.RunPython(grant, withdraw),
    ]
