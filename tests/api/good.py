"""One good request for each operation: what tests walk that are about all of them."""

from uuid import uuid4

from scheduling.models import Appointment
from tests import factories
from tests.api.document import operations
from tests.booking.asking import booked

TEN = "2026-03-03T10:00:00+01:00"  # tomorrow
TWELVE = "2026-03-03T12:00:00+01:00"


def at(hour, day=3):
    return f"2026-03-{day:02}T{hour:02}:00:00+01:00"


class Clinic:
    """Everybody and everything that the requests name: a visit of Ana with Dr Osei tomorrow at noon."""

    def __init__(self, osei, ana, checkup):
        self.osei, self.ana, self.checkup = osei, ana, checkup
        self.visit = booked(osei, ana, checkup, "2026-03-03 12:00")
        self.rows = {"specialties": osei.specialty, "visit-types": checkup, "doctors": osei, "patients": ana}
        self.rows["appointments"] = self.visit

    def ask(self, program, operation, **more):
        """Send the good request of an operation."""
        collection = operation.path.removeprefix("/api/v1/").partition("/")[0]
        uuid = self.rows[collection].uuid if "{uuid}" in operation.path else ""
        address = operation.address(uuid).removeprefix("/api/v1/")
        if operation.method == "get":
            return program.get(address, **self.query(operation.id), **more)
        send = program.patch if operation.method == "patch" else program.post
        return send(address, self.body(operation.id), if_match="*" if uuid else "", **more)

    def query(self, operation_id):
        return {
            "list_appointments": {"day": "2026-03-03", "doctor": self.osei.uuid, "patient": self.ana.uuid},
            "list_openings": {"doctor": self.osei.uuid, "visit_type": self.checkup.uuid, "limit": 3},
            "check_opening": {
                "doctor": self.osei.uuid,
                "visit_type": self.checkup.uuid,
                "patient": self.ana.uuid,
                "at": TWELVE,
            },
        }.get(operation_id, {})

    def body(self, operation_id):
        person = {"patient_name": "Zoë", "patient_lastname": "Field", "phone": "600 555 482"}
        return {
            "create_appointment": {
                "uuid": uuid4(),
                "doctor_uuid": self.osei.uuid,
                "patient": person,
                "visit_type_uuid": self.checkup.uuid,
                "appointment_datetime": TEN,
            },
            "create_doctor": {
                "uuid": uuid4(),
                "doctor_name": "Dr Ida Berg",
                "email": "berg@clinic.example",
                "specialty_uuid": self.osei.specialty.uuid,
            },
            "create_patient": {"uuid": uuid4(), **person},
            "search_patients": {"text": "Souza"},
            "move_appointment": {"appointment_datetime": at(13)},
            "correct_appointment": {"minutes": 45},
            "cancel_appointment": {"reason": "ill", "wish": "patient"},
            "change_status": {"status": "confirmed"},
        }[operation_id]

    def before(self, operation_id):
        """What has to be so that the request changes something."""
        if operation_id == "change_status":
            Appointment.objects.filter(pk=self.visit.pk).update(status="pending")


WRITES = {operation.id for operation in operations() if operation.method != "get"} - {"search_patients"}


def of_a_crowd(count):
    """So many rows more in each collection."""
    factories.SpecialtyFactory.create_batch(count)
    factories.VisitTypeFactory.create_batch(count)
    factories.DoctorFactory.create_batch(count)
    factories.PatientFactory.create_batch(count)
