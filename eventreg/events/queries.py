"""Events: rows in, rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import defer, joinedload

from eventreg.database import Base, db, our_words
from eventreg.events.listing_rules import matches_search, month_bounds
from eventreg.events.models import Event, FormerSlug
from eventreg.events.sign_up_window_rules import SignUpWindow
from eventreg.events.slug_rules import slug_from_title
from eventreg.organisers.models import Organiser


def window_of(event: Event) -> SignUpWindow:
    """What the sign-up rules want to know of a row."""
    return SignUpWindow(
        state=event.state,
        mode=event.sign_up_mode,
        opens_at=event.sign_up_opens_at,
        closes_at=event.sign_up_closes_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=event.capacity,
        places_taken=event.places_taken,
        waiting_list=event.waiting_list,
        waiting=event.waiting_count,
    )


def event_by_slug(slug: str) -> Event | None:
    """The event at an address, whatever its state."""
    return db.session.scalar(_BY_SLUG, {"slug": slug})


_BY_SLUG = select(Event).where(Event.slug == bindparam("slug"))
"""Built once: every page of an event and every sign-up needs it."""


def event_by_former_slug(slug: str) -> Event | None:
    """The event that once had this address."""
    return db.session.scalar(
        select(Event).join(FormerSlug, FormerSlug.event_id == Event.id).where(FormerSlug.slug == slug)
    )


PUBLIC_STATES = ("published", "cancelled")
"""What visitors may see; drafts and archived events are nobody's business."""


def public_event_at(slug: str) -> tuple[int, str] | None:
    """Id and present slug of the public event that has, or once had, this address."""
    for query in (_AT_SLUG, _AT_FORMER_SLUG):
        found = db.session.execute(query, {"slug": slug}).first()
        if found is not None:
            return found.id, found.slug
    return None


_EVENTS = Base.metadata.tables["events"].c
_IS_PUBLIC = _EVENTS.state.in_(our_words(PUBLIC_STATES))
_AT_SLUG = select(_EVENTS.id, _EVENTS.slug).where(_EVENTS.slug == bindparam("slug"), _IS_PUBLIC)
_AT_FORMER_SLUG = (
    select(_EVENTS.id, _EVENTS.slug)
    .join(FormerSlug, FormerSlug.event_id == _EVENTS.id)
    .where(FormerSlug.slug == bindparam("slug"), _IS_PUBLIC)
)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which events a list shows; None, or no words: all. `month` is in the calendar of HOME_ZONE."""

    kind: str | None = None
    series_id: int | None = None
    organiser_id: int | None = None
    cities: tuple[str, ...] | None = None  # the spellings of one city; an empty tuple finds nothing
    month: tuple[int, int] | None = None
    words: tuple[str, ...] = ()


SEARCHED = (Event.title, Event.summary, Event.city, Event.venue, Event.audience, Organiser.name)
"""Where a search looks."""


def public_event_ids(wanted: ListFilter, now: datetime, *, past: bool) -> list[int]:
    """Ids of the listed events, in the order of `public_event_starts`."""
    return [id_ for _start, id_ in public_event_starts(wanted, now, past=past)]


def public_event_starts(wanted: ListFilter, now: datetime, *, past: bool) -> list[tuple[datetime, int]]:
    """Start and id of the listed events: upcoming ones with the next first, or past ones with the latest first.

    A search compares folded text here and not in the database, because SQLite knows neither case nor diacritics of
    Polish letters.
    """
    statement = (
        select(Event.starts_at, Event.id, *SEARCHED)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(Event.state.in_(PUBLIC_STATES), Event.listed, *conditions_of(wanted))
        .where(Event.ends_at <= now if past else Event.ends_at > now)
        .order_by(Event.starts_at.desc() if past else Event.starts_at, Event.id.desc() if past else Event.id)
    )
    rows = db.session.execute(statement)
    return [(row[0], row[1]) for row in rows if not wanted.words or matches_search(wanted.words, row[2:])]


def conditions_of(wanted: ListFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on Event, all but its words: these are compared in Python (see above)."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(Event.kind == wanted.kind)
    if wanted.series_id is not None:
        conditions.append(Event.series_id == wanted.series_id)
    if wanted.organiser_id is not None:
        conditions.append(Event.organiser_id == wanted.organiser_id)
    if wanted.cities is not None:
        conditions.append(Event.city.in_(wanted.cities))
    if wanted.month is not None:
        first, after = month_bounds(*wanted.month)
        conditions += [Event.starts_at < after, Event.ends_at > first]
    return conditions


def events_for_list(ids: Sequence[int]) -> list[Event]:
    """The events with these ids, in this order, without their long texts."""
    found = db.session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(joinedload(Event.edition), defer(Event.programme), defer(Event.venue_accessibility))
    )
    by_id = {event.id: event for event in found}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def cities_called(slug: str) -> tuple[str, ...]:
    """The names of cities with public events that give this word in an address ('krakow': 'Kraków'), sorted.

    No city is stored but as its organiser typed it, so the few different ones are compared here.
    """
    public = select(Event.city).where(Event.state.in_(PUBLIC_STATES), Event.listed, Event.city != "").distinct()
    return tuple(sorted(city for city in db.session.scalars(public) if slug_from_title(city) == slug))


def upcoming_kinds(now: datetime) -> set[str]:
    """The kinds of which something is coming."""
    return set(
        db.session.scalars(
            select(Event.kind).where(Event.state.in_(PUBLIC_STATES), Event.listed, Event.ends_at > now).distinct()
        )
    )


def public_event_marks() -> list[tuple[str, datetime]]:
    """Slug and last change of every listed event, for the sitemap."""
    rows = db.session.execute(
        select(Event.slug, Event.updated_at).where(Event.state.in_(PUBLIC_STATES), Event.listed).order_by(Event.id)
    )
    return [(row.slug, row.updated_at) for row in rows]


def organisers_with_events() -> set[int]:
    """Ids of the organisers that have something public."""
    return set(
        db.session.scalars(select(Event.organiser_id).where(Event.state.in_(PUBLIC_STATES), Event.listed).distinct())
    )
