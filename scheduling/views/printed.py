"""Development: the last messages as they looked, where no mail server shows them."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import signed_in
from scheduling.models import Message

SHOWN: Final = 20


@signed_in
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Only with DEBUG: elsewhere they are read where a patient's visit is, or in the back office."""
    if not settings.DEBUG:
        raise Http404
    context = {"rows": Message.objects.all()[:SHOWN], "now": timezone.now()}
    return render(request, "messages.html", context)
