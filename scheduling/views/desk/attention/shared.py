"""Back to the list, whatever was settled on it."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from scheduling.views.context import forget_attention_count
from scheduling.views.desk.shared.way_back import way_back


def back(request: HttpRequest, done: datetime | None, *, group: str = "") -> HttpResponse:
    """To where the button was. `done`: the moment at which something was settled, for taking it back.
    `group`: the list whose heading gets the focus, if it still has rows; else what was settled gets it."""
    forget_attention_count()
    address = way_back(request) or reverse("desk:attention")
    if done is not None:
        address += ("&" if "?" in address else "?") + urlencode({"done": done.isoformat()})
    return redirect(f"{address}#g-{group}" if group else address)
