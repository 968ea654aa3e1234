"""The words in an event's address: /events/<slug>."""

import re
import unicodedata
from collections.abc import Container

LONGEST_SLUG = 100
LONGEST_FROM_TITLE = 70
"""A slug made from a title stays short enough for a printed notice."""

RESERVED = frozenset({"new", "archive", "thanks", "register", "edit"})
"""Words that stand in the same place of other addresses, so no event may be called so."""

_WITHOUT_MARK = str.maketrans(
    {"ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_VALID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_from_title(title: str) -> str:
    """'Łódź: współpraca ąę' -> 'lodz-wspolpraca-ae'; cut between words; 'wydarzenie' when nothing is left."""
    plain = unicodedata.normalize("NFKD", title.casefold().translate(_WITHOUT_MARK))
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST_FROM_TITLE]
        if len(longer) > LONGEST_FROM_TITLE:
            break
        slug = longer
    return slug if is_valid_slug(slug) else "wydarzenie"


def is_reserved(slug: str) -> bool:
    """Whether the word stands for another page in that place, however it is written."""
    return slug.casefold() in RESERVED


def is_valid_slug(slug: str) -> bool:
    """Whether it may stand in an address: a-z, 0-9, single hyphens inside, short enough, not reserved."""
    return len(slug) <= LONGEST_SLUG and slug not in RESERVED and _VALID.fullmatch(slug) is not None


def next_free_slug(slug: str, taken: Container[str]) -> str:
    """The slug itself when it is free, else with the smallest number after it: 'warsztaty-2'."""
    number, free = 1, slug
    while free in taken:
        number += 1
        ending = f"-{number}"
        free = slug[: LONGEST_SLUG - len(ending)].rstrip("-") + ending
    return free
