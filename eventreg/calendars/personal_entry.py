"""One person's registration as an entry of her personal calendar: pure.

calendar.md 13 and abuse 32: no ATTENDEE, no ORGANIZER, no alarm; nothing that names anybody. METHOD and RSVP belong to
invitations by mail alone.
"""

from datetime import UTC
from enum import StrEnum

from icalendar import Event

from eventreg.calendars.calendar_text_rules import CalendarText, clean_line
from eventreg.calendars.feed import EventEntry
from eventreg.calendars.invitation import Invitation, add_place_and_text
from eventreg.calendars.time_zone_rules import calendar_bounds, zone_to_describe


class EntryStatus(StrEnum):
    """STATUS of an entry (RFC 5545 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


def personal_entry(entry: Invitation, status: EntryStatus) -> EventEntry:
    """Serialise one entry. `entry.dtstamp` is its last change, so that the same data give the same bytes.

    Only what is certain makes its owner busy.
    """
    changed_at = entry.dtstamp.astimezone(UTC)
    event = Event()
    event.add("uid", clean_line(entry.uid))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", entry.sequence)
    event.add("summary", CalendarText(clean_line(entry.summary)))
    event.add("status", status.value)
    event.add("transp", "OPAQUE" if status is EntryStatus.CONFIRMED else "TRANSPARENT")
    start, end = calendar_bounds(entry.times)
    event.add("dtstart", start)
    event.add("dtend", end)
    add_place_and_text(event, entry)
    return EventEntry(event.to_ical(), zone_to_describe(entry.times))
