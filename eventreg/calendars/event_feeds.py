"""The feeds: events as everybody may know them, serialised once each and kept by (UID, revision, language)."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from flask import current_app
from flask_babel import gettext as _

from eventreg.calendars.feed import EventEntry, FeedEvent, event_entry
from eventreg.calendars.queries import EventMark, events_by_ids
from eventreg.calendars.time_zone_rules import EventTimes
from eventreg.events.event_words import KIND_WORDS
from eventreg.events.models import Event
from eventreg.i18n import in_locale
from eventreg.links import absolute_url

ENTRIES_KEPT = 20_000
"""About 1 kB each, in each process."""

_Key = tuple[str, str, int, str]  # base URL, UID, revision, language
_entries: OrderedDict[_Key, EventEntry] = OrderedDict()
_lock = Lock()


def entries_of(marks: Sequence[EventMark], language: str) -> list[EventEntry]:
    """The events' bytes in the order of the marks; only what changed since the last time is read and serialised.

    An event that vanished between the two reads is left out.
    """
    site = current_app.config["BASE_URL"]
    keys = [(site, mark.uid, mark.revision, language) for mark in marks]
    with _lock:
        found = {key: _entries[key] for key in keys if key in _entries}
    missing = [mark.id for mark, key in zip(marks, keys, strict=True) if key not in found]
    for event in events_by_ids(missing):
        key = (site, event.uid, event.revision, language)
        found[key] = event_entry(feed_event(event, language))
    with _lock:
        for key in keys:
            if key in found:
                _entries[key] = found[key]
                _entries.move_to_end(key)
        while len(_entries) > ENTRIES_KEPT:
            _entries.popitem(last=False)
    return [found[key] for key in keys if key in found]


def feed_event(event: Event, language: str) -> FeedEvent:
    """What a feed tells of an event. The online address is for participants and stays out."""
    with in_locale(language):
        kind = str(KIND_WORDS[event.kind])
        online = _("Online")
        audience = _("For whom: %(audience)s", audience=event.audience) if event.audience else ""
    lines = [line for line in (event.summary, audience) if line]
    if event.state == "cancelled" and event.cancel_reason:
        lines.append(event.cancel_reason)
    return FeedEvent(
        uid=event.uid,
        sequence=event.sequence,
        changed_at=event.updated_at,
        summary=event.title,
        times=EventTimes(event.starts_at, event.ends_at, event.time_zone, event.all_day),
        description="\n".join(lines),
        location=_place(event) or online,
        page_url=absolute_url("event_page.event_page", language, slug=event.slug),
        categories=(kind,),
        cancelled=event.state == "cancelled",
    )


def _place(event: Event) -> str:
    if event.attendance == "online":
        return ""
    town = " ".join(part for part in (event.postal_code, event.city) if part)
    return ", ".join(part for part in (event.venue, event.room, event.street, town, event.country) if part)
