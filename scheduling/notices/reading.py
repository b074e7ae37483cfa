"""What the text of a reply means: a word that we know and the code of a message, and nothing else. Pure but
for the names of the meanings."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, NamedTuple

from scheduling.matching.names import fold
from scheduling.models import Reply

Meaning = Reply.Meaning

# Folded: no case, no accents, no punctuation. Of both languages at once: who answers, answers in their own.
WORDS: Final[Mapping[Reply.Meaning, frozenset[str]]] = {
    Meaning.YES: frozenset(
        {
            *("yes", "y", "yeah", "yep", "ok", "okay", "confirm", "confirmed", "i confirm", "i will come"),
            *("si", "vale", "confirmo", "confirmar", "confirmado", "confirmada", "de acuerdo"),
            *("yes confirm", "yes i confirm", "si confirmo", "ok confirmo", "si ire", "i will be there"),
        }
    ),
    Meaning.NO: frozenset(
        {
            *("no", "n", "nope", "i cannot come", "i can t come", "cannot come", "can t come"),
            *("no i cannot come", "no i can t come", "cant come", "i cant come"),
            *("no puedo", "no puedo ir", "no ire", "no voy", "no podre ir"),
        }
    ),
    Meaning.CANCEL: frozenset(
        {
            *("cancel", "cancel it", "cancel my appointment", "cancel appointment", "cancel visit"),
            *("cancelar", "cancelo", "cancela", "anular", "anulo", "anula"),
            *("cancelar cita", "cancelar la cita", "anular cita", "anular la cita"),
        }
    ),
    Meaning.STOP: frozenset(
        {
            "stop",
            "stop all",
            "stopall",
            "unsubscribe",
            "baja",
            "parar",
            "alto",
            "darme de baja",
            "no mas mensajes",
        }
    ),
}
POLITE: Final = ("please", "thank you", "thanks", "thx", "por favor", "muchas gracias", "gracias")
CODE: Final = re.compile(r"(?<!\d)\d{4,8}(?!\d)", re.ASCII)
MEANING_OF: Final = {words: meaning for meaning, all_ in WORDS.items() for words in all_}


class Read(NamedTuple):
    meaning: (
        Reply.Meaning
    )  # of the words; UNCLEAR where they are none of ours, or there is more than one code
    code: str  # "" where it has none


def read(text: str) -> Read:
    """What somebody wrote: "YES 7567", "sí7567", "7567, no puedo ir. Gracias!"."""
    folded = _ascii_digits(fold(text))
    codes = CODE.findall(folded)
    words = " ".join(CODE.sub(" ", folded).split())
    for polite in POLITE:
        words = words.removesuffix(f" {polite}").removeprefix(f"{polite} ")
    if len(codes) > 1:
        return Read(Meaning.UNCLEAR, "")
    return Read(MEANING_OF.get(words, Meaning.UNCLEAR), codes[0] if codes else "")


def _ascii_digits(text: str) -> str:
    """٧٥٦٧ is 7567 to whoever types it."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
