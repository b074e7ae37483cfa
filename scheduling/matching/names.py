"""Text of people's names, compared and taken apart. Standard library only."""

import re
import unicodedata
from typing import NamedTuple

# Letters that Unicode does not decompose into a base letter and an accent.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class SplitName(NamedTuple):
    """A full name as two parts; `sure` says whether the split could be read off the text."""

    name: str
    lastname: str
    sure: bool


def squash(text: str) -> str:
    """The text with each run of white space made one space, and none at the ends."""
    return " ".join(text.split())


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen: not only spaces, joiners and other format characters.

    >>> is_visible("\u200b \u2060")
    False
    """
    return any(unicodedata.category(character)[0] in "LMNPS" for character in text)


def fold(text: str) -> str:
    """The text for comparing: no case, no accents, no punctuation, single spaces.

    >>> fold("  José D'ANGELO-Świątek ")
    'jose d angelo swiatek'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return squash(re.sub(r"[\W_]+", " ", bare.translate(PLAIN)))


def in_spoken_order(text: str) -> str:
    """ "Last, First" made "First Last"; anything else squashed."""
    last, comma, first = text.partition(",")
    if comma and last.strip() and first.strip() and "," not in first:
        return squash(f"{first} {last}")
    return squash(text)


def split(text: str) -> SplitName:
    """Name and last name of a full name.

    A comma says where to split, and two words can only be split in one place. One word, or three and more
    (is the middle one a second name or a first surname?), are split after the first word and not sure.
    """
    last, comma, first = text.partition(",")
    if comma and last.strip() and first.strip() and "," not in first:
        return SplitName(squash(first), squash(last), sure=True)
    first_word, _, rest = squash(text).partition(" ")
    return SplitName(first_word, rest, sure=bool(rest) and " " not in rest)
