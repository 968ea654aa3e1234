"""How many people one mailbox may sign up for an event: an office's shared address may need more."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations.queries import lock_event


def set_cap_per_address(event_id: int, cap: int, account_id: int, now: datetime) -> bool:
    """Allow `cap` (1 or more) live registrations per address; False when nothing changed.

    Nobody who is on the list already loses a place when the cap falls.
    """
    with transaction():
        event = lock_event(event_id)
        if event is None or event.cap_per_address == cap:
            return False
        event.cap_per_address = cap
        event.revision += 1  # an event form that is open elsewhere must not write the old number back
        detail = {"fields": ["cap_per_address"]}
        audit.record(account_id, "event_changed", event.organiser_id, event_id, detail=detail, now=now)
        return True
