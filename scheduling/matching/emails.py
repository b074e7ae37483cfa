"""The one rule of what an e-mail address is, for every door. Pure.

Letters of any script may stand in it (`åsa@example.org`), and names of a clinic's own network
(`a@clinic.local`). Whether mail arrives there is not asked.
"""

import email_validator

from scheduling.matching.characters import clean

# Names that are in no public directory: a clinic's own network may have them.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def read(text: str) -> str | None:
    """The address in its usual spelling, the part after the @ in small letters, without what nobody sees;
    None where it is none.

    >>> read("Ana@Example.ORG"), read("ana@gmail")
    ('Ana@example.org', None)
    """
    try:
        return email_validator.validate_email(clean(text).strip(), check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        return None


def deliverable(address: str) -> str:
    """The address as mail servers are given it, the part after the @ in ASCII (IDNA 2008, as registries have
    it: by the older rules `faß.de` is somebody else's `fass.de`). "" where no mail can go: it is none, or
    has letters before the @ that most servers do not take (RFC 6531).

    >>> deliverable("ana@faß.de"), deliverable("åsa@example.org")
    ('ana@xn--fa-hia.de', '')
    """
    try:
        return email_validator.validate_email(address, check_deliverability=False).ascii_email or ""
    except email_validator.EmailNotValidError:
        return ""
