"""How many text messages a text is: GSM 7-bit where all its letters are in that alphabet, else UCS-2 (3GPP
TS 23.038 and 23.040). Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# The default alphabet, in the order of its codes; at 0x1B, where it has the escape, nothing.
DEFAULT: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")  # behind an escape: two septets each

GSM, UCS = "GSM-7", "UCS-2"
# What one message holds alone, and each of several, whose header takes some of it.
ROOM: Final[Mapping[str, tuple[int, int]]] = {GSM: (160, 153), UCS: (70, 67)}

# Signs that typographers write and the alphabet lacks, as a typewriter has them.
TYPEWRITER: Final = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚´`", "'"),
        **dict.fromkeys("–—‐‑", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        "…": "...",
        "ª": "a",
        "º": "o",
        "·": ".",
    }
)


@dataclass(frozen=True)
class Segments:
    count: int  # messages that are paid for
    units: int  # septets, or UTF-16 units
    alphabet: str
    not_gsm: tuple[str, ...] = ()  # the letters that forced the larger alphabet, in order, each once


def segments(text: str) -> Segments:
    """What a text takes. A letter that takes two units is never parted: it goes whole into the next one."""
    strange = tuple(dict.fromkeys(letter for letter in text if letter not in DEFAULT | EXTENSION))
    alphabet = UCS if strange else GSM
    widths = [_units(letter, alphabet) for letter in text]
    units = sum(widths)
    alone, each = ROOM[alphabet]
    return Segments(1 if units <= alone else _filled(widths, each), units, alphabet, strange)


def folded(text: str) -> str:
    """The text with letters of the alphabet alone: á, which it lacks, becomes a; ñ, which it has, stays. A
    text that has others as well, such as Greek ones in small letters, stays as it is: it would not get
    shorter."""
    plain = "".join(_folded(letter) for letter in _typed(text))
    return text if segments(plain).not_gsm else plain


def _typed(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(TYPEWRITER)


def _folded(letter: str) -> str:
    if letter in DEFAULT or letter in EXTENSION:
        return letter
    parts = unicodedata.normalize("NFD", letter)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _units(letter: str, alphabet: str) -> int:
    if alphabet == GSM:
        return 2 if letter in EXTENSION else 1
    return len(letter.encode("utf-16-le")) // 2  # a surrogate pair is two


def _filled(widths: list[int], room: int) -> int:
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
