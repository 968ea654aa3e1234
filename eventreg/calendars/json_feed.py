"""The public events as JSON, for other sites and programs; docs/feeds.md tells its shape.

Every key is always there, null where there is nothing to tell. No person: neither a contact nor who signed up.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from eventreg.calendars.calendar_text_rules import clean_line, clean_text, clean_url
from eventreg.calendars.feed import EventEntry, FeedEvent, FeedHeader
from eventreg.calendars.time_zone_rules import EventTimes, calendar_bounds
from eventreg.events.when_rules import machine_time

VERSION = 1
"""Of the shape: rises when a key goes or means something else; new keys may come without it."""


def json_entry(event: FeedEvent) -> EventEntry:
    """One event as the bytes of a JSON object."""
    return EventEntry(_bytes(_event_object(event)))


def json_feed(header: FeedHeader, entries: Iterable[EventEntry]) -> bytes:
    """The whole: what it is, and the events in the order given."""
    head = _bytes(
        {
            "version": VERSION,
            "site": clean_line(header.site),
            "title": clean_line(header.name),
            "language": header.language,
            "address": clean_url(header.source_url),
            "page": clean_url(header.page_url) or None,
        }
    )
    return head.removesuffix(b"}") + b',"events":[' + b",".join(entry.body for entry in entries) + b"]}"


def _event_object(event: FeedEvent) -> dict[str, object]:
    times, page = event.times, clean_url(event.page_url) or None
    first_day, last_day = _days(times)
    return {
        "id": clean_line(event.uid),
        "url": page,
        "title": clean_line(event.summary),
        "summary": _text(event.short_text),
        "kind": event.kind or None,
        "kind_name": event.kind_words or None,
        "starts": _moment(times.starts_at, times),
        "ends": _moment(times.ends_at, times),
        "time_zone": times.timezone,
        "all_day": times.all_day,
        "first_day": first_day,
        "last_day": last_day,
        "attendance": event.attendance or None,
        "place": _text(event.location) if event.attendance != "online" else None,
        "city": _text(event.city),
        "organiser": {
            "name": clean_line(event.organiser),
            "slug": event.organiser_slug,
            "url": clean_url(event.organiser_url) or None,
        },
        "series": _series(event),
        "audience": _text(event.audience),
        "cancelled": event.cancelled,
        "published": _moment(event.published_at, times),
        "changed": _moment(event.changed_at, times),
        "language": event.language or None,
        "sign_up": _sign_up(event, page),
        "external": {"name": clean_line(event.source), "url": page} if event.source else None,
    }


def _series(event: FeedEvent) -> dict[str, object] | None:
    if not event.series_slug:
        return None
    return {
        "title": clean_line(event.series),
        "slug": event.series_slug,
        "url": clean_url(event.series_url) or None,
    }


def _sign_up(event: FeedEvent, page: str | None) -> dict[str, object] | None:
    if not event.sign_up_mode:
        return None
    addresses = {"here": page, "elsewhere": clean_url(event.sign_up_url) or None}
    return {
        "mode": event.sign_up_mode,
        "opens": _moment(event.sign_up_opens_at, event.times),
        "closes": _moment(event.sign_up_closes_at, event.times),
        "url": addresses.get(event.sign_up_mode),
    }


def _days(times: EventTimes) -> tuple[str | None, str | None]:
    """First and last day of an event of whole days."""
    first, after = calendar_bounds(times)
    if not times.all_day or isinstance(first, datetime) or isinstance(after, datetime):
        return None, None
    last: date = after - timedelta(days=1)
    return first.isoformat(), last.isoformat()


def _moment(moment: datetime | None, times: EventTimes) -> str | None:
    """On the clock of the event's place, with its offset."""
    return machine_time(moment, times.timezone) if moment else None


def _text(value: str) -> str | None:
    return clean_text(value) or None


def _bytes(value: dict[str, object]) -> bytes:
    """Without '<', so that it may stand inside a page's <script> as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").encode()
