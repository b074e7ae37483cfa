"""Text of people's names, compared and taken apart. Standard library only."""

import re
import unicodedata
from typing import NamedTuple

from scheduling.matching.characters import clean, is_unknown, is_visible, without_ignored

# Letters that Unicode does not decompose into a base letter and an accent.
# The second line has what two keyboards, or two habits, write for one letter.
PLAIN = (
    str.maketrans("łøđðıħŧŋɓɗƙƴɖɛəǝɣɩɲɔʋ", "loddihtnbdkydeeeginov")
    | str.maketrans(
        "\u06a9\u06cc\u0649\u0671\u0629\u06c1\u06be\u06d5ґ",
        "\u0643\u064a\u064a\u0627\u0647\u0647\u0647\u0647г",
    )
    | str.maketrans({"þ": "th", "æ": "ae", "œ": "oe"})
)
# Marks that make a letter no other one: accents over Latin, Greek and Cyrillic letters, the points of Hebrew
# and Syriac, the vowels of Arabic and its stretching. Of other scripts marks are letters: vowels of India's,
# tones of Thai, the voice of kana.
VARIANTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua67d"
    "\ufb1e\ufe20-\ufe2f]"
)
APOSTROPHES = re.compile(
    "[\u02b9-\u02bf\u02c8\u02ee\ua78b\ua78c]"
)  # letters to Unicode, one of them Hawaii's
COMMA = re.compile("[,，﹐、،]")  # of any script
KATAKANA = {kana: kana + 0x60 for kana in (*range(0x3041, 0x3097), 0x309D, 0x309E)}  # for each hiragana
# Chinese, Japanese and Korean: a name is written without a space, the family first.
UNSPACED = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31f0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)


class SplitName(NamedTuple):
    """A full name as two parts; `sure` says whether the split could be read off the text."""

    name: str
    lastname: str
    sure: bool


def squash(text: str) -> str:
    """The text with each run of white space made one space, and none at the ends."""
    return " ".join(text.split())


def tidy(text: str, *, lines: bool = False, otherwise: str = "") -> str:
    """A stored text without what nobody sees, and untouched where it has nothing of the kind; `otherwise`
    where nothing else is left of it."""
    cleaned = clean(text, lines=lines)
    if cleaned == text:
        return text
    cleaned = cleaned.strip() if lines else squash(cleaned)
    return cleaned if is_visible(cleaned) else otherwise


def fold(text: str) -> str:
    """The text for comparing: no case, no accents, no punctuation, nothing invisible, single spaces.

    >>> fold("  José D'ANGELO-Świątek ")
    'jose d angelo swiatek'
    """
    bare = APOSTROPHES.sub(" ", _decomposed(_decomposed(without_ignored(text)).casefold()))
    letters = unicodedata.normalize("NFC", bare.translate(PLAIN)).translate(KATAKANA)
    return squash("".join(sign if is_letter(sign) else " " for sign in letters))


def is_letter(sign: str) -> bool:
    """Whether it is a part of words: a letter, a mark on one, a digit, and what nobody knows yet."""
    return unicodedata.category(sign)[0] in "LMN" or is_unknown(sign)


def is_unspaced(text: str) -> bool:
    """Whether it is a name, or a part of one, in a script that puts no space between the parts."""
    return bool(UNSPACED.fullmatch(text.replace(" ", "")))


def written_together(name: str, lastname: str) -> list[str]:
    """A name as it stands in one piece, folded: of people whose names are unspaced, in either order."""
    first, last = fold(name), fold(lastname)
    if not is_unspaced(first + last):
        return [squash(f"{first} {last}")]
    return list(
        dict.fromkeys(f"{one}{other}".replace(" ", "") for one, other in ((last, first), (first, last)))
    )


def _decomposed(text: str) -> str:
    return VARIANTS.sub("", unicodedata.normalize("NFKD", text))


def in_spoken_order(text: str) -> str:
    """ "Last, First" made "First Last", or without the comma where one says the family first; anything else
    squashed."""
    last, comma, first = COMMA.sub(",", text).partition(",")
    if comma and last.strip() and first.strip() and "," not in first:
        if is_unspaced(fold(text)):
            return squash(f"{last} {first}")
        return squash(f"{first} {last}")
    return squash(text)


def split(text: str) -> SplitName:
    """Name and last name of a full name.

    A comma says where to split, and two words can only be split in one place. One word, or three and more
    (is the middle one a second name or a first surname?), are split after the first word and not sure.
    """
    last, comma, first = COMMA.sub(",", text).partition(",")
    if comma and last.strip() and first.strip() and "," not in first:
        return SplitName(squash(first), squash(last), sure=True)
    first_word, _, rest = squash(text).partition(" ")
    if rest and " " not in rest and is_unspaced(fold(text)):
        return SplitName(rest, first_word, sure=True)  # the family comes first
    return SplitName(first_word, rest, sure=bool(rest) and " " not in rest)
