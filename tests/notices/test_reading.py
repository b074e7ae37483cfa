"""What a reply says, in both languages, however it is typed; and all that is near it and says nothing."""

import pytest

from scheduling.models import Reply
from scheduling.notices.reading import MEANING_OF, read

pytestmark = pytest.mark.once

M = Reply.Meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("YES 7567", M.YES),
        ("yes7567", M.YES),
        ("Yes, 7567.", M.YES),
        ("7567 yes", M.YES),
        ("7567", M.UNCLEAR),
        ("  Y  7567 ", M.YES),
        ("ok 7567 thanks!", M.YES),
        ("Yes please 7567", M.YES),
        ("SI 7567", M.YES),
        ("SÍ 7567", M.YES),
        ("si\u0301 7567", M.YES),
        ("¡Sí!7567", M.YES),
        ("SÍ, 7567. Muchas gracias", M.YES),
        ("confirmo 7567", M.YES),
        ("YES ７５６７", M.YES),
        ("yes ٧٥٦٧", M.YES),
        ("yes\u200b 7567", M.YES),
        ("yes #7567", M.YES),
        ("NO 7567", M.NO),
        ("No. 7567", M.NO),
        ("no puedo ir 7567, gracias", M.NO),
        ("I can't come 7567", M.NO),
        ("I can’t come 7567", M.NO),
        ("CANCEL 7567", M.CANCEL),
        ("cancel my appointment 7567", M.CANCEL),
        ("Cancelar 7567", M.CANCEL),
        ("anular la cita 7567 por favor", M.CANCEL),
        ("STOP 7567", M.STOP),
        ("baja 7567", M.STOP),
        ("no más mensajes 7567", M.STOP),
        # Near, and not the same.
        ("not 7567", M.UNCLEAR),
        ("yes no 7567", M.UNCLEAR),
        ("no cancel 7567", M.UNCLEAR),
        ("don't cancel 7567", M.UNCLEAR),
        ("no cancelar 7567", M.UNCLEAR),
        ("do not stop 7567", M.UNCLEAR),
        ("yes but later 7567", M.UNCLEAR),
        ("yes? 7567 or 10:30", M.UNCLEAR),
        ("sin 7567", M.UNCLEAR),
        ("siempre 7567", M.UNCLEAR),
        ("yesterday 7567", M.UNCLEAR),
        ("now 7567", M.UNCLEAR),
        ("nota 7567", M.UNCLEAR),
        ("cancelled? 7567", M.UNCLEAR),
        ("canceled 7567", M.UNCLEAR),
        ("si no llueve 7567", M.UNCLEAR),
        ("👍 7567", M.UNCLEAR),
        ("yes 7567 call me on", M.UNCLEAR),
    ],
)
def test_a_word_and_a_code(text, meaning):
    assert read(text) == (meaning, "7567")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("YES", M.YES),
        ("NO", M.NO),
        ("stop", M.STOP),
        ("BAJA.", M.STOP),
        ("", M.UNCLEAR),
        ("???", M.UNCLEAR),
        ("yes 756", M.UNCLEAR),
        ("yes 75 67", M.UNCLEAR),
        ("yes 756700000", M.UNCLEAR),
        ("yes 10:30", M.UNCLEAR),
    ],
)
def test_without_a_code(text, meaning):
    assert read(text) == (meaning, "")


@pytest.mark.parametrize("text", ["yes 7567 1234", "yes 7567 7567", "yes 7567 cancel 1234", "7567 1234"])
def test_two_codes_are_none(text):
    assert read(text) == (M.UNCLEAR, "")


def test_longer_codes_are_codes_too():
    assert read("YES 75671") == (M.YES, "75671")
    assert read("YES 75671234") == (M.YES, "75671234")


@pytest.mark.parametrize("words", sorted(MEANING_OF))
def test_every_word_of_the_table_is_found_as_it_stands_there(words):
    assert read(f"{words.upper()} 7567") == (MEANING_OF[words], "7567")
    assert read(f"7567 {words}!") == (MEANING_OF[words], "7567")


@pytest.mark.parametrize("text", ["yes 7567" * 200, "7567 " * 300, "y" * 100_000])
def test_what_nobody_types_is_unclear(text):
    assert read(text).meaning == M.UNCLEAR
