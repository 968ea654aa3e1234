"""Making and changing organisers: the administrator's work."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.slug_rules import next_free_slug, slug_from_title
from eventreg.organisers import audit
from eventreg.organisers.models import Organiser


@dataclass(frozen=True, slots=True)
class OrganiserDetails:
    """What the administrator may set of an organiser."""

    name: str
    legal_name: str
    kind: str
    contact_email: str
    contact_phone: str
    address: str
    website: str
    about: str
    sends_as_itself: bool = False
    has_publication_record: bool = True


def make_organiser(
    details: OrganiserDetails, by_account_id: int | None, now: datetime, slug: str | None = None
) -> Organiser:
    """A new organiser at an address made from its name, numbered when it is taken."""
    with transaction() as session:
        organiser = Organiser(**asdict(details), slug=_free_slug(slug or slug_from_title(details.name)), created_at=now)
        session.add(organiser)
        session.flush()
        audit.record(by_account_id, "organiser_made", organiser.id, now=now)
        return organiser


def change_organiser(organiser_id: int, details: OrganiserDetails, by_account_id: int, now: datetime) -> list[str]:
    """Stores the details; returns the names of the fields that changed (none: nothing is written)."""
    with transaction() as session:
        organiser = session.get_one(Organiser, organiser_id)
        changed = [name for name, value in asdict(details).items() if getattr(organiser, name) != value]
        for name in changed:
            setattr(organiser, name, getattr(details, name))
        if changed:
            audit.record(by_account_id, "organiser_changed", organiser_id, detail={"fields": changed}, now=now)
        return changed


def _free_slug(slug: str) -> str:
    return next_free_slug(slug, set(db.session.scalars(select(Organiser.slug))))
