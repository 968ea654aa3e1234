"""Places that are held for a while: until an address is confirmed, or until an offered place is taken."""

from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.outbox.queue import supersede_unsent
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.cancelling import CannotChange, changeable, place_or_line_values
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import About
from eventreg.registrations.waiting_list import give_free_places


class Taken(StrEnum):
    """What came of pressing the button."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"  # the address is confirmed; there is no place
    PENDING = "pending"  # the address is confirmed; the organiser decides
    ALREADY = "already"  # nothing to do: a double click
    TOO_LATE = "too_late"  # the time has run out; the place went on
    NO_PLACES = "no_places"  # the address is confirmed, but there is neither a place nor a waiting list


def accept_offer(registration_id: int, now: datetime) -> Taken | CannotChange:
    """Take an offered place. After its time it is gone, whether or not the worker has noticed."""
    with transaction():
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state == "confirmed":
            return Taken.ALREADY
        if registration.offer_until is None:
            return Taken.TOO_LATE
        if now >= registration.offer_until:
            _expire(event, [registration], now)
            return Taken.TOO_LATE
        place_keeping.change_standing(registration, place_keeping.confirmed_values(now))
        registration_mails.tell_standing(event, [registration], now)
        return Taken.CONFIRMED


def confirm_address(registration_id: int, now: datetime, *, tell: bool = True) -> Taken | CannotChange:
    """The owner of the mailbox says that the sign-up is hers: the held place becomes hers, or what there is now.

    `tell` False: the caller tells her.
    """
    with transaction():
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state != "unconfirmed":
            return Taken.TOO_LATE if registration.state == "cancelled" else Taken.ALREADY
        if registration.hold_until is not None and now >= registration.hold_until:
            _expire(event, [registration], now)
            return Taken.TOO_LATE
        if event.approval:
            values = place_keeping.pending_values()
        elif registration.holds_place:
            values = place_keeping.confirmed_values(now)
        else:
            found_place = place_or_line_values(event, now)
            if found_place is None:
                return Taken.NO_PLACES
            values = found_place
        place_keeping.change_standing(registration, values)
        if tell:
            registration_mails.tell_standing(event, [registration], now)
        return Taken(registration.state)


def expire_due(now: datetime) -> int:
    """Offers and holds whose time has run out pass on, event by event; returns how many.

    Safe to run at several nodes at once: each event is locked and its people are looked at again.
    """
    expired = 0
    for event_id, rows in groupby(queries.expired_at(now), key=itemgetter(0)):
        ids = [registration_id for _event, registration_id in rows]
        with transaction():
            event = queries.lock_event(event_id)
            people = [one for one in queries.registrations_now(ids) if _has_run_out(one, now)]
            if event is not None and people:
                _expire(event, people, now)
                expired += len(people)
    return expired


def _has_run_out(registration: Registration, now: datetime) -> bool:
    until = registration.offer_until or registration.hold_until
    return until is not None and until <= now


def _expire(event: Event, people: list[Registration], now: datetime) -> None:
    """Who was offered a place is told; an address that nobody confirmed gets no further mail (abuse 15, 19)."""
    offered = [one for one in people if one.offer_until is not None]
    supersede_unsent([one.id for one in people if one.state == "unconfirmed"])  # what it asks for came to its end
    for registration in people:
        by = "expired" if registration.offer_until is not None else "unconfirmed"
        place_keeping.change_standing(registration, place_keeping.cancelled_values(now, by))
    if event.state == "published" and now < event.starts_at:
        registration_mails.tell_people(event, offered, now, About("offer_expired"))
    give_free_places(event, now)
