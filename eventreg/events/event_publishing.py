"""Publishing an event and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from eventreg.database import transaction
from eventreg.events.event_changes import Gone, add_to_register
from eventreg.events.event_life_rules import PublishingObstacle, publishing_obstacles
from eventreg.events.event_loading import fields_of
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.organisers.models import Account
from eventreg.registrations.queries import lock_event
from eventreg.registrations.waiting_list import give_free_places


@dataclass(frozen=True, slots=True)
class Published:
    """Everybody can read it now."""

    event: Event


@dataclass(frozen=True, slots=True)
class NotPublishable:
    """Nothing was written: this is missing."""

    obstacles: tuple[PublishingObstacle, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A draft again; the registrations stay, nobody was told."""

    event: Event


@dataclass(frozen=True, slots=True)
class NotPublished:
    """Only a published event can be withdrawn or cancelled; nothing was written."""


def obstacles_of(event: Event, now: datetime) -> tuple[PublishingObstacle, ...]:
    """What forbids publishing this event now."""
    has_clause = event.organiser.current_clause_id is not None
    return publishing_obstacles(fields_of(event), event.state, has_clause, now)


def publish_event(event_id: int, account: Account, now: datetime) -> Published | NotPublishable | Gone:
    """Make a draft public. The date of the first publication stays; a later one is a line in the register."""
    with transaction() as session:
        event = lock_event(event_id)
        if event is None:
            return Gone()
        obstacles = obstacles_of(event, now)
        if obstacles:
            return NotPublishable(obstacles)
        event.state = "published"
        event.publisher_name = account.name or event.publisher_name
        event.updated_at = now
        event.revision += 1
        if event.published_at is None:
            event.published_at = now
        else:
            add_to_register(session, event, "published", account.id, now)
        give_free_places(event, now)  # places may have become free while it was a draft
        audit.record(account.id, "event_published", organiser_id=event.organiser_id, event_id=event.id, now=now)
    return Published(event)


def withdraw_event(event_id: int, account_id: int | None, now: datetime) -> Withdrawn | NotPublished | Gone:
    """Make a published event a draft again."""
    with transaction() as session:
        event = lock_event(event_id)
        if event is None:
            return Gone()
        if event.state != "published":
            return NotPublished()
        event.state = "draft"
        event.updated_at = now
        event.revision += 1
        add_to_register(session, event, "withdrawn", account_id, now)
        audit.record(account_id, "event_withdrawn", organiser_id=event.organiser_id, event_id=event.id, now=now)
    return Withdrawn(event)
