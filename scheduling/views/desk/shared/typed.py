"""Pages that a form leads to and that save nothing: reached by a GET, whose address tells nothing of it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import typed
from scheduling.forms.fields import uuid_of
from scheduling.views.desk.shared.way_back import way_back

TYPED: Final = "typed"  # in the address: the token of what was typed

View = Callable[..., HttpResponse]


def shown_by_get(page: str, *, start: str) -> Callable[[View], View]:
    """What is posted is kept for this session (`accounts.typed`), and answered with an address of this view
    at which it is shown: to be reloaded, and come back to, without a question of the browser's.

    The view takes what was typed behind the request; empty at the address alone. `page` names the URL for
    which it is kept, `start` the one to go to once it is gone. A script's request is answered at once.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            if request.method == "POST":
                if getattr(request, "htmx", False) or getattr(request, "is_shown_again", False):
                    return view(request, request.POST, *args, **kwargs)
                return to_shown(request, page, request.POST, request.path, now=now)
            if TYPED not in request.GET and page == start:
                return view(request, QueryDict(), *args, **kwargs)
            token = uuid_of(request.GET.get(TYPED))
            row = None if token is None else typed.find(request, page, token, now=now)
            if row is not None:
                return view(request, row.posted, *args, **kwargs)
            messages.info(request, _("What was typed there is not kept any more."))
            about = {name: value for name, value in kwargs.items() if name in {"uuid", "other"}}
            return redirect(reverse(start, kwargs=about))

        return shown

    return decorate


def to_shown(
    request: HttpRequest, page: str, posted: QueryDict, address: str, *, now: datetime, at: str = ""
) -> HttpResponse:
    """To the address of a page (the name of its URL) with all that was typed; `at` one of its places."""
    shown_at = {TYPED: str(typed.keep(request, page, posted, now=now))}
    if back := way_back(request):
        shown_at["next"] = back
    return redirect(f"{address}?{urlencode(shown_at)}{at}")
