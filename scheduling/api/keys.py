"""Who asks: a program, by its key, and how much the key is good for."""

from typing import Any, cast

from django.db import Error
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from accounts import api_keys
from accounts.api_keys import Admission
from accounts.models import Scope, User
from scheduling.api.problems import HttpProblem
from scheduling.api.schemas.base import Reason
from scheduling.booking.transactions import asked_again
from scheduling.database import outages
from scheduling.database.breaker import OF_WRITES, breaker


class Bearer(HttpBearer):
    """`Authorization: Bearer KEY`. Wrong, expired and revoked look alike."""

    openapi_description = "A key made with `manage.py create_api_key`. Its scope is read, book or manage."

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Admission:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, secret.strip() if scheme.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Admission:
        admission = self._admission(token) if token else None
        if admission is None:
            message = _("This needs a valid key: Authorization: Bearer KEY.")
            raise HttpProblem(401, Reason(code="unauthorized", message=message), headers=_challenge())
        cast(Any, request).admission = admission  # the middleware tells how much is left
        if admission.is_over:
            message = _("This key has asked too often. Ask again in %(seconds)s seconds.")
            reason = Reason(code="too_many_requests", message=message % {"seconds": admission.resets_in})
            raise HttpProblem(429, reason, headers={"Retry-After": str(admission.resets_in)})
        if not Scope(admission.key.scope).includes(self.scope):
            message = _("This key may not do that. It takes one of the scope “%(scope)s”.")
            reason = Reason(code="scope", message=message % {"scope": self.scope.value})
            raise HttpProblem(
                403, reason, headers=_challenge(f'error="insufficient_scope", scope="{self.scope}"')
            )
        return admission

    def _admission(self, token: str) -> Admission | None:
        """Counted; what only reads is let in uncounted while nobody can write."""
        now = timezone.now()
        only_reads = self.scope == Scope.READ
        if not (only_reads and breaker.refusal(writes=True) in OF_WRITES):
            try:
                return asked_again(lambda: api_keys.admit(token, now=now))
            except Error as error:
                if not only_reads or outages.reason(error) not in OF_WRITES:
                    raise
        return api_keys.admit(token, now=now, counts=False)


READ, BOOK, MANAGE = Bearer(Scope.READ), Bearer(Scope.BOOK), Bearer(Scope.MANAGE)


def program_of(request: HttpRequest) -> User:
    """The account of the program that asks: what it changes is done `by` that."""
    return cast(Admission, cast(Any, request).auth).key.user


def _challenge(more: str = "") -> dict[str, str]:
    return {"WWW-Authenticate": "Bearer" + (f" {more}" if more else "")}
