"""What counts as a person's name, and when two names are the same person's.

One field holds the whole name as the person writes it. Which part of it is the surname, and how people are
sorted, is told by `surname_rules`.
"""

import re
import unicodedata
from enum import Enum

from eventreg.registrations.surname_rules import sort_key, surname_of

__all__ = ["LONGEST_NAME", "SHORTEST_NAME", "NameRefusal", "check_name", "name_key", "sort_key", "surname_of"]

SHORTEST_NAME = 2
LONGEST_NAME = 120

_MOST_MARKS_IN_A_ROW = 3
"""Combining marks on one letter; Vietnamese needs two, only letters drawn over other lines need more."""

# Blank though they are no spaces, so they would hide in a list: Hangul fillers, braille blank.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,20}://|\b(?:https?|ftp|mailto|javascript|data|file|tel|sms):")
_WWW = re.compile(r"\bwww\d?\.")

# Top-level domains that spam and offices use. Short ones that are also names (Li, Me, Is) stay out: 'dr.Li'
# is a person.
_DOMAINS = (
    "com|net|org|info|biz|edu|gov|mil|int|pl|eu|de|uk|ua|ru|by|cz|sk|lt|lv|ee|fr|nl|be|ch|at|dk|se|fi|hu|ro|bg|hr|tr|"
    "cn|jp|br|us|xyz|top|site|online|shop|store|club|live|link|click|icu|vip|app|dev|page|blog|website|space|pro|mobi|"
    "name|tv|cc|io|ly|gg|to|ws|tk|ml|ga|cf|gq|рф|укр"
)
_DOMAIN = re.compile(rf"(?:[\w-]+\.)+(?:{_DOMAINS})(?![\w-])(?!\.\w)")


class NameRefusal(Enum):
    """Why something typed is not taken as a name."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_LETTER = "no_letter"
    UNSEEN_CHARACTERS = "unseen_characters"  # control, bidi and zero-width characters, stacks of marks
    LOOKS_LIKE_LINK = "looks_like_link"


def check_name(raw: str) -> str | NameRefusal:
    """The name tidied (NFC, single spaces), or why it is refused (abuse 1, 3, 7, 9).

    Diacritics are kept. Anything a mail client would turn into a link is refused, because our mail carries
    the name. HTML and formulas are not judged here: they are made harmless where the name is written out.
    """
    if len(raw) > LONGEST_NAME * 20:
        return NameRefusal.TOO_LONG
    name = unicodedata.normalize("NFC", raw.strip())
    if not name:
        return NameRefusal.EMPTY
    if _has_unseen(name):
        return NameRefusal.UNSEEN_CHARACTERS
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        return NameRefusal.TOO_LONG
    if not any(character.isalpha() for character in name):
        return NameRefusal.NO_LETTER
    if len(name) < SHORTEST_NAME:
        return NameRefusal.TOO_SHORT
    return NameRefusal.LOOKS_LIKE_LINK if _looks_like_link(name) else name


def name_key(name: str) -> str:
    """The same for every spelling of one name: without regard to case and spaces; diacritics count."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return " ".join(folded.split())[: LONGEST_NAME * 2]


def _has_unseen(name: str) -> bool:
    marks = 0
    for character in name:
        category = unicodedata.category(character)
        if category in _UNSEEN_CATEGORIES or character in _BLANK:
            return True
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MOST_MARKS_IN_A_ROW:
            return True
    return False


def _looks_like_link(name: str) -> bool:
    # Full-width letters and ideographic full stops are links to a mail client too.
    plain = unicodedata.normalize("NFKC", name).casefold().replace("\u3002", ".")
    return any(pattern.search(plain) for pattern in (_SCHEME, _WWW, _DOMAIN))
