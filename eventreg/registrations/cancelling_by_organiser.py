"""The organiser cancels somebody's registration, or takes it back; the person is told by mail."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations.cancelling import (
    Cancelled,
    CannotChange,
    Restored,
    cancel_registration,
    restore_registration,
)
from eventreg.registrations.models import Registration


def cancel_for_person(
    registration: Registration, account_id: int, now: datetime, reason: str = ""
) -> Cancelled | CannotChange:
    """Free the place; the person reads the `reason` (at most 400 characters), the trail keeps who did it."""
    with transaction():
        result = cancel_registration(registration.id, now, by="organiser", reason=reason)
        if isinstance(result, Cancelled) and result.changed:
            _record("registration_cancelled", registration, account_id, now)
        return result


def restore_for_person(registration: Registration, account_id: int, now: datetime) -> Restored | CannotChange:
    """Take a place for the person again, while there are places."""
    with transaction():
        result = restore_registration(registration.id, now, by="organiser")
        if isinstance(result, Restored) and result.changed:
            _record("registration_restored", registration, account_id, now)
        return result


def _record(action: str, registration: Registration, account_id: int, now: datetime) -> None:
    organiser_id = registration.event.organiser_id
    audit.record(account_id, action, organiser_id, registration.event_id, registration.id, now=now)
