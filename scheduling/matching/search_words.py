"""The words under which a patient is kept for searching, and those that a typed text asks for. Pure.

Both sides are in this file because they must agree. A word of a name is kept folded. Everything else has a
mark in front that no folded word has:

    carmen       a word of the name: whoever types "carm" finds it
    =1984-06-12  the birth date, found by the whole date only
    +34600555482 the phone from its beginning, as one types it
    -28455500643 the same digits from the end: what people say to be told apart are the last ones
    @ana@x.org   the e-mail
    ~5f0c...     what the record has in common with others of the same person (`likeness`); nobody types it

so that everything that is asked for is the beginning of a word, which an index finds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from scheduling.matching import likeness
from scheduling.matching.birth_dates import birth_dates
from scheduling.matching.likeness import Person
from scheduling.matching.names import fold

LONGEST_WORD: Final = 64  # of a stored word; a longer one is known by its beginning
FEWEST_DIGITS: Final = 3  # of a phone number, to look for it
MOST_TERMS: Final = 8  # of one search; more would only cost
LAST_LETTER: Final = chr(0x10FFFF)  # of Unicode
NATIONAL: Final = 9  # so many digits are a whole number: a 0 before it is how one dials, not part of it

# Where a word stands in the name: a first surname counts for more than a second one.
FIRST_NAME, FIRST_LASTNAME, LATER, ELSEWHERE = 0, 1, 2, 3

EMAIL = re.compile(r"[^\s@]+@[^\s@]*")
DIGITS = re.compile(r"(?<!\w)[+(]?\d[\d\s().-]*(?![\w+])")


class Beginning(NamedTuple):
    """Words from `first` on, and before `end`: as a range, which every database looks up in an index."""

    first: str
    end: str

    @classmethod
    def of(cls, text: str) -> "Beginning":
        text = text[:LONGEST_WORD]
        before = text.rstrip(LAST_LETTER)  # nothing follows that one: what stands before it is counted up
        following = ord(before[-1]) + 1
        return cls(text, before[:-1] + chr(0xE000 if following == 0xD800 else following))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.first <= word < self.end


@dataclass(frozen=True)
class Term:
    """One thing asked for: a patient has it who has a word in any of the ranges."""

    ranges: tuple[Beginning, ...]
    is_name: bool = False

    @property
    def rarity(self) -> tuple[bool, int]:
        """How few patients it may leave: dates and phones fewest, then the longest word."""
        return not self.is_name, len(self.ranges[0].first) if self.ranges else LONGEST_WORD


@dataclass(frozen=True)
class Wanted:
    """What a text asks for. `nobody`: it has a date that is in no calendar."""

    terms: tuple[Term, ...] = ()
    nobody: bool = False

    @property
    def first_name(self) -> Term | None:
        """The first word that was typed, if it is one of a name."""
        return next((term for term in self.terms if term.is_name), None)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(term.ranges[0].first for term in self.terms if term.is_name)


def kept(
    name: str, lastname: str, *, born: date | None = None, phone: str = "", email: str = ""
) -> dict[str, int]:
    """Each word of a patient with where it stands in the name."""
    words: dict[str, int] = {}
    for part, place in ((name, FIRST_NAME), (lastname, FIRST_LASTNAME)):
        for position, word in enumerate(fold(part).split()):
            words.setdefault(word[:LONGEST_WORD], LATER if position else place)
    if born is not None:
        words[f"={born.isoformat()}"] = ELSEWHERE
    digits = re.sub(r"\D", "", phone, flags=re.ASCII)[: LONGEST_WORD - 1]
    if digits:
        words[f"+{digits}"] = words[f"-{digits[::-1]}"] = ELSEWHERE
    if email:
        words[email_word(email)] = ELSEWHERE
    words |= dict.fromkeys(likeness.keys(Person(name, lastname, born, digits)), ELSEWHERE)
    return words


def kept_of_former(name: str, lastname: str, *, phone: str = "", email: str = "") -> dict[str, int]:
    """What a patient is still found by after the record of this name and number became a part of theirs."""
    words = kept(name, lastname, phone=phone, email=email)
    return {word: ELSEWHERE for word in words if not word.startswith(likeness.MARK)}


def phone_word(phone: str) -> str:
    return "+" + re.sub(r"\D", "", phone, flags=re.ASCII)[: LONGEST_WORD - 1]


def email_word(email: str) -> str:
    return f"@{email.strip().casefold()}"[:LONGEST_WORD]


def wanted(text: str, *, today: date, country_code: str) -> Wanted:
    """What a receptionist asks for: words of a name in any order, a birth date, digits of a phone.

    `country_code` ("34") is that of numbers typed without one.
    """
    found = birth_dates(text, today=today)
    # Half a date, still being typed, is no phone: "ana 12/5/19".
    rest = re.sub(r"[\d/]*\d/[\d/]*", " ", found.rest, flags=re.ASCII)
    emails = [Term((Beginning.of(email_word(text)),)) for text in EMAIL.findall(rest)]
    rest = EMAIL.sub(" ", rest)
    names = [Term((Beginning.of(word),), is_name=True) for word in fold(DIGITS.sub(" ", rest)).split()]
    phones = [Term(ranges) for run in DIGITS.findall(rest) if (ranges := _phone(run, country_code))]
    dates = [Term((*map(_born, each.days), *_phone(each.digits, country_code))) for each in found.dates]
    terms = tuple(dict.fromkeys([*names, *dates, *phones, *emails]))
    return Wanted(terms[:MOST_TERMS], nobody=any(not term.ranges for term in dates))


def rarest_first(terms: Sequence[Term]) -> list[Term]:
    """The one that leaves the fewest patients in front: a search begins with it and checks the others."""
    return sorted(terms, key=lambda term: term.rarity, reverse=True)


def _born(day: date) -> Beginning:
    return Beginning.of(f"={day.isoformat()}")


def _phone(run: str, country_code: str) -> tuple[Beginning, ...]:
    """Numbers that begin so, or end so; nothing where the digits are too few to mean somebody."""
    digits = re.sub(r"\D", "", run, flags=re.ASCII)[: LONGEST_WORD - 4]
    bare = digits.lstrip("0") or digits  # as it is stored: a 0 or 00 in front is how one dials
    begin = bare if run.startswith("+") or digits.startswith("00") else country_code + bare
    end = bare if len(digits) >= NATIONAL else digits
    ranges = [Beginning.of(f"+{begin}")] if len(bare) >= FEWEST_DIGITS else []
    if len(end) >= FEWEST_DIGITS and not run.startswith("+"):
        ranges.append(Beginning.of(f"-{end[::-1]}"))
    return tuple(ranges)
