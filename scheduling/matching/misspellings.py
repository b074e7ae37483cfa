"""The words that somebody may have meant who typed one that nobody has. Pure.

Asked for only after a search that found nobody. All words one slip away are written out and looked up as they
are, so nothing is stored for it: what is typed has some hundreds of neighbours, of which a clinic has a few.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import Final

from scheduling.matching.search_words import Beginning, Term, Wanted

SHORTEST, LONGEST = 4, 16  # letters: of a shorter word every other one is a neighbour
MOST_WORDS: Final = 4  # of one search
MOST_SOUNDING: Final = 128  # ways to write what sounds the same
ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνξοπρστυφχψω",
)
# To a Spanish ear each of these is one sound, and an h none.
SOUNDS: Final = ("bv", "csz", "gj", "iy")
SILENT: Final = "h"


def doubtful(asked: Wanted) -> tuple[str, ...]:
    """The words that may be misspelled: those of names, neither too short nor too long to tell."""
    typed = (term.ranges[0].first for term in asked.terms if term.is_name and term.ranges)
    return tuple(word for word in typed if SHORTEST <= len(word) <= LONGEST and not word.isdigit())[
        :MOST_WORDS
    ]


def near(word: str) -> set[str]:
    """The word, every one that a slip makes of it, and every one that sounds the same.

    A slip: one letter left out, put in or another one, or two neighbours swapped.

    >>> {"vazquez", "vasqez"} <= near("vazqez"), "vasquez" in near("vazqez")
    (True, False)
    """
    return {word, *_slips(word), *_sounding(word)}


def meant(asked: Wanted, known: Collection[str]) -> Wanted | None:
    """The same with the words that are near, out of those `known` to belong to somebody; None where there are
    none. A word that somebody has is right, unless all of them are: then they are not of one person."""
    typed = doubtful(asked)
    wrong = [word for word in typed if word not in known] or typed
    others = {word: sorted(near(word).intersection(known) - {word}) for word in wrong}
    if not any(others.values()):
        return None
    return replace(asked, terms=tuple(_widened(term, others) for term in asked.terms))


def _widened(term: Term, others: dict[str, list[str]]) -> Term:
    words = others.get(term.ranges[0].first, ()) if term.is_name and term.ranges else ()
    return replace(term, ranges=(*term.ranges, *map(Beginning.of_nothing_longer, words)))


def _slips(word: str) -> Iterator[str]:
    alphabet = next((letters for letters in ALPHABETS if not set(letters).isdisjoint(word)), "") or set(word)
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in alphabet)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in alphabet)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _sounding(word: str) -> Iterator[str]:
    letters = [next((sound for sound in SOUNDS if letter in sound), letter) for letter in word]
    if prod(map(len, letters)) > MOST_SOUNDING:
        return
    for each in map("".join, product(*letters)):
        yield each
        yield each.removeprefix(SILENT) if each.startswith(SILENT) else SILENT + each
