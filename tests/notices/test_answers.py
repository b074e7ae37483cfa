"""What servers answer, in words that people at the desk know."""

import pytest

from scheduling.notices.answers import in_words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", ""),
        ("550", "the mail server refused the address (550)"),
        ("5.1.1", "the mail server refused the address (5.1.1)"),
        ("5.2.2", "the mailbox takes no more (5.2.2)"),
        ("5.7.26", "the mail server refused the message (5.7.26)"),
        ("451", "the mail server asks to try later (451)"),
        ("535", "the mail server does not know this clinic (535)"),
        ("422", "the gateway for text messages refused the number (422)"),
        ("503", "the server did not take it (503)"),
        ("ConnectionRefusedError", "the server could not be reached"),
        ("timeout", "the server did not answer in time"),
        ("SMTPServerDisconnected", "the connection to the server broke"),
        ("SomeNewError", "the server did not take it"),
    ],
)
def test_an_answer_in_words(answer, said):
    assert in_words(answer) == said
