"""Events: rows in, rows out."""

from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event, FormerSlug
from eventreg.events.sign_up_window_rules import SignUpWindow


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
    )


def event_by_slug(slug: str) -> Event | None:
    """The event at an address, whatever its state."""
    return db.session.scalar(select(Event).where(Event.slug == slug))


def event_by_former_slug(slug: str) -> Event | None:
    """The event that once had this address."""
    return db.session.scalar(
        select(Event).join(FormerSlug, FormerSlug.event_id == Event.id).where(FormerSlug.slug == slug)
    )
