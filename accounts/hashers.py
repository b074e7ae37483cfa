"""How passwords are hashed: slowly and with much memory, so only so many at once."""

from threading import BoundedSemaphore
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

# Each hash takes 100 MiB and all cores: eight of them together took a process from 174 to 475 MiB and 14 s.
AT_ONCE: Final = 2


class TwoAtOnceArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's, of which no more than two run at once in a process; the others wait their turn.

    A name that does not exist is hashed too (`ModelBackend`), and waits the same: time tells nothing.
    """

    _turns = BoundedSemaphore(AT_ONCE)

    def encode(self, password: str, salt: str) -> str:
        with self._turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with self._turns:
            return super().verify(password, encoded)
