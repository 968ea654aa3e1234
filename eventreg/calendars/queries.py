"""Which events a feed tells: rows in, rows out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import defer, joinedload

from eventreg.calendars.feed import CANCELLED_STAYS
from eventreg.database import db
from eventreg.events.listing_rules import matches_search
from eventreg.events.models import Event
from eventreg.events.queries import SEARCHED, ListFilter, conditions_of
from eventreg.external_calendars.models import ExternalEvent
from eventreg.organisers.models import Organiser
from eventreg.series.models import Series

_NAMES = 4
"""Name and slug of the organiser, title and slug of the series."""


@dataclass(frozen=True, slots=True)
class EventMark:
    """An event in a feed, without its contents: all that its bytes depend on, and until when it stays.

    The UID tells events apart for good; an id may come again in SQLite after the last event was deleted. `source` is
    what the entry tells besides its own row: organiser and series, or the external calendar.
    """

    id: int
    uid: str
    revision: int
    source: tuple[str | None, ...]
    starts_at: datetime
    leaves_at: datetime
    is_external: bool = False

    @property
    def key(self) -> tuple[str, int, tuple[str | None, ...]]:
        """For caches and ETags."""
        return self.uid, self.revision, self.source


def feed_marks(wanted: ListFilter, now: datetime, keeps_past: timedelta) -> list[EventMark]:
    """The site's own events of a feed: listed, published or cancelled lately, over for `keeps_past` at most."""
    statement = (
        select(
            Event.id,
            Event.uid,
            Event.revision,
            Event.starts_at,
            Event.ends_at,
            Event.state,
            Event.cancelled_at,
            Organiser.name,
            Organiser.slug,
            Series.title,
            Series.slug,
            *(SEARCHED if wanted.words else ()),
        )
        .join(Organiser, Organiser.id == Event.organiser_id)
        .outerjoin(Series, Series.id == Event.series_id)
        .where(
            Event.listed,
            or_(
                Event.state == "published",
                and_(Event.state == "cancelled", Event.cancelled_at > now - CANCELLED_STAYS),
            ),
            Event.ends_at > now - keeps_past,
            *conditions_of(wanted),
        )
    )
    marks = []
    for id_, uid, revision, starts_at, ends_at, state, cancelled_at, *texts in db.session.execute(statement):
        if wanted.words and not matches_search(wanted.words, texts[_NAMES:]):
            continue
        leaves_at = ends_at + keeps_past
        if state == "cancelled" and cancelled_at is not None:
            leaves_at = min(leaves_at, cancelled_at + CANCELLED_STAYS)
        marks.append(EventMark(id_, uid, revision, tuple(texts[:_NAMES]), starts_at, leaves_at))
    return marks


def mark_of_one(event: Event) -> EventMark:
    """An event that is told by itself, for as long as it has a page."""
    series = event.series
    of_series = (series.title, series.slug) if series else (None, None)
    names = (event.organiser.name, event.organiser.slug, *of_series)
    return EventMark(event.id, event.uid, event.revision, names, event.starts_at, datetime.max.replace(tzinfo=UTC))


def events_by_ids(ids: Sequence[int]) -> Iterable[Event]:
    """The events with these ids, a few hundred a statement, without what feeds do not tell."""
    for start in range(0, len(ids), 500):
        yield from db.session.scalars(
            select(Event)
            .where(Event.id.in_(ids[start : start + 500]))
            .options(joinedload(Event.series), defer(Event.venue_accessibility))
        )


def latest_leaving(now: datetime, keeps_past: timedelta) -> datetime | None:
    """When an event, the site's own or an external one, last left the feeds because it grew too old. None: none did."""
    ended = db.session.scalar(select(func.max(Event.ends_at)).where(Event.ends_at <= now - keeps_past))
    cancelled = db.session.scalar(
        select(func.max(Event.cancelled_at)).where(
            Event.state == "cancelled", Event.cancelled_at <= now - CANCELLED_STAYS
        )
    )
    external = db.session.scalar(
        select(func.max(ExternalEvent.ends_at)).where(ExternalEvent.ends_at <= now - keeps_past)
    )
    moments = (
        ended and ended + keeps_past,
        external and external + keeps_past,
        cancelled and cancelled + CANCELLED_STAYS,
    )
    return max((moment for moment in moments if moment), default=None)
