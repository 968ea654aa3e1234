"""In which forms the same events are told, and how each is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from eventreg.calendars.atom_feed import atom_entry, atom_feed
from eventreg.calendars.feed import PAST_STAYS, EventEntry, FeedEvent, FeedHeader
from eventreg.calendars.ical_feed import PRODUCT, event_entry, feed_bytes
from eventreg.calendars.json_feed import json_entry, json_feed


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """`serialise` writes one event (kept by its mark), `join` the whole; past events stay for `keeps_past`.

    The name is part of every ETag: its number rises when the same events are written otherwise.
    """

    name: str
    content_type: str
    serialise: Callable[[FeedEvent], EventEntry]
    join: Callable[[FeedHeader, Iterable[EventEntry]], bytes]
    keeps_past: timedelta


ICALENDAR = FeedFormat(PRODUCT, "text/calendar; charset=utf-8", event_entry, feed_bytes, PAST_STAYS)
JSON = FeedFormat("json 1", "application/json; charset=utf-8", json_entry, json_feed, timedelta(0))
ATOM = FeedFormat("atom 1", "application/atom+xml; charset=utf-8", atom_entry, atom_feed, timedelta(0))
