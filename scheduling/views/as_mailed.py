"""A mail's page, shown as its reader sees it."""

from typing import Final

from csp.constants import HEADER
from django.http import HttpResponse

# Its styles stand in its elements, as mail programs want them; of the site's own pages none may have any. It
# loads nothing and runs nothing.
POLICY: Final = (
    "default-src 'none'; style-src 'none'; style-src-attr 'unsafe-inline';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def as_mailed(html: str) -> HttpResponse:
    """An answer that is the mail's page and nothing else."""
    response = HttpResponse(html)
    response[HEADER] = POLICY  # which the middleware leaves as it is
    return response
