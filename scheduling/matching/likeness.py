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

from scheduling.matching.names import fold

SIMILAR: Final = 0.8  # of 1: "fernandez" and "hernandez" are, "hugo" and "pablo" are not
MARK: Final = "~"  # in front of a key among the words of a patient: nothing that is typed begins so


class Likeness(StrEnum):
    NAME = "name"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True)
class Person:
    """What two records are compared by."""

    name: str
    lastname: str
    born: date | None = None
    phone: str = ""

    @property
    def words(self) -> list[str]:
        return sorted(fold(f"{self.name} {self.lastname}").split())

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
    if one.words and one.words == other.words:
        return Likeness.NAME
    same_first = bool(one.first) and one.first == other.first
    if one.born and one.born == other.born and (same_first or _similar(one, other)):
        return Likeness.BIRTH_DATE
    if one.phone and one.phone == other.phone and same_first:
        return Likeness.PHONE
    return None


def _texts(person: Person) -> Iterator[str]:
    if person.words:
        yield "name " + " ".join(person.words)
    if person.phone and person.first:
        yield f"phone {person.phone} {person.first}"
    if person.born:
        lastname = next(iter(fold(person.lastname).split()), "")
        if person.first:
            yield f"born {person.born} name {person.first}"
        if lastname:
            yield f"born {person.born} lastname {lastname}"


def _similar(one: Person, other: Person) -> bool:
    return SequenceMatcher(None, " ".join(one.words), " ".join(other.words)).ratio() >= SIMILAR
