"""Giving a place back, and taking it again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.registrations import queries, registration_mails
from eventreg.registrations.models import Registration


class CannotChange(StrEnum):
    """Why a registration stays as it is."""

    NOT_FOUND = "not_found"
    EVENT_OVER = "event_over"
    EVENT_CANCELLED = "event_cancelled"
    NO_PLACES = "no_places"
    NOT_YOURS_TO_RESTORE = "not_yours_to_restore"  # the organiser cancelled it


@dataclass(frozen=True)
class Cancelled:
    """The registration is cancelled; `changed` is False when it was so before (a double click)."""

    changed: bool


@dataclass(frozen=True)
class Restored:
    """The registration holds a place; `changed` is False when it did so before."""

    changed: bool


def cancel_registration(registration_id: int, now: datetime, *, by: str) -> Cancelled | CannotChange:
    """Free the place at once and tell the person with METHOD:CANCEL. `by` is 'person' or 'organiser'."""
    with transaction():
        found = _changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if not queries.change_state(registration.id, "confirmed", queries.cancelled_values(now, by)):
            return Cancelled(changed=False)
        queries.free_place(event.id)
        registration = queries.registration_by_id(registration.id) or registration
        registration_mails.tell_cancelled(event, registration, now)
        return Cancelled(changed=True)


def restore_registration(registration_id: int, now: datetime, *, by: str) -> Restored | CannotChange:
    """Undo a cancellation while there are places; the invitation comes back with the same UID."""
    with transaction():
        found = _changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state == "confirmed":
            return Restored(changed=False)
        if registration.cancelled_by == "organiser" and by == "person":
            return CannotChange.NOT_YOURS_TO_RESTORE
        if not queries.take_place(event.id):
            return CannotChange.NO_PLACES
        queries.change_state(registration.id, "cancelled", queries.confirmed_values(now))
        registration = queries.registration_by_id(registration.id) or registration
        others = queries.live_count_of_address(event.id, registration.address_key) - 1
        registration_mails.tell_restored(event, registration, now, shared_mailbox=others > 0)
        return Restored(changed=True)


def _changeable(registration_id: int, now: datetime) -> tuple[Event, Registration] | CannotChange:
    """The event, locked, and the registration; or why nothing about it may change any more."""
    event_id = queries.event_id_of(registration_id)
    event = queries.lock_event(event_id) if event_id is not None else None
    registration = queries.registration_by_id(registration_id)
    if event is None or registration is None:
        return CannotChange.NOT_FOUND
    if event.state == "cancelled":
        return CannotChange.EVENT_CANCELLED
    if event.state == "archived" or now >= event.ends_at:
        return CannotChange.EVENT_OVER
    return event, registration
