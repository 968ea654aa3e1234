"""Calendars to subscribe to: one event's VEVENT bytes, and a feed joined from such bytes.

calendar.md 10-16; RFC 7986 for the header. The same data give the same bytes (no clock in here) and no
address of a person. An edit re-serialises one event: callers keep the bytes by (UID, revision, language).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration, vUri

from eventreg.calendars.calendar_text_rules import CalendarText, clean_line, clean_text, clean_url
from eventreg.calendars.time_zone_rules import (
    EventTimes,
    calendar_bounds,
    vtimezone_bytes,
    zone_to_describe,
)

PRODUCT = "-//eventreg//feeds 2//EN"
"""Its number rises when the same events are written otherwise, so that every ETag changes."""

REFRESH_EVERY = timedelta(hours=6)
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


def event_entry(event: FeedEvent) -> EventEntry:
    """Serialise one event: no ATTENDEE, no address of a person, no alarm."""
    component = Event()
    component.add("uid", clean_line(event.uid))
    component.add("dtstamp", event.changed_at.astimezone(UTC))
    component.add("last-modified", event.changed_at.astimezone(UTC))
    component.add("sequence", event.sequence)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    component.add("summary", CalendarText(clean_line(event.summary)))
    start, end = calendar_bounds(event.times)
    component.add("dtstart", start)
    component.add("dtend", end)
    location, page = clean_line(event.location), clean_url(event.page_url)
    if location:
        component.add("location", CalendarText(location))
    if event.description:
        component.add("description", CalendarText(clean_text(event.description)))
    if page:
        component.add("url", vUri(page), encode=False)
    if event.geo is not None:
        component.add("geo", event.geo)
    if event.categories:
        component.add("categories", [clean_line(name) for name in event.categories])
    return EventEntry(component.to_ical(), zone_to_describe(event.times))


def feed_bytes(header: FeedHeader, entries: Iterable[EventEntry]) -> bytes:
    """The whole feed: header, the time zones its events need, the events in the order given.

    No METHOD and no UID of its own.
    """
    kept = list(entries)
    zones = sorted({entry.zone for entry in kept if entry.zone is not None})
    return b"".join(
        (
            _header_bytes(header).removesuffix(b"END:VCALENDAR\r\n"),
            *(vtimezone_bytes(zone) for zone in zones),
            *(entry.body for entry in kept),
            b"END:VCALENDAR\r\n",
        )
    )


def feed_etag(made_of: str, header: FeedHeader, marks: Iterable[tuple[object, ...]]) -> str:
    """The strong ETag, quotes left out: how it is made, what the header says, and each event's mark, in order.

    A mark names all that the event's bytes depend on: (UID, revision, source).
    """
    digest = hashlib.sha256(f"{made_of}\n{header!r}\n".encode() + _header_bytes(header))
    for mark in marks:
        digest.update(f"{mark!r}\n".encode())
    return digest.hexdigest()[:32]


def _header_bytes(header: FeedHeader) -> bytes:
    """An empty calendar. `Calendar.new()` would add a UID, by which subscribers make one event of a feed."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    name, description = clean_line(header.name), clean_line(header.description)
    calendar.add("name", CalendarText(name))
    calendar.add("x-wr-calname", CalendarText(name))
    calendar.add("description", CalendarText(description))
    calendar.add("x-wr-caldesc", CalendarText(description))
    calendar.add("x-wr-timezone", header.timezone)
    refresh = vDuration(REFRESH_EVERY)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", refresh, encode=False)
    calendar.add("x-published-ttl", vDuration(REFRESH_EVERY), encode=False)
    source = clean_url(header.source_url)
    if source:
        uri = vUri(source)
        uri.params["VALUE"] = "URI"
        calendar.add("source", uri, encode=False)
    calendar.add("color", clean_line(header.color))
    return bytes(calendar.to_ical())
