"""What nobody sees goes out of stored texts, each original into the history, and all search words are written
anew: names fold otherwise now. May be run again after it was cut off."""

from collections import defaultdict

from django.conf import settings
from django.db import migrations, transaction
from django.utils import timezone

from scheduling.matching import search_words
from scheduling.matching.names import fold, tidy

AT_ONCE = 500
NO_NAME = "?"
# Model, its columns, and what stands where one had nothing visible.
ONE_LINE = [
    ("scheduling.Specialty", ["specialty_name"], NO_NAME),
    ("scheduling.Doctor", ["doctor_name"], NO_NAME),
    ("scheduling.VisitType", ["name"], NO_NAME),
    ("scheduling.TimeOff", ["reason"], ""),
    (settings.AUTH_USER_MODEL, ["first_name", "last_name"], ""),
]
SUBJECTS = {"Specialty": "specialty", "Doctor": "doctor", "Patient": "patient"}


def chunks(rows):
    after = 0
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = chunk[-1].pk
        yield chunk


def mend(row, one_line, *, lines=(), otherwise=""):
    """Clean these columns of a row; (before, after) of those that changed."""
    before, after = {}, {}
    for column in (*one_line, *lines):
        text = getattr(row, column)
        cleaned = tidy(text, lines=column in lines, otherwise=otherwise)
        if cleaned != text:
            before[column], after[column] = text, cleaned
            setattr(row, column, cleaned)
    return before, after


def told(row, before, after, now):
    """The columns of an event of the row. What has no history of its own is told in the clinic's."""
    model = type(row).__name__
    subject = SUBJECTS.get(model, "clinic")
    if subject == "clinic":
        which = {"row": f"{model} {getattr(row, 'uuid', None) or row.username}"}
        before, after = {**which, **before}, {**which, **after}
    return {
        "at": now,
        "actor": "clock",
        "channel": "import",
        "kind": "changed",
        "subject": subject,
        "subject_uuid": None if subject == "clinic" else row.uuid,
        "version": getattr(row, "version", None) if subject == "patient" else None,
        "before": before,
        "after": after,
    }


def clean_names(apps, schema_editor):
    alias, now = schema_editor.connection.alias, timezone.now()
    events = apps.get_model("scheduling", "RecordEvent").objects.using(alias)
    for label, columns, otherwise in ONE_LINE:
        rows = apps.get_model(label)._base_manager.using(alias)
        for row in (row for chunk in chunks(rows) for row in chunk):
            before, after = mend(row, columns, otherwise=otherwise)
            if not before:
                continue
            if label == "scheduling.VisitType":
                after["name"] = row.name = free_name(row, rows)
            with transaction.atomic(using=alias):
                row.save(using=alias, update_fields=list(after))
                events.create(**told(row, before, after, now))


def free_name(row, rows):
    """The name of a visit type, or one with a number where another type has it."""
    taken = {fold(name) for name in rows.exclude(pk=row.pk).values_list("name", flat=True)}
    names = [row.name, *(f"{row.name[:90]} ({number})" for number in range(2, len(taken) + 3))]
    return next(name for name in names if fold(name) not in taken)


def clean_visits(apps, schema_editor):
    alias, now = schema_editor.connection.alias, timezone.now()
    visits = apps.get_model("scheduling", "Appointment").objects.using(alias)
    events = apps.get_model("scheduling", "AppointmentEvent").objects.using(alias)
    for visit in (visit for chunk in chunks(visits) for visit in chunk):
        before, after = mend(visit, ["overbook_reason"], lines=["description"])
        if before:
            visit.version += 1
            visit.updated_at = now
            with transaction.atomic(using=alias):
                visit.save(using=alias, update_fields=[*after, "version", "updated_at"])
                events.create(
                    appointment=visit,
                    version=visit.version,
                    at=now,
                    actor="clock",
                    channel="import",
                    kind="cleaned",
                    before=before,
                    after=after,
                )


PATIENT_TEXTS = ["patient_name", "patient_lastname", "note"]
KEYS = ["search_key", "sort_key"]


