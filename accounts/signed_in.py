"""Who is signed in, with what they may do, by one statement: each page of theirs asks it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import UserManager
from django.db import DEFAULT_DB_ALIAS, connections, models

if TYPE_CHECKING:
    from accounts.models import User

# Permissions of the account's own, and of its groups. What an account has in both ways comes twice.
OWN: Final = "accounts_user_user_permissions h"
OF_GROUPS: Final = "accounts_user_groups g JOIN auth_group_permissions h ON h.group_id = g.group_id"


class AccountManager(UserManager["User"]):
    use_in_migrations = False

    def get(self, *args: Any, **wanted: Any) -> "User":
        """One that is asked for by its key alone, as sessions ask, has its `permission_names` with it."""
        key = wanted.get("pk")
        if args or len(wanted) > 1 or type(key) is not int or self._db is not None:
            return super().get(*args, **wanted)
        account = _statement.account(self.model, key)
        if account is None:
            raise self.model.DoesNotExist
        return account


class _Statement(threading.local):
    """Written once for each thread, as of Django's connections: what converts its values holds one."""

    def account(self, model: "type[User]", key: int) -> "User | None":
        sql, names, converted = self._compiled
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, [key, key, key])
            rows = cursor.fetchall()
        # The account's own row is the one with a key; the others are permissions.
        own = converted(row[:-2] for row in rows if row[0])
        found = [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in own]
        if not found:
            return None
        found[0].permission_names = frozenset(f"{app}.{name}" for *_, app, name in rows if app)
        return found[0]

    @cached_property
    def _compiled(self) -> tuple[str, list[str], Callable[[Iterable[Any]], Iterable[Sequence[Any]]]]:
        from accounts.models import User

        quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
        fields: list[models.Field] = list(User._meta.concrete_fields)
        columns = ", ".join(quote(str(field.column)) for field in fields)
        permissions = " ".join(
            f"""UNION ALL SELECT {"NULL, " * len(fields)} c.app_label, p.codename FROM {held}
            JOIN auth_permission p ON p.id = h.permission_id
            JOIN django_content_type c ON c.id = p.content_type_id WHERE {whose}.user_id = %s"""  # noqa: S608
            for held, whose in ((OWN, "h"), (OF_GROUPS, "g"))
        )
        # Names out of the models, and of Django's own tables.
        sql = f"SELECT {columns}, NULL, NULL FROM accounts_user WHERE id = %s {permissions}"  # noqa: S608
        compiler = User._base_manager.all().query.get_compiler(DEFAULT_DB_ALIAS)
        converters = compiler.get_converters([field.get_col("accounts_user") for field in fields])
        names = [field.attname for field in fields]
        return sql, names, lambda rows: compiler.apply_converters(rows, converters)


_statement: Final = _Statement()
