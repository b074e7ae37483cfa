"""Who is asking."""

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def account_of(request: HttpRequest) -> User:
    """The account behind a request; only on pages that want one (`access.signed_in`, `access.staff`)."""
    return cast(User, request.user)
