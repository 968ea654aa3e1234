"""What is coming, as visitors see it: the site's own events and those of external calendars in one order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventreg.events.event_words import KIND_WORDS
from eventreg.events.listed_events import Listed, ListedExternal, row_of
from eventreg.events.queries import ListFilter, events_for_list, public_event_starts, upcoming_kinds
from eventreg.events.when_rules import day_block, machine_time, month_of
from eventreg.external_calendars.external_feed_events import source_link
from eventreg.external_calendars.models import ExternalEvent
from eventreg.external_calendars.queries import (
    external_events_by_ids,
    external_feed_marks,
    upcoming_external_kinds,
)


@dataclass(frozen=True, slots=True, order=True)
class Coming:
    """One event to come, without its contents. They sort by start; the site's own before the others'."""

    starts_at: datetime
    is_external: bool
    id: int


def coming_events(wanted: ListFilter, now: datetime) -> list[Coming]:
    """All events that match and are not over, the next first."""
    own = [Coming(starts_at, False, id_) for starts_at, id_ in public_event_starts(wanted, now, past=False)]
    marks = external_feed_marks(wanted, now, keeps_past=timedelta(0))
    return sorted([*own, *(Coming(mark.starts_at, True, mark.id) for mark in marks)])


def coming_rows(coming: Sequence[Coming], language: str, now: datetime) -> list[Listed]:
    """The rows of these events, in this order. An event that vanished between the two reads is left out."""
    rows: dict[tuple[bool, int], Listed] = {
        (False, event.id): row_of(event, language, now) for event in events_for_list(_ids(coming, is_external=False))
    }
    for event in external_events_by_ids(_ids(coming, is_external=True)):
        rows[True, event.id] = external_row(event, language)
    return [rows[one.is_external, one.id] for one in coming if (one.is_external, one.id) in rows]


def external_row(event: ExternalEvent, language: str) -> ListedExternal:
    """One row of somebody else's calendar."""
    return ListedExternal(
        title=event.title,
        link=source_link(event, language),
        place=event.place,
        source=event.calendar.name,
        kind=str(KIND_WORDS[event.calendar.kind]) if event.calendar.kind else "",
        cancelled=event.cancelled,
        month=month_of(event.starts_at, event.time_zone),
        day=day_block(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        starts=machine_time(event.starts_at, event.time_zone),
    )


def coming_kinds(now: datetime) -> set[str]:
    """The kinds of which something is coming, here or elsewhere."""
    return upcoming_kinds(now) | upcoming_external_kinds(now)


def _ids(coming: Iterable[Coming], *, is_external: bool) -> list[int]:
    return [one.id for one in coming if one.is_external == is_external]
