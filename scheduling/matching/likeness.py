"""Whether two records may be of one person. Pure.

Records that may be alike share a key; `why` then looks at the two. So those of a whole clinic are found
by looking for keys that come twice, and nobody is compared with everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from scheduling.matching import spellings
from scheduling.matching.names import fold, is_unspaced, written_together

SIMILAR: Final = 0.8  # of 1: "fernandez" and "hernandez" are, "hugo" and "pablo" are not
MARK: Final = "~"  # in front of a key among the words of a patient: nothing that is typed begins so


class Likeness(StrEnum):
    NAME = "name"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    FIRST_NAME = "first_name"
    SIMILAR_NAME = "similar_name"


@dataclass(frozen=True)
class Person:
    """What two records are compared by."""

    name: str
    lastname: str
    born: date | None = None
    phone: str = ""
    second_phone: str = ""

    @property
    def phones(self) -> set[str]:
        return {self.phone, self.second_phone} - {""}

    @property
    def words(self) -> list[str]:
        return sorted(fold(f"{self.name} {self.lastname}").split())

    @property
    def whole_names(self) -> set[str]:
        """What is compared: the words in any order; of an unspaced name both orders in one piece."""
        together = written_together(self.name, self.lastname)
        if is_unspaced(together[0]):
            return set(together)
        parts = (self.name, self.lastname)
        # Of one who is Mc Donald here and McDonald there, Mueller and Müller.
        spelled = [text for part in parts for text in spellings.in_one(part)]
        every = (self.words, sorted(map(spellings.otherwise_read, spelled)))
        return {" ".join(words) for words in every if words}

    @property
    def first(self) -> str:
        return next(iter(fold(self.name).split()), "")


def keys(person: Person) -> set[str]:
    """Hashed: a name has no business among keys, and these are short."""
    return {f"{MARK}{blake2b(text.encode(), digest_size=8).hexdigest()}" for text in _texts(person)}


def why(one: Person, other: Person) -> Likeness | None:
    """What makes them look like one person, the strongest reason; None where they do not.

    Two known birth dates that differ tell people apart, whatever else is the same: a father and his son.
    """
    if one.born and other.born and one.born != other.born:
        return None
    if one.whole_names & other.whole_names:
        return Likeness.NAME
    same_first = bool(one.first) and one.first == other.first
    if one.born and one.born == other.born and (same_first or _similar(one, other)):
        return Likeness.BIRTH_DATE
    if same_first and one.phones & other.phones:
        return Likeness.PHONE
    return None


def in_common(one: Person, other: Person) -> list[Likeness]:
    """Everything that two records have in common, for a person to judge: names first."""
    found = []
    if one.whole_names & other.whole_names:
        found.append(Likeness.NAME)
    elif _similar(one, other):
        found.append(Likeness.SIMILAR_NAME)
    elif one.first and one.first == other.first:
        found.append(Likeness.FIRST_NAME)
    if one.born and one.born == other.born:
        found.append(Likeness.BIRTH_DATE)
    if one.phones & other.phones:
        found.append(Likeness.PHONE)
    return found


def _texts(person: Person) -> Iterator[str]:
    yield from (f"name {name}" for name in person.whole_names)
    for phone in person.phones if person.first else ():
        yield f"phone {phone} {person.first}"
    if person.born:
        lastname = next(iter(fold(person.lastname).split()), "")
        if person.first:
            yield f"born {person.born} name {person.first}"
        if lastname:
            yield f"born {person.born} lastname {lastname}"


def _similar(one: Person, other: Person) -> bool:
    return SequenceMatcher(None, " ".join(one.words), " ".join(other.words)).ratio() >= SIMILAR
