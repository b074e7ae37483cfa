"""What was typed and is not saved yet, kept by the server for one session: nobody else's, and a day at most.

So a search and a page that shows a form again have an address that can be reloaded and come back to, without
a word of what was typed in it; and a booking survives leaving the page. A GET writes nothing here.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from accounts.form_fields import Fields, fields_of
from accounts.models import TypedForm

A_DAY: Final = timedelta(days=1)
MOST: Final = 60  # forms of a session; the oldest go
TOKEN: Final = TypedForm._meta.get_field("token")
FORGET: Final = "DELETE FROM typed_forms WHERE session_key = %s AND token = %s"
MOST_CHARACTERS: Final = 20_000  # of one form: its values beyond that are nobody's typing


def keep(
    request: HttpRequest, page: str, posted: QueryDict, *, now: datetime, token: UUID | None = None
) -> UUID:
    """Keep `posted` as the form of `page` (the name of a URL), in place of what was kept under the token.

    Gives the token. Only for whoever is signed in: they have a session.
    """
    token = token or uuid4()
    values = {"page": page, "fields": _fields(posted), "changed_at": now}
    # By its unique key alone: with a time beside it, MariaDB locks other sessions' rows on its way.
    stored = TypedForm.objects.filter(session_key=_key(request), token=token)
    if not stored.update(**values):
        _forget_the_oldest(request, now)
        row = TypedForm(session_key=_key(request), token=token, begun_at=now, **values)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # another request of the same page was quicker
            stored.update(**values)
    return token


def find(request: HttpRequest, page: str, token: UUID, *, now: datetime) -> TypedForm | None:
    """What is kept under the token for this session: 1 query. None for anybody else, and after a day."""
    return _mine(request, now).filter(page=page, token=token).first()


def all_of(request: HttpRequest, page: str, *, now: datetime) -> QuerySet[TypedForm]:
    """All that is kept for this session of one page, what was changed last first."""
    return _mine(request, now).filter(page=page).order_by("-changed_at", "pk")


def forget(request: HttpRequest, token: UUID) -> None:
    """It was saved, or is not wanted any more. That is done already: where others stand in the way of this,
    it is not undone or called into question, and the row goes after a day."""
    # Every booking does it: by hand, it costs a fifth.
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute(FORGET, [_key(request), TOKEN.get_db_prep_value(token, connection)])


def forget_session(request: HttpRequest) -> None:
    """Signed out: nothing that was typed stays behind."""
    if key := _key(request):
        TypedForm.objects.filter(session_key=key).delete()


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _mine(request: HttpRequest, now: datetime) -> QuerySet[TypedForm]:
    return TypedForm.objects.filter(session_key=_key(request), changed_at__gt=now - A_DAY)


def _fields(posted: QueryDict) -> Fields:
    """As much as a person types."""
    found, left = [], MOST_CHARACTERS
    for name, texts in fields_of(posted):
        left -= len(name) + sum(map(len, texts))
        if left < 0:
            break
        found.append((name, texts))
    return found


def _forget_the_oldest(request: HttpRequest, now: datetime) -> None:
    """Of every session what is a day old, and of this one what is too many."""
    with suppress(OperationalError):  # other sessions do the same: the next one will
        TypedForm.objects.filter(changed_at__lte=now - A_DAY).delete()
    keys = list(_mine(request, now).order_by("-changed_at").values_list("pk", flat=True)[MOST - 1 :])
    if keys:
        TypedForm.objects.filter(pk__in=keys).delete()
