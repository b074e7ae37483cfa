"""The front door: staff go to their work, everybody else learns where an appointment is looked up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.who import account_or_none
from scheduling.access import may_open, public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    account = account_or_none(request)
    if account is not None:
        if may_open(account, "desk:today"):
            return redirect("desk:today")
        return render(request, "home_staff.html")
    return render(request, "home.html")
