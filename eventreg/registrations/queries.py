"""Registrations: rows in, rows out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up_rules import MailboxRow


def lock_event(event_id: int) -> Event | None:
    """The event as it is now, locked until the transaction ends; None when there is none.

    Every operation that takes or frees places locks the event first and the registration second, so that two of them
    never wait for each other.
    """
    return db.session.scalar(
        select(Event).where(Event.id == event_id).with_for_update(of=Event).execution_options(populate_existing=True)
    )


def mailbox_rows(event_id: int, quota_key: str) -> list[MailboxRow]:
    """All registrations of an event whose address folds to the quota key; few, since a mailbox has a cap."""
    rows = db.session.execute(
        select(Registration.id, Registration.address_key, Registration.name_key, Registration.state).where(
            Registration.event_id == event_id, Registration.quota_key == quota_key
        )
    )
    return [MailboxRow(*row) for row in rows]


def insert_registration(values: dict[str, Any]) -> int | None:
    """The new row's id, or None when this person (event, address, name) stands there already.

    ON CONFLICT DO NOTHING: a duplicate must not abort the transaction on PostgreSQL.
    """
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Registration).values(**values).on_conflict_do_nothing()
    inserted: int | None = db.session.scalar(statement.returning(Registration.id))
    return inserted


def take_place(event_id: int, *, over_capacity: bool = False) -> bool:
    """One more place taken, unless there is none: one conditional UPDATE, so exactly the capacity is given out."""
    room: ColumnElement[bool] = or_(Event.capacity.is_(None), Event.places_taken < Event.capacity)
    statement = update(Event).where(Event.id == event_id).values(places_taken=Event.places_taken + 1)
    if not over_capacity:
        statement = statement.where(room)
    result = db.session.execute(statement.returning(Event.id), execution_options={"synchronize_session": False})
    return result.first() is not None


def free_place(event_id: int) -> None:
    """One place less is taken."""
    db.session.execute(
        update(Event).where(Event.id == event_id).values(places_taken=Event.places_taken - 1),
        execution_options={"synchronize_session": False},
    )


def change_state(registration_id: int, before: str, values: dict[str, Any]) -> bool:
    """Change a registration that is in the state `before`; False when somebody else was faster."""
    result = db.session.execute(
        update(Registration)
        .where(Registration.id == registration_id, Registration.state == before)
        .values(**values)
        .returning(Registration.id),
        execution_options={"synchronize_session": False},
    )
    return result.first() is not None


def registration_by_id(registration_id: int) -> Registration | None:
    """The row as it is now."""
    return db.session.get(Registration, registration_id, populate_existing=True)


def registration_by_link_key(link_key: str) -> Registration | None:
    """The registration that a link from a mail names."""
    return db.session.scalar(select(Registration).where(Registration.link_key == link_key))


def live_count_of_address(event_id: int, address_key: str) -> int:
    """How many live registrations of the event share exactly this address (calendar.md 4a)."""
    rows = db.session.scalars(
        select(Registration.id).where(
            Registration.event_id == event_id,
            Registration.address_key == address_key,
            Registration.state == "confirmed",
        )
    )
    return len(list(rows))


def event_id_of(registration_id: int) -> int | None:
    """The event a registration belongs to."""
    return db.session.scalar(select(Registration.event_id).where(Registration.id == registration_id))


def cancelled_values(now: datetime, by: str) -> dict[str, Any]:
    """The columns of a registration that is cancelled at `now` by 'person', 'organiser' or 'event'."""
    return {"state": "cancelled", "cancelled_at": now, "cancelled_by": by}


def confirmed_values(now: datetime) -> dict[str, Any]:
    """The columns of a registration that holds a place (again) since `now`."""
    return {"state": "confirmed", "confirmed_at": now, "cancelled_at": None, "cancelled_by": None}
