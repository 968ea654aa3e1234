"""The public list: what is said of an event in one word, how it is searched, and how it is grouped by month."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from eventreg.events.sign_up_window_rules import Places, SignUpStatus
from eventreg.events.when_rules import HOME_ZONE

EVENTS_PER_PAGE = 30
"""Upcoming or past events on one page."""

LONGEST_SEARCH = 100
"""Characters of a search that are looked at; the rest is cut off."""

# NFKD takes apart ą and é, but these are letters of their own in Unicode.
_UNDECOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_POSTAL_CODE = re.compile(r"(?<=\b\d\d)-(?=\d{3}\b)")
_ONE_LETTER = re.compile(r"(?<=\b[aiouwzAIOUWZ]) (?=\S)")
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)

Item = TypeVar("Item")


class EventLabel(StrEnum):
    """The one word that a list says of an event."""

    PLACES_FREE = "places_free"
    PLACES_LAST = "places_last"
    PLACES_NONE = "places_none"
    OPEN = "open"
    WAITING = "waiting"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    ELSEWHERE = "elsewhere"
    OPEN_ENTRY = "open_entry"
    CANCELLED = "cancelled"
    PAST = "past"


_OF_PLACES = {
    Places.FREE: EventLabel.PLACES_FREE,
    Places.LAST: EventLabel.PLACES_LAST,
    Places.NONE: EventLabel.PLACES_NONE,
    Places.UNLIMITED: EventLabel.OPEN,
}
_OF_STATUS = {
    SignUpStatus.FULL: EventLabel.PLACES_NONE,
    SignUpStatus.WAITING: EventLabel.WAITING,
    SignUpStatus.NOT_YET: EventLabel.NOT_YET,
    SignUpStatus.CLOSED: EventLabel.CLOSED,
    SignUpStatus.PAST: EventLabel.PAST,
    SignUpStatus.CANCELLED: EventLabel.CANCELLED,
    SignUpStatus.NOT_PUBLISHED: EventLabel.CLOSED,
    SignUpStatus.ELSEWHERE: EventLabel.ELSEWHERE,
    SignUpStatus.OPEN_ENTRY: EventLabel.OPEN_ENTRY,
}


def event_label(status: SignUpStatus, places: Places) -> EventLabel:
    """The word for an event; how many places are left matters only while sign-up is open."""
    return _OF_PLACES[places] if status is SignUpStatus.OPEN else _OF_STATUS[status]


def page_label(status: SignUpStatus, places: Places) -> EventLabel:
    """The same for the event's own page, where the waiting list has a heading and the label tells of the places."""
    if status is SignUpStatus.WAITING:
        return EventLabel.PLACES_NONE if places is Places.NONE else EventLabel.OPEN
    return event_label(status, places)


def read_month(text: str) -> tuple[int, int] | None:
    """Year and month from '2026-12'; None for anything else."""
    match = _MONTH.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of a month and the first one after it, on the clock of HOME_ZONE."""
    zone = ZoneInfo(HOME_ZONE)
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*after, 1, tzinfo=zone)


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, folded: no case, no diacritics, so that 'lodz' finds 'Łódź'."""
    return tuple(folded(text[:LONGEST_SEARCH]).split())


def matches_search(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether every word stands somewhere in the texts."""
    haystack = folded(" ".join(texts))
    return all(word in haystack for word in words)


def by_month(
    items: Iterable[Item], month_of: Callable[[Item], tuple[int, int]]
) -> list[tuple[tuple[int, int], list[Item]]]:
    """Neighbours of the same (year, month) together, in the order given."""
    return [(month, list(group)) for month, group in groupby(items, month_of)]


def page_count(items: int, per_page: int) -> int:
    """How many pages a list has; an empty list has one."""
    return max(1, -(-items // per_page))


def roman(number: int) -> str:
    """An edition's number as Poles write it: 5 -> 'V'."""
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def unbroken(text: str) -> str:
    """The text with '24–25', '12.00–13.30' and '32-100' held together, and no 'w' or 'i' alone at the end of a line.

    A word joiner follows a dash between digits and the hyphen of a postal code; a hard space follows the Polish words
    of one letter.
    """
    return _ONE_LETTER.sub("\u00a0", _POSTAL_CODE.sub("-\u2060", _RANGE.sub("–\u2060", text)))


def folded(text: str) -> str:
    """Without case and diacritics: 'Łódź' is 'lodz'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
