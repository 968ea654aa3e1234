"""What feeds tell of events, whatever the form (ical_feed, json_feed, atom_feed), for how long, and their ETag.

No address of a person. An edit re-serialises one event: callers keep the bytes of each by its mark and the language.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventreg.calendars.time_zone_rules import EventTimes

CANCELLED_STAYS = timedelta(days=30)
"""How long a cancelled event is still told (as STATUS:CANCELLED), counted from when it was cancelled."""
LONGEST_DESCRIPTION = 2_000
"""Characters of an event's text: every subscriber loads all events again with each change of one."""
PAST_STAYS = timedelta(days=180)
"""How long an event that is over is still told."""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """What everybody may know of one published event.

    `uid` is the event's own and stable; `changed_at` is its last change, which is LAST-MODIFIED and DTSTAMP.
    """

    uid: str
    sequence: int
    changed_at: datetime
    summary: str
    times: EventTimes
    description: str = ""
    location: str = ""
    page_url: str = ""
    geo: tuple[float, float] | None = None
    categories: tuple[str, ...] = ()
    cancelled: bool = False
    published_at: datetime | None = None
    kind: str = ""  # as addresses have it: 'workshop'
    kind_words: str = ""
    audience: str = ""
    short_text: str = ""  # one sentence
    attendance: str = ""
    city: str = ""
    organiser: str = ""
    organiser_slug: str = ""
    series: str = ""
    series_slug: str = ""
    sign_up_mode: str = ""
    sign_up_opens_at: datetime | None = None
    sign_up_closes_at: datetime | None = None
    sign_up_url: str = ""  # where, when elsewhere
    organiser_url: str = ""
    series_url: str = ""
    heading: str = ""  # the title for a list in which nothing else says that the event is cancelled
    source: str = ""  # whose event it is when it was read from somebody else's calendar
    language: str = ""  # of what the organiser wrote
    read_in: str = "pl"  # the language of all other words


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One event serialised: what a cache keeps.

    `zone` names the VTIMEZONE it needs, in an iCalendar feed; `changed_at` is its last change, in an Atom feed.
    """

    body: bytes
    zone: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedHeader:
    """What a feed says of itself. `color` is a CSS3 name, as RFC 7986 wants it.

    `page_url`: the page for people that shows the same events; `language`: of the words.
    """

    name: str
    description: str
    source_url: str
    timezone: str = "Europe/Warsaw"
    color: str = "crimson"
    site: str = ""
    page_url: str = ""
    language: str = "pl"


def feed_etag(made_of: str, header: FeedHeader, marks: Iterable[tuple[object, ...]]) -> str:
    """The strong ETag, quotes left out: how it is made, what the header says, and each event's mark, in order.

    A mark names all that the event's bytes depend on: (UID, revision, source).
    """
    digest = hashlib.sha256(f"{made_of}\n{header!r}\n".encode())
    for mark in marks:
        digest.update(f"{mark!r}\n".encode())
    return digest.hexdigest()[:32]
