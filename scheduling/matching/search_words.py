"""The words under which a patient is kept for searching, and those that a typed text asks for. Pure.

Both sides are in this file because they must agree. A word of a name is kept folded. Everything else has a
mark in front that no folded word has:

    carmen       a word of the name: whoever types "carm" finds it; and how else it may be typed
                 (`spellings`): oconnor of O'Connor, mueller of Müller, 伟 and 王伟 of 王 伟
    =1984-06-12  the birth date, found by the whole date or the year
    +34600555482 the phone from its beginning, as one types it
    -28455500643 the same digits from the end: what people say to be told apart are the last ones
    @ana@x.org   the e-mail
    ~5f0c...     what the record has in common with others of the same person (`likeness`); nobody types it

so that everything that is asked for is the beginning of a word, which an index finds.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from scheduling.matching import emails, likeness, spellings
from scheduling.matching.birth_dates import EARLIEST_BIRTH, birth_dates
from scheduling.matching.characters import clean
from scheduling.matching.likeness import Person
from scheduling.matching.names import fold, is_letter, is_unspaced, written_together
from scheduling.matching.phones import EXTENSION, NO_LABELS, with_usual_marks, without_extension

LONGEST_WORD: Final = 64  # of a stored word; a longer one is known by its beginning
FEWEST_DIGITS: Final = 3  # of a phone number, to look for it
MOST_TERMS: Final = 8  # of one search; more would only cost
LAST_LETTER: Final = chr(0x10FFFF)  # of Unicode
NATIONAL: Final = 9  # so many digits are a whole number: a 0 before it is how one dials, not part of it

# Where a word stands in the name: a first surname counts for more than a second one.
FIRST_NAME, FIRST_LASTNAME, LATER, ELSEWHERE = 0, 1, 2, 3

EMAIL = re.compile(r"[^\s@]+@[^\s@]*")
YEAR = re.compile(r"\(?(\d{4})[\s().-]*", re.ASCII)
BEFORE_A_NUMBER = re.compile(rf"\b(?:{'|'.join(sorted(NO_LABELS))})[.:º°]*\s*(?=[+(\d])", re.IGNORECASE)
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

    @classmethod
    def of_nothing_longer(cls, word: str) -> "Beginning":
        """The word alone: every sign that a word goes on with comes after this one."""
        return cls(word[:LONGEST_WORD], word[:LONGEST_WORD] + "!")

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
    name: str,
    lastname: str,
    *,
    born: date | None = None,
    phone: str = "",
    second_phone: str = "",
    email: str = "",
) -> dict[str, int]:
    """Each word of a patient with where it stands in the name."""
    words: dict[str, int] = {}
    for part, place in ((name, FIRST_NAME), (lastname, FIRST_LASTNAME)):
        for word, is_first in _spelled(part):
            words.setdefault(word[:LONGEST_WORD], place if is_first else LATER)
    if is_unspaced(fold(f"{name} {lastname}")):
        for word in written_together(name, lastname):
            words.setdefault(word[:LONGEST_WORD], FIRST_LASTNAME)
    if born is not None:
        words[f"={born.isoformat()}"] = ELSEWHERE
    numbers = [digits for each in (phone, second_phone) if (digits := digits_of(each))]
    for digits in numbers:
        words[f"+{digits}"] = words[f"-{digits[::-1]}"] = ELSEWHERE
    if email:
        words[email_word(email)] = ELSEWHERE
    words |= dict.fromkeys(likeness.keys(Person(name, lastname, born, *numbers)), ELSEWHERE)
    return words


def _spelled(part: str) -> Iterator[tuple[str, bool]]:
    """Each word of a part of a name, and whether the part begins so; as written first."""
    for text in dict.fromkeys((part, spellings.written_out(part))):
        found = spellings.words(text)
        every = [(number, word.text) for number, word in enumerate(found)]
        every += [(first, together) for first, _last, together in spellings.joined(found)]
        yield from ((word, not number) for number, word in every)
        yield from ((spellings.otherwise_read(word), not number) for number, word in every)
        yield from ((ending, False) for _number, word in every for ending in spellings.endings(word))


def kept_of_former(
    name: str, lastname: str, *, phone: str = "", second_phone: str = "", email: str = ""
) -> dict[str, int]:
    """What a patient is still found by after the record of this name and number became a part of theirs."""
    words = kept(name, lastname, phone=phone, second_phone=second_phone, email=email)
    return {word: ELSEWHERE for word in words if not word.startswith(likeness.MARK)}


def phone_word(phone: str) -> str:
    return "+" + digits_of(phone)


def digits_of(phone: str) -> str:
    """Of a stored number, without its extension: by that nobody is looked for."""
    return re.sub(r"\D", "", without_extension(phone), flags=re.ASCII)[: LONGEST_WORD - 1]


def email_word(email: str) -> str:
    return f"@{unicodedata.normalize('NFC', email.strip()).casefold()}"[:LONGEST_WORD]


def wanted(text: str, *, today: date, country_code: str) -> Wanted:
    """What a receptionist asks for: words of a name in any order, a birth date, digits of a phone.

    `country_code` ("34") is that of numbers typed without one.
    """
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in clean(text))  # of any script
    plain = with_usual_marks(digits)
    found = birth_dates(plain, today=today)
    # Half a date, still being typed, is no phone: "ana 12/5/19".
    rest = re.sub(r"[\d/]*\d/[\d/]*", " ", found.rest, flags=re.ASCII)
    # As it is stored, where it is whole; else as far as it is typed.
    addresses = [emails.read(text) or text for text in EMAIL.findall(rest)]
    rest = EXTENSION.sub(" ", EMAIL.sub(" ", rest))
    rest = BEFORE_A_NUMBER.sub(" ", rest)
    runs, others = _runs_of_digits(rest)
    names = names_in(others)
    phones = [
        Term(ranges)
        for run in runs
        if (ranges := (*_phone(run, country_code), *_year(run, today), *_in_a_name(run)))
    ]
    dates = [Term((*map(_born, each.days), *_phone(each.digits, country_code))) for each in found.dates]
    mails = [Term((Beginning.of(email_word(address)),)) for address in addresses]
    # A few digits may be the beginning of a date; alone they can only be a name.
    terms = tuple(dict.fromkeys([*names, *dates, *phones, *mails] or names_in(rest)))
    return Wanted(terms[:MOST_TERMS], nobody=any(not term.ranges for term in dates))


def _runs_of_digits(text: str) -> tuple[list[str], str]:
    """Those that are no part of a word, and the text without them."""
    # To a pattern a vowel sign, and a letter that is new, is no part of a word.
    shape = "".join("x" if is_letter(sign) and not sign.isdigit() else sign for sign in text)
    spans = [found.span() for found in DIGITS.finditer(shape)]
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return [text[slice(*span)] for span in spans], " ".join(
        text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)
    )


def rarest_first(terms: Sequence[Term]) -> list[Term]:
    """The one that leaves the fewest patients in front: a search begins with it and checks the others."""
    return sorted(terms, key=lambda term: term.rarity, reverse=True)


def names_in(text: str) -> list[Term]:
    """Words of a name; each also in one with those before it, and with umlauts for what stands for them."""
    found = spellings.words(text)
    ranges = [[Beginning.of(word.text)] for word in found]
    for _first, last, together in spellings.joined(found):
        ranges[last].append(Beginning.of(together))
    for word, each in zip(found, ranges, strict=True):
        if (read := spellings.otherwise_read(word.text)) != word.text:
            each.append(Beginning.of_nothing_longer(read))
    return [Term((*each,), is_name=True) for each in ranges]


def _year(run: str, today: date) -> tuple[Beginning, ...]:
    """Everybody born in that year, where the digits are one."""
    year = YEAR.fullmatch(run)
    if year is None or not EARLIEST_BIRTH.year <= int(year[1]) <= today.year:
        return ()
    return (Beginning.of(f"={year[1]}-"),)


def _in_a_name(run: str) -> tuple[Beginning, ...]:
    """Names with a number in them, as long as a phone's."""
    digits = re.sub(r"\D", "", run, flags=re.ASCII)
    return (Beginning.of(digits),) if len(digits) >= FEWEST_DIGITS else ()


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
