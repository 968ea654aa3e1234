"""The organiser moves somebody to another event of the same organiser: out of one, into the other, or neither."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import About
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Refused, SignUpRequest, Source
from eventreg.registrations.waiting_list import give_free_places

MOVABLE = ("pending", "confirmed", "waitlisted")
"""Not an address that nobody confirmed: it would be written to without its owner's word (abuse 15)."""


class CannotMove(StrEnum):
    """Why a person stays where she is."""

    NOT_FOUND = "not_found"  # the person, or the other event among those of the same organiser
    NOT_MOVABLE = "not_movable"  # cancelled or declined meanwhile, or the address was never confirmed
    EVENT_CLOSED = "event_closed"  # the event she is in is over, cancelled or in the archive
    TARGET_CLOSED = "target_closed"  # the other one is, or nobody can see it yet
    SAME_PERSON = "same_person"  # she is signed up there already
    NO_PLACES = "no_places"  # neither a place nor a waiting list there


@dataclass(frozen=True)
class Moved:
    """Where she stands now; `is_waiting`: on the waiting list of the other event."""

    registration_id: int
    target_slug: str
    is_waiting: bool


class _StaysError(Exception):
    """Rolls back: nobody is taken out of one event without coming into the other."""

    def __init__(self, why: CannotMove) -> None:
        self.why = why


def move_registration(
    registration_id: int, event_id: int, target_id: int, account_id: int, now: datetime
) -> Moved | CannotMove:
    """Move a person to the event `target_id` of the same organiser, in one transaction.

    There she gets a place if there is one, else the end of the waiting list if there is one, else nothing changes.
    What the office keeps about her goes along; answers and the group do not, since each event asks its own. One mail
    tells of both events and takes the old one out of the calendar, another one where she stands with the new one.
    """
    try:
        with transaction():
            return _move(registration_id, event_id, target_id, account_id, now)
    except _StaysError as stays:
        return stays.why


def _move(registration_id: int, event_id: int, target_id: int, account_id: int, now: datetime) -> Moved:
    event, registration, target = _found(registration_id, event_id, target_id, now)
    place_keeping.change_standing(registration, place_keeping.cancelled_values(now, "moved"))
    moved = _sign_up_there(registration, target, now)
    registration_mails.tell_people(event, [registration], now, About("registration_moved", moved_to=moved))
    registration_mails.tell_standing(target, [moved], now)
    give_free_places(event, now)
    detail = {"to_event": target.id, "to_registration": moved.id}
    audit.record(account_id, "registration_moved", event.organiser_id, event_id, registration_id, detail, now)
    return Moved(moved.id, target.slug, moved.state == "waitlisted")


def _found(registration_id: int, event_id: int, target_id: int, now: datetime) -> tuple[Event, Registration, Event]:
    """Both events, locked in the order of their ids so that two moves never wait for each other, and the person."""
    locked = {id_: queries.lock_event(id_) for id_ in sorted({event_id, target_id})}
    event, target = locked[event_id], locked[target_id]
    registration = queries.registration_of_event(registration_id, event_id)
    if event is None or registration is None or target is None or target is event:
        raise _StaysError(CannotMove.NOT_FOUND)
    if target.organiser_id != event.organiser_id:
        raise _StaysError(CannotMove.NOT_FOUND)
    if registration.state not in MOVABLE:
        raise _StaysError(CannotMove.NOT_MOVABLE)
    if event.state not in ("draft", "published") or now >= event.ends_at:
        raise _StaysError(CannotMove.EVENT_CLOSED)
    if target.state != "published" or now >= target.ends_at:
        raise _StaysError(CannotMove.TARGET_CLOSED)
    return event, registration, target


def _sign_up_there(registration: Registration, target: Event, now: datetime) -> Registration:
    request = SignUpRequest(
        name=registration.name,
        email=registration.email,
        language=registration.language,
        source=Source.PANEL,
        to_waiting_list=True,
        tell=False,
        category=registration.category,
        academic_title=registration.academic_title,
        channel=registration.channel,
        case_number=registration.case_number,
        note=registration.note,
    )
    result = sign_up(target.id, request, now)
    if isinstance(result, AlreadyRegistered):
        raise _StaysError(CannotMove.SAME_PERSON)
    if isinstance(result, Refused):
        raise _StaysError(CannotMove.NO_PLACES)
    moved = queries.registration_by_id(result.registration_id)
    assert moved is not None  # written in this transaction
    # She signed up as she did, and saw the clause she saw; the surname may have been corrected by hand.
    moved.source, moved.clause_id = registration.source, registration.clause_id
    moved.surname, moved.sort_key = registration.surname, registration.sort_key
    return moved
