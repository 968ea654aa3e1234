"""Giving a place back, or leaving the line, and coming back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.events.queries import window_of
from eventreg.questions.answering import drop_full_options
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.models import Registration
from eventreg.registrations.standing_rules import LIVE_STATES, Entry, place_or_line
from eventreg.registrations.waiting_list import give_free_places


class CannotChange(StrEnum):
    """Why a registration stays as it is."""

    NOT_FOUND = "not_found"
    EVENT_OVER = "event_over"
    EVENT_CANCELLED = "event_cancelled"
    NO_PLACES = "no_places"
    NOT_YOURS_TO_RESTORE = "not_yours_to_restore"  # the organiser cancelled or declined it, or somebody stands for her


@dataclass(frozen=True)
class Cancelled:
    """The registration is cancelled; `changed` is False when it was so before (a double click)."""

    changed: bool
    promoted: int = 0  # people in line who were served because of it


@dataclass(frozen=True)
class Restored:
    """The registration is live; `changed` is False when it was so before.

    `dropped`: chosen options that have no place any more and were taken out of the answers.
    """

    changed: bool
    dropped: tuple[str, ...] = ()


def cancel_registration(
    registration_id: int, now: datetime, *, by: str, reason: str = "", tell: bool = True
) -> Cancelled | CannotChange:
    """Free the place, or the position in line, at once and tell the person; the next in line moves up.

    `by` is 'person' or 'organiser' (whose `reason` the person reads); METHOD:CANCEL goes to who had been invited.
    """
    with transaction():
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state not in LIVE_STATES:
            return Cancelled(changed=False)
        place_keeping.change_standing(registration, place_keeping.cancelled_values(now, by, reason))
        if tell:
            registration_mails.tell_standing(event, [registration], now)
        return Cancelled(changed=True, promoted=give_free_places(event, now))


def restore_registration(registration_id: int, now: datetime, *, by: str) -> Restored | CannotChange:
    """Undo a cancellation: a place if there is one and nobody is in line, else the end of the waiting list.

    Where the organiser decides, a person who comes back waits for the decision again. The invitation comes back with
    the same UID. Who opens the link of her mail has shown that the address is hers.
    """
    with transaction():
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state in LIVE_STATES:
            return Restored(changed=False)
        if by == "person" and not is_hers_to_restore(registration):
            return CannotChange.NOT_YOURS_TO_RESTORE
        values = _coming_back(event, now, by=by)
        if values is None:
            return CannotChange.NO_PLACES
        place_keeping.change_standing(registration, values)
        dropped = drop_full_options(registration.id)
        registration_mails.tell_standing(event, [registration], now)
        return Restored(changed=True, dropped=dropped)


def is_hers_to_restore(registration: Registration) -> bool:
    """Whether the person herself may come back."""
    return registration.state == "cancelled" and registration.cancelled_by in ("person", "expired", "unconfirmed")


def _coming_back(event: Event, now: datetime, *, by: str) -> dict[str, Any] | None:
    """The columns of somebody who comes back; None when there is neither a place nor a waiting list."""
    if event.approval and by == "person":
        return place_keeping.pending_values()
    return place_or_line_values(event, now)


def place_or_line_values(event: Event, now: datetime) -> dict[str, Any] | None:
    """The columns of somebody who is due a place: she has it, or goes to the end of the line; None: there is none."""
    match place_or_line(window_of(event)):
        case Entry.CONFIRMED:
            return place_keeping.confirmed_values(now)
        case Entry.WAITLISTED:
            return place_keeping.waiting_values(place_keeping.next_waiting_order(event.id))
        case _:
            return None


def changeable(registration_id: int, now: datetime) -> tuple[Event, Registration] | CannotChange:
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
