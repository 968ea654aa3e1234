"""External calendars and their events: rows in, rows out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventreg.calendars.queries import EventMark
from eventreg.database import db
from eventreg.events.listing_rules import matches_search, month_bounds
from eventreg.events.queries import ListFilter
from eventreg.events.slug_rules import slug_from_title
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent


def external_feed_marks(wanted: ListFilter, now: datetime, keeps_past: timedelta) -> list[EventMark]:
    """The shown events of external calendars that match, over for `keeps_past` at most.

    They belong to no series; a city is looked for in the text of their place.
    """
    if wanted.series_id is not None:
        return []
    statement = (
        select(
            ExternalEvent.id,
            ExternalEvent.uid,
            ExternalEvent.revision,
            ExternalCalendar.name,
            ExternalEvent.starts_at,
            ExternalEvent.ends_at,
            ExternalEvent.title,
            ExternalEvent.place,
        )
        .join(ExternalCalendar, ExternalCalendar.id == ExternalEvent.calendar_id)
        .where(ExternalEvent.shown, ExternalEvent.ends_at > now - keeps_past)
    )
    if wanted.kind is not None:
        statement = statement.where(ExternalCalendar.kind == wanted.kind)
    if wanted.organiser_id is not None:
        statement = statement.where(ExternalCalendar.organiser_id == wanted.organiser_id)
    if wanted.month is not None:
        first, after = month_bounds(*wanted.month)
        statement = statement.where(ExternalEvent.starts_at < after, ExternalEvent.ends_at > first)
    return [
        EventMark(id_, uid, revision, name, starts_at, ends_at + keeps_past, is_external=True)
        for id_, uid, revision, name, starts_at, ends_at, title, place in db.session.execute(statement)
        if _matches(wanted, title, place, name)
    ]


def _matches(wanted: ListFilter, title: str, place: str, source: str) -> bool:
    if wanted.cities is not None and not any(_names(place, city) for city in wanted.cities):
        return False
    return not wanted.words or matches_search(wanted.words, (title, place, source))


def _names(place: str, city: str) -> bool:
    """Whether a place's text names the city, as whole words."""
    return f"-{slug_from_title(city)}-" in f"-{slug_from_title(place[:70])}-"


def upcoming_external_kinds(now: datetime) -> set[str]:
    """The kinds of the calendars of which something shown is coming."""
    kinds = db.session.scalars(
        select(ExternalCalendar.kind)
        .join(ExternalEvent, ExternalEvent.calendar_id == ExternalCalendar.id)
        .where(ExternalEvent.shown, ExternalEvent.ends_at > now)
        .distinct()
    )
    return {kind for kind in kinds if kind}


def external_events_by_ids(ids: Sequence[int]) -> Iterable[ExternalEvent]:
    """The events with these ids and their calendars, a few hundred a statement."""
    for start in range(0, len(ids), 500):
        yield from db.session.scalars(
            select(ExternalEvent)
            .where(ExternalEvent.id.in_(ids[start : start + 500]))
            .options(joinedload(ExternalEvent.calendar, innerjoin=True))
        )
