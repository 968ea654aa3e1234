"""Deleting an event nobody is signed up for, and archiving one that people were signed up for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventreg.database import db, transaction
from eventreg.events.event_changes import Gone, add_to_register
from eventreg.events.event_life_rules import RemovalKind, removal_of
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.registrations.models import Registration
from eventreg.registrations.queries import lock_event
from eventreg.registrations.standing_rules import LIVE_STATES


@dataclass(frozen=True, slots=True)
class Deleted:
    """Gone for good, with its register of changes."""

    title: str


@dataclass(frozen=True, slots=True)
class Archived:
    """No longer public and no longer changed; its registrations stay until their retention ends."""

    event: Event


@dataclass(frozen=True, slots=True)
class CancelFirst:
    """People are signed up and it is still to come: it has to be called off, so that they hear of it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Back from the archive, as a draft."""

    event: Event


def removal_for(event: Event, now: datetime) -> RemovalKind:
    """What 'delete' would mean for this event now."""
    rows, live = _registration_counts(event.id)
    return removal_of(event.state, rows, live, event.ends_at, now)


def remove_event(event_id: int, account_id: int | None, now: datetime) -> Deleted | Archived | CancelFirst | Gone:
    """Delete or archive, whichever is right (`event_rules.removal_of`)."""
    with transaction() as session:
        event = lock_event(event_id)
        if event is None or event.state == "archived":
            return Gone()
        match removal_for(event, now):
            case RemovalKind.CANCEL_FIRST:
                return CancelFirst()
            case RemovalKind.DELETE:
                audit.record(
                    account_id,
                    "event_deleted",
                    organiser_id=event.organiser_id,
                    detail={"slug": event.slug, "title": event.title},
                    now=now,
                )
                session.delete(event)
                return Deleted(event.title)
        event.state = "archived"
        event.updated_at = now
        event.revision += 1
        add_to_register(session, event, "archived", account_id, now)
        audit.record(account_id, "event_archived", organiser_id=event.organiser_id, event_id=event.id, now=now)
    return Archived(event)


def restore_event(event_id: int, account_id: int | None, now: datetime) -> Restored | Gone:
    """Take an event out of the archive; it becomes a draft."""
    with transaction():
        event = lock_event(event_id)
        if event is None or event.state != "archived":
            return Gone()
        event.state = "draft"
        event.updated_at = now
        event.revision += 1
        audit.record(account_id, "event_restored", organiser_id=event.organiser_id, event_id=event.id, now=now)
    return Restored(event)


def _registration_counts(event_id: int) -> tuple[int, int]:
    """All registrations of an event, and those that are live."""
    live = func.count().filter(Registration.state.in_(LIVE_STATES))
    row = db.session.execute(select(func.count(), live).where(Registration.event_id == event_id)).one()
    return int(row[0]), int(row[1])
