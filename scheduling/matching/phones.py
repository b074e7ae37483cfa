"""Phone numbers as people write them, with an extension and whose they are. Pure.

Stored as `+34910555010`, or `+34910555010;ext=23`: RFC 3966 without its dashes, which `phonenumbers` reads.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain
from typing import Final

import phonenumbers

from scheduling.matching.names import fold, squash

LONGEST_LABEL: Final = 30
SPANISH_DIGITS: Final = 9
MEXICO: Final = 52
# "+34 910 555 010 x23", "(ext. 23)", "#23", ";ext=23", "extensión nº 23", "int. 23", "ramal 23", "poste 23"
EXTENSION: Final = re.compile(
    r"(?<=[\d)])\s*[,;\-]?\s*(?P<open>\(\s*)?"
    r"(?:extensi[oó]n|extn?|x|int(?:erno)?|anexo|ramal|poste|durchwahl|доб(?:авочный)?|#)"
    r"[\s.:=]*(?:n[oº°.]*\s*)?(?P<digits>\d{1,10})(?!\w)(?(open)\s*\))",
    re.IGNORECASE,
)
# "(work, ext. 23)"
IN_A_REMARK: Final = re.compile(
    r"(?<=[(,;\s])(?:extensi[oó]n|extn?|anexo|ramal|poste)[\s.:=]*(?:n[oº°.]*\s*)?"
    r"(?P<digits>\d{1,10})(?=\s*[,;)])",
    re.IGNORECASE,
)
NUMBER: Final = re.compile(r"[+(]*\d(?:[\d\s().\-/]*\d)?")
# What stands between digits of a number as a hyphen or a point does.
BETWEEN: Final = [
    (re.compile(r"(?<=\d)\s?[\u2010-\u2015\u2212_]\s?(?=\d)"), "-"),
    (re.compile(r"(?<=\d)[·•∙‧](?=\d)"), "."),
]
# "(2nd floor)": words in brackets are whose it is, digits and all.
REMARK: Final = re.compile(r"\((?=[^()]*[^\W\d_])[^()]*\)")
MARKS: Final = " \t:;,.()[]{}<>-–—/\"'“”«»"  # that part a label from its number
# Before a number they say that it is one, and not whose; after it "no" begins a remark.
NO_LABELS: Final = frozenset(
    ("tel", "telf", "tlf", "tlfn", "tfno", "tfn", "phone", "telefono", "telephone", "n", "no", "numero")
)
NO_EXTENSION: Final = frozenset(("x", "ext", "extn", "extension", "int", "anexo", "ramal"))


class Phone(str):
    """A number as it is stored, and whose it was said to be."""

    label: str = ""


@dataclass(frozen=True)
class Unreadable(Exception):
    """What was read, where it is no phone number: `digits` of which country, and what else stood there."""

    number: str = ""
    label: str = ""
    digits: int = 0
    country: int = 0
    several: bool = False


def read(text: str, region: str) -> Phone:
    """A number of `region` (such as ES) unless it names another country. Raises `Unreadable`.

    Letters are never digits: what stands beside the number is whose it is.
    """
    text = squash("".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf")))
    text = unicodedata.normalize("NFKC", text)
    text = with_usual_marks(text)
    extension = EXTENSION.search(text) or IN_A_REMARK.search(text)
    rest = text if extension is None else f"{text[: extension.start()]} {text[extension.end() :]}"
    plain = REMARK.sub(" ", rest)
    found = NUMBER.findall(plain)
    label = _label(NUMBER.split(plain), REMARK.findall(rest))
    if len(found) != 1 or fold(label) in NO_EXTENSION:
        raise Unreadable("" if len(found) != 1 else found[0], label, several=_are_several(found, region))
    number = _parsed(found[0], region)
    if number is None or not phonenumbers.is_valid_number(number):
        digits = 0 if number is None else len(str(number.national_number))
        country = 0 if number is None else number.country_code or 0
        raise Unreadable(found[0], label, digits, country, several=_is_two(found[0], region))
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    phone = Phone(stored if extension is None else f"{stored};ext={extension['digits']}")
    phone.label = label
    return phone


def with_usual_marks(text: str) -> str:
    """The dashes and points between digits, of which there are many, as those of a keyboard."""
    for mark, usual in BETWEEN:
        text = mark.sub(usual, text)
    return text


def without_extension(stored: str) -> str:
    """
    >>> without_extension("+34910555010;ext=23")
    '+34910555010'
    """
    return stored.partition(";")[0]


def as_typed(stored: str) -> str:
    """As it stands in a field.

    >>> as_typed("+34910555010;ext=23")
    '+34910555010 x23'
    """
    return stored.replace(";ext=", " x")


def _label(beside: list[str], remarks: list[str]) -> str:
    """Whose a number is: what stands `beside` it, before and after, and in brackets."""
    before, *after = (_words(text) for text in beside)
    said = [word for word in before if fold(word) not in NO_LABELS]
    return " ".join([*said, *chain.from_iterable(after), *chain.from_iterable(map(_words, remarks))])


def _words(text: str) -> list[str]:
    """Those with a letter or digit: ☎ or ! says nothing of whose it is."""
    return [word for each in text.split() if fold(word := each.strip(MARKS))]


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == MEXICO and len(national := str(number.national_number)) == 11:
        # The 1 of mobiles was given up in 2019, and is still in people's telephones.
        number.national_number = int(national.removeprefix("1"))
    return number


def _are_several(texts: list[str], region: str) -> bool:
    read = [_parsed(text, region) for text in texts]
    return len(read) > 1 and all(each is not None and phonenumbers.is_valid_number(each) for each in read)


def _is_two(text: str, region: str) -> bool:
    """Whether it reads as two numbers, written one after the other."""
    ends = (found.start() for found in re.finditer(r"[\s/\-]+(?=[+\d(])", text))
    return any(_are_several([text[:end], text[end:].lstrip(" /-")], region) for end in ends)
