"""What a person must look at."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.queries import attention as flags

ON_ONE_PAGE: Final = 50


@desk
@require_safe
def attention(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(flags.unresolved(now), ON_ONE_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/attention.html", {"page": page, "now": now})
