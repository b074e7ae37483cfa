"""The words that a name is made of, and how else the same name may be typed. Standard library only."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from scheduling.matching.names import fold, is_unspaced

SHORT: Final = 3  # letters of a word that is as well written with the next one: Mc Donald, de la Cruz
# So are these.
LEADING: Final = frozenset(
    (
        *("abdel", "abdul", "abdal", "abdur", "abou", "ould", "bint", "fitz"),
        *("saint", "santa", "santo", "sankt", "vander", "vanden"),
    )
)
MOST_JOINED: Final = 4  # words
# A syllable of Xiao Ming or Seung Hyun, the Juan of Juan Carlos: two such words are typed in one, too.
SYLLABLE: Final = 5  # letters
LONGEST_UNSPACED: Final = 12  # letters: longer than any name of a person
WRITTEN_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ə": "a"})
NUKTA: Final = "\u093c"
MARIA: Final = re.compile(r"\bm\.?ª\.?", re.IGNORECASE)  # Mª José


class Word(NamedTuple):
    """A word of a name, folded. `goes_on`: it may be written in one with the next."""

    text: str
    goes_on: bool


def words(text: str) -> list[Word]:
    """In their order. What punctuation takes apart goes on, and so does a short word: O'Connor, Mc Donald."""
    found = []
    for token in text.split():
        *parts, last = fold(token).split() or [""]
        found += [Word(part, goes_on=True) for part in parts]
        if last:
            is_short = len(last) <= SHORT or last in LEADING
            found.append(Word(last, goes_on=is_short and not is_unspaced(last)))
    return found


def joined(found: list[Word]) -> Iterator[tuple[int, int, str]]:
    """Neighbours written in one: first and last position, and how that reads."""
    for first in range(len(found)):
        for last in range(first + 1, min(first + MOST_JOINED, len(found))):
            if not (found[last - 1].goes_on or (last == first + 1 and _is_syllable(found[first].text))):
                break
            yield first, last, "".join(word.text for word in found[first : last + 1])


def in_one(text: str) -> list[str]:
    """The words, each with those that it may be written in one with: Mc Donald as mcdonald; Mª as maria."""
    found: list[str] = []
    goes_on = False
    for word in words(MARIA.sub("Maria ", text)):
        if goes_on:
            found[-1] += word.text
        else:
            found.append(word.text)
        goes_on = word.goes_on
    return found


def written_out(text: str) -> str:
    """Müller as Mueller, Åse as Aase, Mª as María; anything else as it is, but for capitals."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return MARIA.sub("maria ", plain).translate(WRITTEN_OUT)


def _is_syllable(word: str) -> bool:
    return len(word) <= SYLLABLE and not is_unspaced(word)


def otherwise_read(word: str) -> str:
    """A folded word as if its ae, oe, ue were umlauts, mueller as muller; and without the point that Hindi
    often leaves out: ज़ाकिर as जाकिर."""
    for written, folded in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), (NUKTA, "")):
        word = word.replace(written, folded)
    return word


def endings(word: str) -> Iterator[str]:
    """What follows the family name in 王伟, wherever that ends."""
    if is_unspaced(word) and len(word) <= LONGEST_UNSPACED:
        yield from (word[start:] for start in range(1, len(word)))
