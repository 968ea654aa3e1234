"""External calendars and their events: rows in, rows out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from eventreg.calendars.queries import EventMark
from eventreg.database import db
from eventreg.events.listing_rules import matches_search, month_bounds
from eventreg.events.queries import ListFilter
from eventreg.events.slug_rules import slug_from_title
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import Organiser


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
            ExternalEvent.starts_at,
            ExternalEvent.ends_at,
            ExternalEvent.title,
            ExternalEvent.place,
            ExternalCalendar.name,
            ExternalCalendar.kind,
            ExternalCalendar.page_url,
            ExternalCalendar.feed_url,
            Organiser.name,
            Organiser.slug,
        )
        .join(ExternalCalendar, ExternalCalendar.id == ExternalEvent.calendar_id)
        .join(Organiser, Organiser.id == ExternalCalendar.organiser_id)
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
        EventMark(id_, uid, revision, tuple(source), starts_at, ends_at + keeps_past, is_external=True)
        for id_, uid, revision, starts_at, ends_at, title, place, *source in db.session.execute(statement)
        if _matches(wanted, title, place, source[0])
    ]


def _matches(wanted: ListFilter, title: str, place: str, source: str) -> bool:
    if wanted.cities is not None and not any(_names(place, city) for city in wanted.cities):
        return False
    return not wanted.words or matches_search(wanted.words, (title, place, source))


def _names(place: str, city: str) -> bool:
    """Whether a place's text names the city, as whole words."""
    return f"-{slug_from_title(city)}-" in f"-{slug_from_title(place[:70])}-"


def calendars_of(organiser_id: int) -> Sequence[ExternalCalendar]:
    """What an organiser follows, by name."""
    return db.session.scalars(
        select(ExternalCalendar)
        .where(ExternalCalendar.organiser_id == organiser_id)
        .order_by(func.lower(ExternalCalendar.name), ExternalCalendar.id)
    ).all()


def calendar_of(organiser_id: int, calendar_id: int) -> ExternalCalendar | None:
    """The calendar, only if this organiser follows it (abuse 28)."""
    return db.session.scalar(
        select(ExternalCalendar).where(
            ExternalCalendar.id == calendar_id, ExternalCalendar.organiser_id == organiser_id
        )
    )


@dataclass(frozen=True, slots=True)
class CalendarFigures:
    """How many events of a calendar are still to come, and how many of them visitors see."""

    coming: int = 0
    shown: int = 0


def figures_of_calendars(calendar_ids: Sequence[int], now: datetime) -> dict[int, CalendarFigures]:
    """The figures of each of these calendars."""
    counted = db.session.execute(
        select(ExternalEvent.calendar_id, func.count(), func.sum(case((ExternalEvent.shown, 1), else_=0)))
        .where(ExternalEvent.calendar_id.in_(calendar_ids), ExternalEvent.ends_at > now)
        .group_by(ExternalEvent.calendar_id)
    )
    found = {calendar_id: CalendarFigures(coming, shown) for calendar_id, coming, shown in counted}
    return {calendar_id: found.get(calendar_id, CalendarFigures()) for calendar_id in calendar_ids}


def coming_of_calendar(calendar_id: int, now: datetime, first: int, most: int) -> Sequence[ExternalEvent]:
    """The events of a calendar that are not over, the next first: `most` of them from the place `first` on."""
    return db.session.scalars(
        select(ExternalEvent)
        .where(ExternalEvent.calendar_id == calendar_id, ExternalEvent.ends_at > now)
        .order_by(ExternalEvent.starts_at, ExternalEvent.id)
        .offset(first)
        .limit(most)
        .options(joinedload(ExternalEvent.calendar, innerjoin=True))
    ).all()


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
