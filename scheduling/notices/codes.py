"""The code of a message, by which an answer to it names it: "YES 7567"."""

from datetime import datetime, timedelta
from secrets import randbelow
from typing import Final

from scheduling.models import Notice

SHORTEST: Final = 4  # digits
LONGEST: Final = 8
KEPT: Final = timedelta(days=14)  # so long nobody else gets it
DRAWN: Final = 12  # looked up at once; where all are given away, the next has a digit more


def new_code(now: datetime) -> str:
    """Digits, of which the first is no 0, that no message of the last two weeks has: 1 statement, or one more
    for each digit beyond four.

    Two processes may draw the same one in the same moment: an answer is told apart by who sent it as well.
    """
    for digits in range(SHORTEST, LONGEST):
        drawn = [_random(digits) for _ in range(DRAWN)]
        given = Notice.objects.filter(code__in=drawn).exclude(sent_at__lt=now - KEPT)
        taken = set(given.values_list("code", flat=True))
        free = next((code for code in drawn if code not in taken), None)
        if free is not None:
            return free
    return _random(LONGEST)


def _random(digits: int) -> str:
    least: int = 10 ** (digits - 1)
    return str(least + randbelow(9 * least))
