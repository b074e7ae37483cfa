"""The front door: staff go to their work, everybody else learns where an appointment is looked up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from scheduling.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        if request.user.works_at_desk:
            return redirect("desk:today")
        return render(request, "home_staff.html")
    return render(request, "home.html")
