"""The order in which a person has the columns of a board, by what stands at the head of each."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from accounts.models import LONGEST_ORDER, User

MOST: Final = LONGEST_ORDER // 37  # a uuid has 36 letters


def order_of(account: User) -> Sequence[str]:
    """As it was kept, the first first; empty where the usual order holds."""
    return account.column_order.split()


def keep(account: User, order: Sequence[UUID]) -> None:
    """An empty one is the usual order. Of more than 135 the first are kept; the others follow them."""
    account.column_order = " ".join(str(uuid) for uuid in order[:MOST])
    account.save(update_fields=["column_order"])
