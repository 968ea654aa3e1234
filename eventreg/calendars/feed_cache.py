"""What a process keeps of feeds, each part bounded: it does not grow with subscribers, addresses or events."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from cachetools import LRUCache
from flask import current_app

from eventreg.calendars.feed import EventEntry

STATES_KEPT = 512
"""Addresses of feeds whose ETag is known without a look at their events."""

ENTRY_BYTES_KEPT = 48 * 1024 * 1024
"""Serialised events, about 1 kB each."""

BODY_BYTES_KEPT = 32 * 1024 * 1024
"""Whole answers, plain and packed."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed as it stood at a public version: its ETag, and until when that holds if nothing is saved."""

    version: str
    tag: str
    changed_at: datetime
    valid_until: datetime


def _entries() -> "LRUCache[tuple[object, ...], EventEntry]":
    return LRUCache(ENTRY_BYTES_KEPT, getsizeof=lambda entry: len(entry.body) + 400)


def _bodies() -> "LRUCache[tuple[str, bool], bytes]":
    return LRUCache(BODY_BYTES_KEPT, getsizeof=len)


@dataclass(slots=True)
class FeedCache:
    """The three stores; whoever touches one holds the lock."""

    states: "LRUCache[tuple[object, ...], FeedState]" = field(default_factory=lambda: LRUCache(STATES_KEPT))
    entries: "LRUCache[tuple[object, ...], EventEntry]" = field(default_factory=_entries)
    bodies: "LRUCache[tuple[str, bool], bytes]" = field(default_factory=_bodies)
    lock: Lock = field(default_factory=Lock)


def feed_cache() -> FeedCache:
    """The one of this application."""
    cache: FeedCache = current_app.extensions.setdefault("eventreg.feeds", FeedCache())
    return cache
