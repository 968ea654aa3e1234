"""Which events a feed tells: rows in, rows out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import defer

from eventreg.calendars.feed import CANCELLED_STAYS, PAST_STAYS
from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which events a feed tells; None: all."""

    kind: str | None = None
    series_id: int | None = None
    organiser_id: int | None = None


@dataclass(frozen=True, slots=True)
class EventMark:
    """An event in a feed, without its contents.

    The UID tells events apart for good; an id may come again in SQLite after the last event was deleted.
    """

    id: int
    uid: str
    revision: int


def feed_marks(wanted: FeedFilter, now: datetime) -> list[EventMark]:
    """The events of a feed in the order of their start: listed, published or cancelled lately, not long over."""
    conditions = [
        Event.listed,
        or_(
            Event.state == "published",
            and_(Event.state == "cancelled", Event.cancelled_at > now - CANCELLED_STAYS),
        ),
        Event.ends_at > now - PAST_STAYS,
    ]
    if wanted.kind is not None:
        conditions.append(Event.kind == wanted.kind)
    if wanted.series_id is not None:
        conditions.append(Event.series_id == wanted.series_id)
    if wanted.organiser_id is not None:
        conditions.append(Event.organiser_id == wanted.organiser_id)
    rows = db.session.execute(
        select(Event.id, Event.uid, Event.revision).where(*conditions).order_by(Event.starts_at, Event.id)
    )
    return [EventMark(*row) for row in rows]


def events_by_ids(ids: Sequence[int]) -> Iterable[Event]:
    """The events with these ids, a few hundred a statement, without what feeds do not tell."""
    for start in range(0, len(ids), 500):
        yield from db.session.scalars(
            select(Event)
            .where(Event.id.in_(ids[start : start + 500]))
            .options(defer(Event.programme), defer(Event.venue_accessibility))
        )


def feeds_changed_at(now: datetime) -> datetime | None:
    """When any feed last read differently: an event saved or deleted, or one that grew too old. None: never."""
    latest_past = select(func.max(Event.ends_at)).where(Event.ends_at <= now - PAST_STAYS)
    latest_cancelled = select(func.max(Event.cancelled_at)).where(
        Event.state == "cancelled", Event.cancelled_at <= now - CANCELLED_STAYS
    )
    latest_deleted = select(func.max(AuditEntry.at)).where(AuditEntry.action == "event_deleted")
    past, cancelled = db.session.scalar(latest_past), db.session.scalar(latest_cancelled)
    moments = (
        db.session.scalar(select(func.max(Event.updated_at))),
        db.session.scalar(latest_deleted),
        past + PAST_STAYS if past is not None else None,
        cancelled + CANCELLED_STAYS if cancelled is not None else None,
    )
    return max((moment for moment in moments if moment is not None), default=None)
