"""The events of a feed: which they are, as everybody may know them, serialised once each and kept by their mark."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from eventreg.calendars.calendar_text_rules import shortened
from eventreg.calendars.feed import LONGEST_DESCRIPTION, EventEntry, FeedEvent
from eventreg.calendars.feed_cache import feed_cache
from eventreg.calendars.feed_formats import FeedFormat
from eventreg.calendars.programme_rules import programme_text
from eventreg.calendars.queries import EventMark, events_by_ids, feed_marks
from eventreg.calendars.time_zone_rules import EventTimes
from eventreg.events.event_words import KIND_WORDS
from eventreg.events.models import Event
from eventreg.events.queries import ListFilter
from eventreg.external_calendars.external_feed_events import external_feed_event
from eventreg.external_calendars.queries import external_events_by_ids, external_feed_marks
from eventreg.i18n import in_locale
from eventreg.links import absolute_url


@dataclass(frozen=True, slots=True)
class _Words:
    """The texts of an entry that depend on the reader's language."""

    kind: str
    heading: str
    place: str
    description: str


def marks_of(wanted: ListFilter, now: datetime, keeps_past: timedelta) -> list[EventMark]:
    """The events of a feed in the order of their start, the site's own and those of external calendars."""
    marks = [*feed_marks(wanted, now, keeps_past), *external_feed_marks(wanted, now, keeps_past)]
    return sorted(marks, key=lambda mark: (mark.starts_at, mark.is_external, mark.id))


def entries_of(marks: Sequence[EventMark], language: str, form: FeedFormat) -> list[EventEntry]:
    """The events' bytes in the order of the marks; only what changed since the last time is read and serialised.

    An event that vanished between the two reads is left out.
    """
    cache = feed_cache()
    keys = [(form.name, language, *mark.key) for mark in marks]
    with cache.lock:
        found = {key: entry for key in keys if (entry := cache.entries.get(key)) is not None}
    missing = {(mark.is_external, mark.id): key for mark, key in zip(marks, keys, strict=True) if key not in found}
    fresh = {missing[which]: form.serialise(event) for which, event in _read(missing, language)}
    with cache.lock:
        for key, entry in fresh.items():
            cache.entries[key] = entry
    found.update(fresh)
    return [found[key] for key in keys if key in found]


def _read(wanted: Iterable[tuple[bool, int]], language: str) -> Iterable[tuple[tuple[bool, int], FeedEvent]]:
    ours = [id_ for is_external, id_ in wanted if not is_external]
    others = [id_ for is_external, id_ in wanted if is_external]
    for event in events_by_ids(ours):
        yield (False, event.id), feed_event(event, language)
    for row in external_events_by_ids(others):
        yield (True, row.id), external_feed_event(row, language)


def feed_event(event: Event, language: str) -> FeedEvent:
    """What a feed tells of an event. The online address is for participants and stays out."""
    words = _words_of(event, language)
    return FeedEvent(
        uid=event.uid,
        sequence=event.sequence,
        changed_at=event.updated_at,
        summary=event.title,
        times=EventTimes(event.starts_at, event.ends_at, event.time_zone, event.all_day),
        description=words.description,
        location=words.place,
        page_url=absolute_url("event_page.event_page", language, slug=event.slug),
        categories=(words.kind,),
        cancelled=event.state == "cancelled",
        published_at=event.published_at,
        kind=event.kind,
        kind_words=words.kind,
        audience=event.audience,
        short_text=event.summary,
        attendance=event.attendance,
        city=event.city if event.attendance != "online" else "",
        organiser=event.organiser.name,
        organiser_slug=event.organiser.slug,
        series=event.series.title if event.series else "",
        series_slug=event.series.slug if event.series else "",
        sign_up_mode=event.sign_up_mode,
        sign_up_opens_at=event.sign_up_opens_at,
        sign_up_closes_at=event.sign_up_closes_at,
        language=event.language,
        read_in=language,
        heading=words.heading,
        sign_up_url=event.sign_up_url if event.sign_up_mode == "elsewhere" else "",
        organiser_url=absolute_url("organiser_page.organiser_page", language, slug=event.organiser.slug),
        series_url=absolute_url("series.series_page", language, slug=event.series.slug) if event.series else "",
    )


def _words_of(event: Event, language: str) -> _Words:
    is_cancelled = event.state == "cancelled"
    with in_locale(language):
        audience = _("For whom: %(audience)s", audience=event.audience) if event.audience else ""
        organiser = _("Organiser: %(name)s", name=event.organiser.name)
        lines = [line for line in (event.summary, audience, organiser) if line]
        if is_cancelled and event.cancel_reason:
            lines.append(event.cancel_reason)
        if event.programme:
            lines.extend(("", programme_text(event.programme)))
        return _Words(
            kind=str(KIND_WORDS[event.kind]),
            heading=_("Event cancelled: %(title)s", title=event.title) if is_cancelled else event.title,
            place=_place(event) or _("Online"),
            description=shortened("\n".join(lines), LONGEST_DESCRIPTION),
        )


def _place(event: Event) -> str:
    if event.attendance == "online":
        return ""
    town = " ".join(part for part in (event.postal_code, event.city) if part)
    return ", ".join(part for part in (event.venue, event.room, event.street, town, event.country) if part)
