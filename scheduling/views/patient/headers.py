"""What every answer at a patient's address says to browsers and machines between."""

from django.http import HttpResponse


def keep_to_the_patient(response: HttpResponse) -> HttpResponse:
    """The address itself is the key: it stays out of shared caches, search engines and other sites' logs."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
