"""What counts as an e-mail address, and when two addresses are the same mailbox.

Deliverability is not asked of the DNS: a mail that cannot be delivered is told by the mail log, and a name
server that is away must not stop a sign-up.
"""

import unicodedata
from enum import Enum

from email_validator import EmailNotValidError, validate_email

LONGEST_ADDRESS = 254
"""Characters; RFC 5321 4.5.3.1.3 leaves that much of a path of 256."""

_DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})
_SAME_DOMAIN = {"googlemail.com": "gmail.com"}


class AddressRefusal(Enum):
    """Why something typed is not taken as an address."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FOREIGN_LETTERS = "foreign_letters"  # letters outside a-z before the @, or two alphabets after it
    NOT_AN_ADDRESS = "not_an_address"


def check_address(raw: str) -> str | AddressRefusal:
    """The address as mail will be sent to it (its domain in ASCII and lower case), or why not (abuse 8).

    Letters with diacritics before the @ are refused: few servers take them, and Cyrillic look-alikes pass
    as Latin. A domain may be international (it is kept in its ASCII form), but not mix alphabets.
    """
    typed = raw[: LONGEST_ADDRESS * 4].strip()
    if not typed:
        return AddressRefusal.EMPTY
    if len(raw.strip()) > LONGEST_ADDRESS:
        return AddressRefusal.TOO_LONG
    local, _, domain = typed.rpartition("@")
    if local and domain and (_is_foreign(local) or _mixes_alphabets(domain)):
        return AddressRefusal.FOREIGN_LETTERS
    try:
        found = validate_email(typed, allow_smtputf8=False, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return AddressRefusal.NOT_AN_ADDRESS
    if found.ascii_email is None or _mixes_alphabets(found.domain):
        return AddressRefusal.FOREIGN_LETTERS
    return found.ascii_email if len(found.ascii_email) <= LONGEST_ADDRESS else AddressRefusal.TOO_LONG


def address_key(address: str) -> str:
    """The same for every spelling of one mailbox: lower case. Takes an address that `check_address` gave."""
    return address.lower()


def quota_key(address: str) -> str:
    """The same for variants that one person can make up without end (abuse 17).

    Everything after a plus goes; at Gmail the dots go too, because there they mean nothing. Elsewhere dots
    tell people apart (j.nowak and jnowak), so they stay.
    """
    local, _, domain = address_key(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_DO_NOT_COUNT:
        local = local.replace(".", "")
    return f"{local}@{_SAME_DOMAIN.get(domain, domain)}"


def _is_foreign(local: str) -> bool:
    return any(not character.isascii() and character.isalpha() for character in local)


def _mixes_alphabets(domain: str) -> bool:
    # The first word of a letter's Unicode name is its script: LATIN, CYRILLIC, GREEK ...
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in domain if letter.isalpha()}
    return len(scripts) > 1
