"""The public events for calendars: iCalendar, one event's VEVENT bytes and a feed joined from such bytes.

calendar.md 10-16; RFC 7986 for the header. No clock in here: the same data give the same bytes.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta

from icalendar import Calendar, Event, vDuration, vUri

from eventreg.calendars.calendar_text_rules import CalendarText, clean_line, clean_text, clean_url
from eventreg.calendars.feed import EventEntry, FeedEvent, FeedHeader
from eventreg.calendars.time_zone_rules import calendar_bounds, vtimezone_bytes, zone_to_describe

PRODUCT = "-//eventreg//feeds 2//EN"
"""Its number rises when the same events are written otherwise (FeedFormat.name)."""

REFRESH_EVERY = timedelta(hours=6)
"""How often programs are told to ask."""


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
