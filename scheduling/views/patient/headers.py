"""What every answer at a patient's address says to browsers and machines between."""

from django.http import HttpResponse


def keep_to_the_patient(response: HttpResponse, *, has_form: bool = False) -> HttpResponse:
    """The address itself is the key: it stays out of shared caches, search engines and other sites' logs.

    A page with a form says to this site alone where it was: told to say it to nobody, browsers hide where a
    form comes from, and it could not be told from a foreign one.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin" if has_form else "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
