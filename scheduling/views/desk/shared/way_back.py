"""Back to where a button was pressed: the field `next`, if it is an address of this site."""

from typing import Final

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST: Final = 2000


def way_back(request: HttpRequest) -> str:
    """A local path, or "" where none was given or it leads elsewhere."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    if not given.startswith("/") or len(given) > LONGEST or not given.isprintable():
        return ""
    # The path alone counts: a host, even ours, is none of its business.
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else ""