def clean_patients(apps, schema_editor):
    alias, now = schema_editor.connection.alias, timezone.now()
    patients = apps.get_model("scheduling", "Patient").objects.using(alias)
    events = apps.get_model("scheduling", "RecordEvent").objects.using(alias)
    for chunk in chunks(patients):
        changed, told_of = [], []
        for patient in chunk:
            was = [getattr(patient, column) for column in (*PATIENT_TEXTS, *KEYS)]
            before, after = mend(patient, PATIENT_TEXTS[:2], lines=PATIENT_TEXTS[2:])
            if before:
                patient.version += 1
                patient.needs_review |= not (patient.patient_name or patient.patient_lastname)
                told_of.append(told(patient, before, after, now))
            name, lastname = patient.patient_name, patient.patient_lastname
            patient.search_key = fold(f"{name} {lastname}")[:511]
            patient.sort_key = fold(f"{lastname} {name}")[:511]
            if was != [getattr(patient, column) for column in (*PATIENT_TEXTS, *KEYS)]:
                changed.append(patient)
        with transaction.atomic(using=alias):
            # Of a large book few: to write them all would take minutes.
            patients.bulk_update(changed, [*PATIENT_TEXTS, *KEYS, "version", "needs_review"])
            events.bulk_create([events.model(**event) for event in told_of])
    clean_merges(apps, alias)


def clean_merges(apps, alias):
    """What taking a merge back would write into a record."""
    for chunk in chunks(apps.get_model("scheduling", "PatientMerge").objects.using(alias)):
        for merge in chunk:
            values = [
                {name: tidied(name, value) for name, value in side.items()} for side in (merge.before, merge.after)
            ]
            if values != [merge.before, merge.after]:
                merge.before, merge.after = values
                merge.save(using=alias, update_fields=["before", "after"])


def tidied(column, value):
    texts = ("patient_name", "patient_lastname", "note")
    return tidy(value, lines=column == "note") if column in texts and isinstance(value, str) else value


def write_words(apps, schema_editor):
    """Anew for whoever has others by now."""
    alias = schema_editor.connection.alias
    patients = apps.get_model("scheduling", "Patient").objects.using(alias)
    words = apps.get_model("scheduling", "SearchWord").objects.using(alias)
    former = former_by_owner(patients)
    for chunk in chunks(patients):
        kept = defaultdict(dict)
        rows = words.filter(patient__in=[patient.pk for patient in chunk])
        for key, word, place in rows.values_list("patient_id", "word", "place"):
            kept[key][word] = place
        wanted = {
            patient.pk: {} if patient.merged_into_id else words_of(patient, former[patient.pk]) for patient in chunk
        }
        changed = [patient for patient in chunk if kept[patient.pk] != wanted[patient.pk]]
        with transaction.atomic(using=alias):
            rows.filter(patient__in=[patient.pk for patient in changed]).delete()
            words.bulk_create(
                [
                    words.model(word=word, is_active=patient.is_active, place=place, patient_id=patient.pk)
                    for patient in changed
                    for word, place in wanted[patient.pk].items()
                ],
                batch_size=AT_ONCE,
            )


def former_by_owner(patients):
    """The records that became a part of each, directly or through another."""
    merged = list(patients.exclude(merged_into=None).order_by("pk"))
    above = {patient.pk: patient.merged_into_id for patient in merged}
    found = defaultdict(list)
    for patient in merged:
        owner = patient.pk
        while owner in above:
            owner = above[owner]
        found[owner].append(patient)
    return found


def words_of(patient, former):
    words = {}
    for part in former:
        phone = str(part.phone or "")
        words |= search_words.kept_of_former(part.patient_name, part.patient_lastname, phone=phone, email=part.email)
    return words | search_words.kept(
        patient.patient_name,
        patient.patient_lastname,
        born=patient.date_of_birth,
        phone=str(patient.phone or ""),
        email=patient.email,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0021_one_name_and_cleaned_texts"),
    ]

    operations = [
        # Backwards all stays: the release before reads these texts, and its audit mends its words.
        migrations.RunPython(clean_names, migrations.RunPython.noop),
        migrations.RunPython(clean_visits, migrations.RunPython.noop),
        migrations.RunPython(clean_patients, migrations.RunPython.noop),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
