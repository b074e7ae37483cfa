"""Characters that nobody sees, taken out of what is typed. Standard library only.

Every door cleans every text here. What an invisible character is needed for stays: joiners between letters of
scripts that are written with them, the form of an ideograph, an emoji made of several.
"""

import re
import unicodedata
from typing import Final

# Unicode's Default_Ignorable_Code_Point, marks of annotations, and code points that are no characters.
IGNORED: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
)
CONTROLS: Final = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
UNSEEN: Final = re.compile(f"[{IGNORED}{CONTROLS}]")
LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
BLANK: Final = "\u2800"  # Braille without a dot: a space
JOINERS: Final = "\u200c\u200d"
# Arabic, Syriac, N'Ko, the scripts of India and their kin, Mongolian, Adlam.
JOINED: Final = re.compile(
    "[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010aff\U00010d00-\U00010f2f\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
# Their forms are chosen by a selector: ideographs, Myanmar, Mongolian, Phags-pa.
WITH_FORMS: Final = re.compile(
    "[\u1000-\u109f\u1800-\u18af\u3400-\u9fff\ua840-\ua87f\uf900-\ufaff\U00020000-\U0003ffff]"
)
SELECTOR: Final = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
NEEDED_NOWHERE: Final = re.compile(f"(?![{JOINERS}]|{SELECTOR.pattern})[{IGNORED}{CONTROLS}]")
KEYCAP: Final = "\u20e3"
VIRAMA: Final = 9  # its combining class


def clean(text: str, *, lines: bool = False) -> str:
    """The text without what nobody sees. With `lines` it may have line ends and tabs, else they are spaces.

    >>> clean("Hel\u200bena Qua\u00addros")
    'Helena Quadros'
    """
    text = LINE_ENDS.sub("\n", text).replace(BLANK, " ")
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    if not UNSEEN.search(text):
        return text
    text = NEEDED_NOWHERE.sub("", text)
    while (cleaned := UNSEEN.sub(_kept, text)) != text:
        text = cleaned
    return text


def without_ignored(text: str) -> str:
    """The text without any of them, needed or not: for comparing."""
    return UNSEEN.sub("", text)


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen: not only spaces, joiners and other format characters.

    >>> is_visible("\u200b \u2060")
    False
    """
    seen = without_ignored(text.replace(BLANK, " "))
    return any(unicodedata.category(character)[0] in "LMNPS" or is_unknown(character) for character in seen)


def is_unknown(character: str) -> bool:
    """Whether this Python does not know it yet, or it is for private use: a letter to who typed it."""
    return unicodedata.category(character) in ("Cn", "Co")


def _kept(found: re.Match[str]) -> str:
    """The character, where it means something to what stands directly before it and follows."""
    character, text = found.group(), found.string
    before = text[found.start() - 1] if found.start() else ""
    after = UNSEEN.sub("", text[found.end() : found.end() + 8])[:1]
    if character in JOINERS:
        return character if _is_joined(before, after, _base(text[: found.start()])) else ""
    if SELECTOR.match(character):
        return character if _has_forms(before, after) else ""
    return ""


def _base(text: str) -> str:
    """The last character of it that is no emoji's selector."""
    return text.rstrip("\ufe0e\ufe0f")[-1:]


def _is_joined(before: str, after: str, base: str) -> bool:
    if before and unicodedata.combining(before) == VIRAMA:
        return True  # also at the end: so Malayalam's final letters were written
    if JOINED.match(before) and JOINED.match(after):
        return True
    return _is_symbol(base) and _is_symbol(after)


def _has_forms(before: str, after: str) -> bool:
    if not before:
        return False
    is_keycap = before in "#*0123456789" and after == KEYCAP
    return bool(WITH_FORMS.match(before)) or _is_symbol(before) or before in "‼⁉〰" or is_keycap


def _is_symbol(character: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return bool(character) and (is_skin_tone or unicodedata.category(character) in {"So", "Sm"})
