"""The clinic that the trials book at: `python -m tests.cluster.clinic` writes it into DATABASE_URL and prints
what the clients need to know, as JSON."""

import json
from datetime import time

PASSWORD = "clinic-demo-clinic-demo"
DOCTORS, PATIENTS = 6, 40


def main():
    import django

    django.setup()
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.utils import timezone

    from accounts import api_keys, roles
    from accounts.models import Scope
    from scheduling.models import WorkingHours
    from tests import factories

    call_command("migrate", verbosity=0)
    doctors = factories.DoctorFactory.create_batch(DOCTORS)
    for doctor in doctors:
        for weekday in range(7):
            WorkingHours.objects.create(doctor=doctor, weekday=weekday, starts=time(8), ends=time(20))
    visit_type = factories.VisitTypeFactory(minutes=30, buffer_minutes=0)
    patients = factories.PatientFactory.create_batch(PATIENTS)
    manager = factories.UserFactory(username="manager", password=PASSWORD)
    manager.groups.add(Group.objects.get(name=roles.MANAGER))
    _key, secret = api_keys.issue("Trial", Scope.BOOK, expires_at=None, now=timezone.now())
    print(
        json.dumps(
            {
                "doctors": [str(doctor.uuid) for doctor in doctors],
                "patients": [str(patient.uuid) for patient in patients],
                "secret": secret,
                "visit_type": str(visit_type.uuid),
            }
        )
    )


if __name__ == "__main__":
    main()
