"""The waiting list: who comes next when a place gets free, and what the organiser does with the line by hand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.models import Registration
from eventreg.registrations.place_keeping import NoPlaceLeftError
from eventreg.registrations.registration_mails import About
from eventreg.registrations.waiting_list_rules import gives_places_by_itself
from eventreg.registrations.working_hours_rules import offer_deadline


class CannotPromote(StrEnum):
    """Why somebody in line gets no place."""

    NOT_FOUND = "not_found"
    NOT_WAITING = "not_waiting"  # she cancelled meanwhile, or has a place already
    NO_PLACES = "no_places"
    EVENT_OVER = "event_over"


@dataclass(frozen=True)
class Promoted:
    """She has a place and was told."""

    registration_id: int


def give_free_places(event: Event, now: datetime) -> int:
    """Whatever is free goes to the next in line, as places or as offers; returns how many people were served.

    Call it inside the transaction of whatever frees places, with the event locked and its changes flushed.
    """
    if not gives_places_by_itself(event.state, event.waiting_list, event.promotion, event.starts_at, now):
        return 0
    with transaction() as session:
        session.flush()
        free = place_keeping.free_places(event.id)
        ids = queries.next_in_line(event.id, free)
        if not ids:
            return 0
        if event.promotion == "offer":
            place_keeping.offer_many(event.id, ids, offer_deadline(now, event.offer_hours, event.starts_at))
        else:
            place_keeping.confirm_many(event.id, ids, now)
        occasion = "place_offered" if event.promotion == "offer" else "place_given"
        registration_mails.tell_people(event, queries.registrations_now(ids), now, About(occasion))
    return len(ids)


def promote(
    registration_id: int, event_id: int, account_id: int, now: datetime, *, over_capacity: bool = False
) -> Promoted | CannotPromote:
    """The organiser gives somebody in line a place, whoever stands before her; `over_capacity` beyond the limit."""
    try:
        with transaction():
            return _promote(registration_id, event_id, account_id, now, over_capacity)
    except NoPlaceLeftError:
        return CannotPromote.NO_PLACES


def _promote(
    registration_id: int, event_id: int, account_id: int, now: datetime, over_capacity: bool
) -> Promoted | CannotPromote:
    event = queries.lock_event(event_id)
    registration = queries.registration_of_event(registration_id, event_id)
    if event is None or registration is None:
        return CannotPromote.NOT_FOUND
    if registration.state != "waitlisted":
        return CannotPromote.NOT_WAITING
    if event.state not in ("draft", "published") or now >= event.ends_at:
        return CannotPromote.EVENT_OVER
    values = {**place_keeping.confirmed_values(now), "decided_by_id": account_id, "decided_at": now}
    place_keeping.change_standing(registration, values, over_capacity=over_capacity)
    registration_mails.tell_people(event, [registration], now, About("place_given"))
    detail = {"over_capacity": over_capacity}
    audit.record(account_id, "registration_promoted", event.organiser_id, event_id, registration_id, detail, now)
    return Promoted(registration_id)


def move_in_line(registration_id: int, event_id: int, position: int, account_id: int, now: datetime) -> bool:
    """Put somebody who waits at `position` (1: next; beyond the end: last); False when she does not wait any more.

    Nobody is written to.
    """
    with transaction():
        event = queries.lock_event(event_id)
        line = queries.next_in_line(event_id, None)
        if event is None or registration_id not in line:
            return False
        orders = _orders(line)
        line.remove(registration_id)
        line.insert(min(max(position, 1), len(line) + 1) - 1, registration_id)
        _write_order(line, orders)
        detail = {"position": line.index(registration_id) + 1}
        audit.record(
            account_id, "registration_moved_in_line", event.organiser_id, event_id, registration_id, detail, now
        )
        return True


def _orders(line: list[int]) -> list[int]:
    """The numbers that the line has, ascending; they stay, the people change places."""
    return [one.waiting_order or 0 for one in queries.registrations_now(line)]


def _write_order(line: list[int], orders: list[int]) -> None:
    before = {one.id: one.waiting_order for one in queries.registrations_now(line)}
    for registration_id, order in zip(line, orders, strict=True):
        if before[registration_id] != order:
            db.session.execute(
                update(Registration).where(Registration.id == registration_id).values(waiting_order=order),
                execution_options={"synchronize_session": False},
            )
