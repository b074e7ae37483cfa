"""What a channel is: the small thing that takes a message away."""

from typing import Protocol

from django.utils.functional import Promise

from scheduling.models.people import ContactBy
from scheduling.notices.outgoing import Outgoing


class NotSent(Exception):
    """`str()` is a code or a word, such as "451" or "timeout": never what the other side wrote, which may
    have an address in it."""


class NotNow(NotSent):
    """It was not taken, and may be later: "try again", or a broken connection; then `is_certain` is False
    where it may have been taken all the same."""

    def __init__(self, answer: str, *, is_certain: bool = True) -> None:
        super().__init__(answer)
        self.is_certain = is_certain


class Never(NotSent):
    """It was refused for good. `of_the_address`: nothing will ever arrive there."""

    def __init__(self, answer: str, *, of_the_address: bool = False) -> None:
        super().__init__(answer)
        self.of_the_address = of_the_address


class Channel(Protocol):
    """One way to a patient. Opened for a batch of messages and closed after it."""

    name: str
    label: str | Promise
    reaches: ContactBy  # what of a patient it needs: an e-mail address or a phone number

    def open(self) -> None:
        """Before some messages are sent; raises `NotNow`."""

    def send(self, message: Outgoing) -> None:
        """Hand it over; when this returns the other side has it. Raises `NotNow`, `Never`."""

    def close(self) -> None:
        """After them; raises nothing."""
