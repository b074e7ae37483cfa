"""The list of keys as a page, for whoever has no scripts or wants it printed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scheduling.access import desk


@desk()
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/keys.html")
