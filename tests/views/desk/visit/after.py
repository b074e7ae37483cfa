"""What stands after a step."""

from scheduling.models import Appointment
from tests.views.desk.pages import text_of


def fresh(visit):
    return Appointment.objects.get(uuid=visit.uuid)


def said(response, desk):
    """The message on the page that follows."""
    return text_of(desk.get(response.url), "toasts")
