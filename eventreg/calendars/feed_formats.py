"""In which forms the same events are told, and how each is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from eventreg.calendars.feed import PAST_STAYS, EventEntry, FeedEvent, FeedHeader, event_entry, feed_bytes


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """`serialise` writes one event (kept by its mark), `join` the whole; past events stay for `keeps_past`."""

    name: str
    content_type: str
    serialise: Callable[[FeedEvent], EventEntry]
    join: Callable[[FeedHeader, Iterable[EventEntry]], bytes]
    keeps_past: timedelta


ICALENDAR = FeedFormat("ics", "text/calendar; charset=utf-8", event_entry, feed_bytes, PAST_STAYS)
