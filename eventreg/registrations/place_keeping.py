"""Who holds a place and who is in line: a person's standing and the event's two counters change together.

Call these inside a transaction that has locked the event (`queries.lock_event`). A place is taken by one conditional
UPDATE, so exactly the capacity is given out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.database import Base, db
from eventreg.events.models import Event
from eventreg.registrations.models import Registration

_UNFETCHED = {"synchronize_session": False}

_NO_PLACE: dict[str, Any] = {"holds_place": False, "waiting_order": None, "offer_until": None, "hold_until": None}


def confirmed_values(now: datetime) -> dict[str, Any]:
    """The columns of somebody who has her place (again) since `now`."""
    return {**_live("confirmed"), "holds_place": True, "confirmed_at": now}


def unconfirmed_values(hold_until: datetime, *, holds_place: bool) -> dict[str, Any]:
    """The columns of somebody whose address has to be confirmed until `hold_until`."""
    return {**_live("unconfirmed"), "holds_place": holds_place, "hold_until": hold_until}


def pending_values() -> dict[str, Any]:
    """The columns of somebody about whom the organiser has to decide."""
    return _live("pending")


def waiting_values(order: int) -> dict[str, Any]:
    """The columns of somebody in line at `order` (`next_waiting_order` is the end of the line)."""
    return {**_live("waitlisted"), "waiting_order": order}


def cancelled_values(now: datetime, by: str, reason: str = "") -> dict[str, Any]:
    """The columns of a registration cancelled at `now` by person, organiser or event.

    Or it is expired (an offer), unconfirmed (a hold that ran out), substituted or moved.
    """
    return {**_NO_PLACE, "state": "cancelled", "cancelled_at": now, "cancelled_by": by, "reason": reason}


def declined_values(now: datetime, account_id: int | None, reason: str) -> dict[str, Any]:
    """The columns of somebody whom the organiser did not admit; she reads the reason."""
    return {
        **_NO_PLACE,
        "state": "declined",
        "cancelled_at": now,
        "cancelled_by": "organiser",
        "reason": reason,
        "decided_at": now,
        "decided_by_id": account_id,
    }


def _live(state: str) -> dict[str, Any]:
    return {**_NO_PLACE, "state": state, "confirmed_at": None, "cancelled_at": None, "cancelled_by": None, "reason": ""}


def next_waiting_order(event_id: int) -> int:
    """The end of the line."""
    last = db.session.scalar(select(func.max(Registration.waiting_order)).where(Registration.event_id == event_id))
    return (last or 0) + 1


def insert_registration(values: Mapping[str, Any], *, over_capacity: bool = False) -> int | None:
    """The new row's id; None when this person (event, address, name) stands there already.

    Raises NoPlaceLeftError when the row wants a place and there is none. ON CONFLICT DO NOTHING: a duplicate must not
    abort the transaction on PostgreSQL.
    """
    places, in_line = int(values["holds_place"]), _in_line(values)
    _count(values["event_id"], places, in_line, over_capacity=over_capacity)  # first: a refusal leaves nothing behind
    inserted: int | None = db.session.scalar(_INSERT[db.engine.dialect.name], dict(values))
    if inserted is None:
        _count(values["event_id"], -places, -in_line, over_capacity=True)
    return inserted


class NoPlaceLeftError(Exception):
    """The database refused a place that the rules saw; nothing was written."""


def change_standing(registration: Registration, values: Mapping[str, Any], *, over_capacity: bool = False) -> None:
    """Bring a person to another standing; the counters follow. The object shows the new values afterwards.

    Raises NoPlaceLeftError when she is to hold a place and there is none (`over_capacity`: one more all the same).
    """
    places = int(values["holds_place"]) - int(registration.holds_place)
    in_line = _in_line(values) - _in_line(_now(registration))
    _count(registration.event_id, places, in_line, over_capacity=over_capacity)
    db.session.execute(
        update(Registration).where(Registration.id == registration.id).values(**values), execution_options=_UNFETCHED
    )
    db.session.refresh(registration)


def confirm_many(event_id: int, ids: Sequence[int], now: datetime) -> None:
    """People in line get their places. The caller has counted the free ones under the lock."""
    _change_line(event_id, ids, {**confirmed_values(now)})


def offer_many(event_id: int, ids: Sequence[int], until: datetime) -> None:
    """People in line are offered a place, which is held for them `until` then; they keep their number in line."""
    _change_line(event_id, ids, {"holds_place": True, "offer_until": until})


def free_places(event_id: int) -> int | None:
    """How many places nobody holds; 0 when more are held than there are, None when there is no limit."""
    row = db.session.execute(select(Event.capacity, Event.places_taken).where(Event.id == event_id)).one()
    return None if row.capacity is None else max(0, row.capacity - row.places_taken)


def _change_line(event_id: int, ids: Sequence[int], values: Mapping[str, Any]) -> None:
    _count(event_id, len(ids), -len(ids), over_capacity=False)
    for start in range(0, len(ids), 500):
        db.session.execute(
            update(Registration).where(Registration.id.in_(ids[start : start + 500])).values(**values),
            execution_options=_UNFETCHED,
        )


def _count(event_id: int, places: int, in_line: int, *, over_capacity: bool) -> None:
    if not places and not in_line:
        return
    statement = _COUNT_WITHIN_CAPACITY if places > 0 and not over_capacity else _COUNT
    changed = {"event": event_id, "places": places, "in_line": in_line}
    if db.session.execute(statement, changed).first() is None:
        raise NoPlaceLeftError


# Built once: everybody who signs up needs them, and building costs more than running them.
_EVENTS, _REGISTRATIONS = Base.metadata.tables["events"], Base.metadata.tables["registrations"]
_PLACES = _EVENTS.c.places_taken + bindparam("places", type_=Integer)
_COUNT = (
    update(_EVENTS)
    .where(_EVENTS.c.id == bindparam("event"))
    .values(places_taken=_PLACES, waiting_count=_EVENTS.c.waiting_count + bindparam("in_line", type_=Integer))
    .returning(_EVENTS.c.id)
)
_COUNT_WITHIN_CAPACITY = _COUNT.where(or_(_EVENTS.c.capacity.is_(None), _EVENTS.c.capacity >= _PLACES))
_INSERT = {
    dialect.dialect.name: dialect.insert(_REGISTRATIONS).on_conflict_do_nothing().returning(_REGISTRATIONS.c.id)
    for dialect in (postgresql, sqlite)
}


def _in_line(values: Mapping[str, Any]) -> int:
    """1 for somebody who waits without an offer."""
    return int(values["state"] == "waitlisted" and not values["holds_place"])


def _now(registration: Registration) -> dict[str, Any]:
    return {"state": registration.state, "holds_place": registration.holds_place}
