"""The order of the register, and what records have in common. May be run again after it was cut off."""

from django.db import migrations

from scheduling.matching import search_words
from scheduling.matching.names import fold

AT_ONCE = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    word_model = apps.get_model("scheduling", "PatientWord")
    patients = apps.get_model("scheduling", "Patient").objects.using(alias)
    word_model.objects.using(alias).all().delete()
    after = 0
    while chunk := list(patients.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = chunk[-1].pk
        for patient in chunk:
            patient.sort_key = fold(f"{patient.patient_lastname} {patient.patient_name}")[:511]
        patients.bulk_update(chunk, ["sort_key"])
        word_model.objects.using(alias).bulk_create(
            [
                word_model(word=word, is_active=patient.is_active, place=place, patient_id=patient.pk)
                for patient in chunk
                for word, place in search_words.kept(
                    patient.patient_name,
                    patient.patient_lastname,
                    born=patient.date_of_birth,
                    phone=str(patient.phone or ""),
                    email=patient.email,
                ).items()
            ],
            batch_size=AT_ONCE,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0007_merges_of_patients"),
    ]

    operations = [
        # Backwards the words stay: one release back finds patients by the same ones.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
