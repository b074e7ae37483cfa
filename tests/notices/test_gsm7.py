"""How long a text message is: what is paid for, and what a phone shows in pieces."""

import pytest

from scheduling.notices.gsm7 import DEFAULT, EXTENSION, GSM, UCS, Segments, folded, segments


def test_the_alphabet_is_whole():
    assert len(DEFAULT) == 127  # 128 codes, one of them the escape
    assert not DEFAULT & EXTENSION


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Segments(1, 0, GSM)),
        ("Thursday 10:40", Segments(1, 14, GSM)),
        ("a" * 160, Segments(1, 160, GSM)),
        ("a" * 161, Segments(2, 161, GSM)),
        ("a" * 306, Segments(2, 306, GSM)),
        ("a" * 307, Segments(3, 307, GSM)),
        ("€" * 80, Segments(1, 160, GSM)),  # two septets each
        ("€" * 80 + "a", Segments(2, 161, GSM)),
        ("a" * 152 + "€" + "a" * 152, Segments(3, 306, GSM)),  # € is not parted: the rest is one too long
        ("mañana, señor Müller, ¿qué?", Segments(1, 27, GSM)),  # ñ ü ¿ é are in it
        ("día", Segments(1, 3, UCS, ("í",))),
        ("Cáncer de páncreas, Ínsula", Segments(1, 26, UCS, ("á", "Í"))),
        ("á" * 70, Segments(1, 70, UCS, ("á",))),
        ("á" * 71, Segments(2, 71, UCS, ("á",))),
        ("á" * 134, Segments(2, 134, UCS, ("á",))),
        ("á" * 135, Segments(3, 135, UCS, ("á",))),
        ("🙂" * 35, Segments(1, 70, UCS, ("🙂",))),  # two UTF-16 units each
        ("🙂" * 36, Segments(2, 72, UCS, ("🙂",))),
        ("🙂" * 67, Segments(3, 134, UCS, ("🙂",))),  # 33 pairs in each of the first two
        ("ç", Segments(1, 1, UCS, ("ç",))),
        ("Ç", Segments(1, 1, GSM)),
    ],
)
def test_messages_are_counted_as_networks_count_them(text, found):
    assert segments(text) == found


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Clínica San Telmo: miércoles, sábado", "Clinica San Telmo: miércoles, sabado"),
        ("Mañana a las 10:40, ¿vendrá?", "Mañana a las 10:40, ¿vendra?"),
        ("“Peñón” – l’Açai…", '"Peñon" - l\'Acai...'),
        ("Médico nº 3 · 1ª planta", "Médico no 3 . 1a planta"),
        ("Ω and €", "Ω and €"),
        ("Клиника: día 3", "Клиника: día 3"),  # it is UCS-2 with í or without
        ("日本 día", "日本 día"),
    ],
)
def test_letters_that_would_halve_the_room_are_written_without_their_accent(text, short):
    assert folded(text) == short


def test_an_accent_written_as_a_sign_of_its_own_is_one_all_the_same():
    assert folded("man\u0303ana di\u0301a") == "mañana dia"
