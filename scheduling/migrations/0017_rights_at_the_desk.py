"""The desk is opened by rights, no longer by the name of a role: each role gets those for what it could do.

Additive: what a manager gave a group or took from it in the back office stays as it is. What was taken has an
effect at the desk from now on.
"""

from django.db import migrations

# Codename and its English name: as Django will make them, if it has not yet.
PERMISSIONS = {
    ("appointment", "use_desk"): "Can work at the desk",
    ("patient", "merge_patient"): "Can make two records of a patient one, separate them or tell them apart",
    ("flag", "resolve_flag"): "Can settle what needs attention",
    ("doctor", "switch_on_again"): "Can switch a doctor or patient with visits to come on again",
}
DESK = {"use_desk", "merge_patient", "resolve_flag"}
ROLES = {"receptionist": DESK, "manager": DESK | {"switch_on_again"}}


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    rows = {codename: permission(apps, alias, model, codename, name) for (model, codename), name in PERMISSIONS.items()}
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for role, codenames in ROLES.items():
        for group in groups.filter(name=role):
            group.permissions.add(*(rows[codename] for codename in codenames))


def permission(apps, alias, model, codename, name):
    content_type, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="scheduling", model=model)
    )
    found, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type_id=content_type.pk, codename=codename, defaults={"name": name})
    )
    return found


def withdraw(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias).filter(
        content_type__app_label="scheduling", codename__in=[codename for _model, codename in PERMISSIONS]
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0016_search_words"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='appointment',
            options={'ordering': ['appointment_datetime', 'id'], 'permissions': [('use_desk', 'Can work at the desk'), ('overbook_appointment', 'Can knowingly book a second visit at a taken time'), ('book_outside_hours', "Can book outside a doctor's hours or in time off"), ('undo_appointment', 'Can take back a slip of the status')], 'verbose_name': 'appointment', 'verbose_name_plural': 'appointments'},
        ),
        migrations.AlterModelOptions(
            name='doctor',
            options={'ordering': ['doctor_name', 'id'], 'permissions': [('switch_on_again', 'Can switch a doctor or patient with visits to come on again')], 'verbose_name': 'doctor', 'verbose_name_plural': 'doctors'},
        ),
        migrations.AlterModelOptions(
            name='flag',
            options={'ordering': ['created_at', 'id'], 'permissions': [('resolve_flag', 'Can settle what needs attention')], 'verbose_name': 'doubt', 'verbose_name_plural': 'needs attention'},
        ),
        migrations.AlterModelOptions(
            name='patient',
            options={'ordering': ['patient_lastname', 'patient_name', 'id'], 'permissions': [('merge_patient', 'Can make two records of a patient one, separate them or tell them apart')], 'verbose_name': 'patient', 'verbose_name_plural': 'patients'},
        ),
        migrations.RunPython(grant, withdraw),
    ]
