"""A doctor's calendar for programs that fetch it by themselves. Who holds its address is let in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from scheduling.access import calendar_token
from scheduling.clock import clinic_zone
from scheduling.notices import feeds
from scheduling.notices.calendar import Method, content_type
from scheduling.queries import feeds as queries


@calendar_token
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """3 queries; where nothing has changed, nothing is written out."""
    found = queries.opened_by(token)
    if found is None:
        raise Http404
    agenda = queries.agenda(found.doctor, queries.span_of(timezone.now(), clinic_zone()))
    etag = quote_etag(feeds.etag(found, agenda))
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(feeds.contents(found, agenda), content_type=content_type(Method.PUBLISH))
    answer["ETag"] = etag
    # Kept by whoever asked, and asked for again each time: a 304 is short.
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
