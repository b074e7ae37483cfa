"""Who is asking: the one place where `request.user` gets its type."""

from django.http import HttpRequest

from accounts.models import User


def account_or_none(request: HttpRequest) -> User | None:
    """The account that is signed in, or None for a stranger."""
    return request.user if isinstance(request.user, User) else None


def account_of(request: HttpRequest) -> User:
    """The account behind a request to a page that people sign in for (`access.signed_in`, `access.staff`)."""
    account = account_or_none(request)
    if account is None:
        raise TypeError("nobody is signed in: this page needs a mark of access that asks for it")
    return account
