"""An event that does not take place: its page stays and says so, and everybody who is signed up is told."""

from dataclasses import dataclass
from datetime import datetime

from eventreg.database import transaction
from eventreg.events.event_changes import Gone, add_to_register
from eventreg.events.event_publishing import NotPublished
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.registrations import event_mails
from eventreg.registrations.queries import lock_event


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Called off. `mails` is the number of mails that leave because of it."""

    event: Event
    mails: int


@dataclass(frozen=True, slots=True)
class AlreadyOver:
    """What has taken place cannot be called off; nothing was written."""


def cancel_event(
    event_id: int, reason: str, account_id: int | None, now: datetime
) -> Cancelled | NotPublished | AlreadyOver | Gone:
    """Call a published event off. `reason` (may be empty) is shown on its page and in the mails.

    Registrations stay as they are: who was signed up remains known, for the list and for a new date.
    """
    with transaction() as session:
        event = lock_event(event_id)
        if event is None:
            return Gone()
        if event.state != "published":
            return NotPublished()
        if event.ends_at <= now:
            return AlreadyOver()
        event.state = "cancelled"
        event.cancelled_at = now
        event.cancel_reason = reason
        event.updated_at = now
        event.revision += 1
        event.sequence += 1
        add_to_register(session, event, "cancelled", account_id, now)
        session.flush()
        mails = event_mails.tell_event_cancelled(event, now)
        audit.record(
            account_id,
            "event_cancelled",
            organiser_id=event.organiser_id,
            event_id=event.id,
            detail={"mails": mails},
            now=now,
        )
    return Cancelled(event, mails)
