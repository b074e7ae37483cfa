"""One appointment: its page with the history."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking.rights import VIEW_VISITS
from scheduling.views.desk.visit import page as visit_page


@desk(VIEW_VISITS)
@require_safe
def appointment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return visit_page.show(request, uuid, now=timezone.now())
