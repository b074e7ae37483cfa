"""`python -m tests.outages.verdict`: what is stored in DATABASE_URL, and what is wrong with it; as JSON."""

import json
from itertools import pairwise


def main():
    import django

    django.setup()
    from scheduling.models import HOLDS_TIME, Appointment

    visits = Appointment.objects.filter(status__in=HOLDS_TIME).order_by("doctor_id", "appointment_datetime")
    rows = list(visits.values_list("doctor_id", "appointment_datetime"))
    doubled = sum(
        one[0] == other[0] and (other[1] - one[1]).total_seconds() < 1800 for one, other in pairwise(rows)
    )
    uuids = [str(uuid) for uuid in Appointment.objects.values_list("uuid", flat=True)]
    print(json.dumps({"doubled": doubled, "uuids": uuids}))


if __name__ == "__main__":
    main()
