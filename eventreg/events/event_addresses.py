"""The address of an event: free or not, and what the old one becomes when it changes."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from eventreg.database import db
from eventreg.events.models import Event, FormerSlug
from eventreg.events.slug_rules import next_free_slug


def is_address_free(slug: str, event_id: int | None = None) -> bool:
    """Whether an event may have this address: no other event has it or once had it (old ones redirect).

    `event_id` is the event that asks, None for a new one.
    """
    own = -1 if event_id is None else event_id
    taken = or_(
        exists().where(Event.slug == slug, Event.id != own),
        exists().where(FormerSlug.slug == slug, FormerSlug.event_id != own),
    )
    return not db.session.scalar(select(taken))


@dataclass(frozen=True, slots=True)
class _TakenAddresses:
    """Asks the database: there are few addresses to try, and many that are taken."""

    event_id: int | None

    def __contains__(self, slug: object) -> bool:
        return not is_address_free(str(slug), self.event_id)


def free_address_like(slug: str, event_id: int | None = None) -> str:
    """The address if it is free, else with the first free number behind it: 'warsztaty', 'warsztaty-2' ..."""
    return next_free_slug(slug, _TakenAddresses(event_id))


def keep_former_address(session: Session, event: Event, new_slug: str) -> None:
    """Let the event's present address redirect from now on; an own former one that returns stops doing so."""
    session.execute(delete(FormerSlug).where(FormerSlug.slug == new_slug, FormerSlug.event_id == event.id))
    if event.published_at is not None and event.slug != new_slug:
        session.add(FormerSlug(slug=event.slug, event_id=event.id))
