"""Registrations: rows in, rows out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from eventreg.database import Base, db, our_words
from eventreg.events.models import Event
from eventreg.exports.attendee_table import AttendeeRow
from eventreg.outbox.models import Mail
from eventreg.registrations.address_rules import quota_key
from eventreg.registrations.models import Registration, RegistrationGroup
from eventreg.registrations.sign_up_rules import MailboxRow
from eventreg.registrations.standing_rules import LIVE_STATES


def lock_event(event_id: int) -> Event | None:
    """The event as it is now, locked until the transaction ends; None when there is none.

    Every operation that takes or frees places locks the event first and the registration second, so that
    two of them never wait for each other.
    """
    return db.session.scalar(_LOCKED_EVENT, {"event_id": event_id})


_LOCKED_EVENT = (
    select(Event)
    .where(Event.id == bindparam("event_id"))
    .with_for_update(of=Event)
    .execution_options(populate_existing=True)
)
"""This statement and the others with names are built once: everybody who signs up needs them."""


def lock_mailbox(address_key: str) -> None:
    """Two who ask for one mailbox at once come one after the other. One row alone is locked: no circle of waiting."""
    for model in (Registration, RegistrationGroup):
        first = select(model.id).where(model.address_key == address_key).order_by(model.id).limit(1)
        if db.session.scalar(first.with_for_update(key_share=True)) is not None:
            return


def is_mailed_since(email: str, occasion: str, since: datetime) -> bool:
    """Whether a mailbox, variants of its address folded, had a mail for this occasion after `since` (abuse 15, 17)."""
    of_mailbox = Mail.quota_key == quota_key(email)
    return bool(
        db.session.scalar(select(exists().where(of_mailbox, Mail.created_at > since, Mail.occasion == occasion)))
    )


def mailbox_rows(event_id: int, quota_key: str) -> list[MailboxRow]:
    """All registrations of an event whose address folds to the quota key; few, since a mailbox has a cap."""
    rows = db.session.execute(_OF_MAILBOX, {"event_id": event_id, "quota_key": quota_key})
    return [MailboxRow(*row) for row in rows]


_PEOPLE = Base.metadata.tables["registrations"].c
_OF_MAILBOX = select(_PEOPLE.id, _PEOPLE.address_key, _PEOPLE.name_key, _PEOPLE.state).where(
    _PEOPLE.event_id == bindparam("event_id"), _PEOPLE.quota_key == bindparam("quota_key")
)


def registration_by_id(registration_id: int) -> Registration | None:
    """The row as it is now."""
    return db.session.get(Registration, registration_id, populate_existing=True)


def next_in_line(event_id: int, limit: int | None) -> list[int]:
    """Ids of the people who wait without an offer, the first in line first."""
    return list(
        db.session.scalars(
            select(Registration.id)
            .where(Registration.event_id == event_id, Registration.state == "waitlisted", ~Registration.holds_place)
            .order_by(Registration.waiting_order)
            .limit(limit)
        )
    )


def waiting_positions(event_id: int, up_to: int | None = None) -> dict[int, int]:
    """Registration id -> position in line (from 1) of those who wait without an offer; `up_to` that waiting order."""
    conditions = [Registration.event_id == event_id, Registration.state == "waitlisted", ~Registration.holds_place]
    if up_to is not None:
        conditions.append(Registration.waiting_order <= up_to)
    ids = db.session.scalars(select(Registration.id).where(*conditions).order_by(Registration.waiting_order))
    return {id_: place for place, id_ in enumerate(ids, start=1)}


def waiting_position(registration: Registration) -> int:
    """Her position in line, from 1; 0 when she is not in line or a place is offered to her."""
    if registration.state != "waitlisted" or registration.holds_place:
        return 0
    before = select(func.count()).where(
        Registration.event_id == registration.event_id,
        Registration.state == "waitlisted",
        ~Registration.holds_place,
        Registration.waiting_order <= registration.waiting_order,
    )
    return db.session.scalar(before) or 0


def expired_at(now: datetime) -> list[tuple[int, int]]:
    """(event id, registration id) of everybody whose offer or hold has run out, by event."""
    rows = db.session.execute(
        select(Registration.event_id, Registration.id)
        .where(or_(Registration.offer_until <= now, Registration.hold_until <= now))
        .order_by(Registration.event_id, Registration.id)
    )
    return [(row.event_id, row.id) for row in rows]


def registration_by_link_key(link_key: str) -> Registration | None:
    """The registration that a link from a mail names."""
    return db.session.scalar(select(Registration).where(Registration.link_key == link_key))


def event_id_of(registration_id: int) -> int | None:
    """The event a registration belongs to."""
    return db.session.scalar(select(Registration.event_id).where(Registration.id == registration_id))


ROWS_AT_ONCE = 500
"""How many rows an export holds in memory."""


def registration_rows(event_id: int, state: str | None = None, category: str | None = None) -> Iterator[AttendeeRow]:
    """All registrations of an event (or those in one state or category), by surname, read as they are asked for."""
    stood_for = aliased(Registration)
    positions = waiting_positions(event_id) if state in (None, "waitlisted") else {}
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.surname,
            Registration.name,
            Registration.email,
            Registration.state,
            Registration.created_at,
            Registration.cancelled_at,
            Registration.source,
            Registration.language,
            Registration.academic_title,
            Registration.category,
            Registration.channel,
            Registration.case_number,
            Registration.attended,
            stood_for.name.label("stands_for"),
            Registration.reason,
            Registration.note,
            Registration.sent_sequence,
            Registration.sent_sequence_at,
        )
        .outerjoin(stood_for, stood_for.id == Registration.stands_for_id)
        .where(*_of_event(event_id, state, category))
        .order_by(Registration.sort_key, Registration.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in rows:
        yield AttendeeRow(
            surname=row.surname,
            name=row.name,
            email=row.email,
            state=row.state,
            signed_up_at=row.created_at,
            cancelled_at=row.cancelled_at,
            source=row.source,
            language=row.language,
            academic_title=row.academic_title,
            category=row.category,
            channel=row.channel,
            case_number=row.case_number,
            waiting_position=positions.get(row.id, 0),
            attended=row.attended,
            stands_for=row.stands_for or "",
            reason=row.reason,
            note=row.note,
            sent_sequence=row.sent_sequence,
            sent_sequence_at=row.sent_sequence_at,
            id=row.id,
        )


def list_marks(
    event_id: int, state: str | None, category: str | None = None, *only: ColumnElement[bool], newest_first: bool
) -> Sequence[tuple[int, str, str]]:
    """Id, name and address of every registration of the list, in its order: what a search looks through."""
    order = (Registration.id.desc(),) if newest_first else (Registration.sort_key, Registration.id)
    rows = db.session.execute(
        select(Registration.id, Registration.name, Registration.email)
        .where(*_of_event(event_id, state, category), *only)
        .order_by(*order)
    )
    return [(row.id, row.name, row.email) for row in rows]


def registrations_by_ids(ids: Sequence[int]) -> list[Registration]:
    """The rows with these ids, in this order, each with whom she stands for."""
    statement = select(Registration).where(Registration.id.in_(ids)).options(joinedload(Registration.stands_for))
    found = db.session.scalars(statement)
    by_id = {registration.id: registration for registration in found}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def registrations_now(ids: Sequence[int]) -> list[Registration]:
    """The rows with these ids as they are now, in this order; 500 a statement."""
    by_id: dict[int, Registration] = {}
    for start in range(0, len(ids), 500):
        statement = select(Registration).where(Registration.id.in_(ids[start : start + 500]))
        found = db.session.scalars(statement.execution_options(populate_existing=True))
        by_id.update((registration.id, registration) for registration in found)
    return [by_id[id_] for id_ in ids if id_ in by_id]


def registration_of_event(registration_id: int, event_id: int) -> Registration | None:
    """One registration as it is now, only if it belongs to this event (abuse 28)."""
    return db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.event_id == event_id)
        .execution_options(populate_existing=True)
    )


def state_counts(event_id: int, *, placed_only: bool = False) -> dict[str, int]:
    """How many registrations of an event (or only those that hold a place) are in each state that occurs."""
    conditions = [Registration.event_id == event_id, *([Registration.holds_place] if placed_only else [])]
    rows = db.session.execute(select(Registration.state, func.count()).where(*conditions).group_by(Registration.state))
    return {row[0]: row[1] for row in rows}


def sign_up_moments(event_id: int, since: datetime) -> Sequence[datetime]:
    """When people signed up for an event, from a moment on."""
    return db.session.scalars(
        select(Registration.created_at).where(Registration.event_id == event_id, Registration.created_at >= since)
    ).all()


def live_counts_of_addresses(event_id: int, address_keys: Sequence[str]) -> dict[str, int]:
    """How many people are signed up under each of these addresses (calendar.md 4a)."""
    rows = db.session.execute(_LIVE_COUNTS, {"event_id": event_id, "address_keys": address_keys})
    return {row[0]: row[1] for row in rows}


_LIVE_COUNTS = (
    select(_PEOPLE.address_key, func.count())
    .where(
        _PEOPLE.event_id == bindparam("event_id"),
        _PEOPLE.state.in_(our_words(LIVE_STATES)),
        _PEOPLE.address_key.in_(bindparam("address_keys", expanding=True)),
    )
    .group_by(_PEOPLE.address_key)
)


def last_mails(event_id: int, people: Sequence[Registration]) -> dict[int, tuple[str, str]]:
    """Registration id -> occasion and state of the newest mail that told this person.

    What a shared mailbox is told of an event is one mail for all: it names no registration, its facts do. Two
    statements, whatever the number of people; order_key finds those mails by their index. Shared mails to an address
    that a person had before are not looked for: the mail that her change of address sends is newer and names her.
    """
    ids = [person.id for person in people]
    newest = select(func.max(Mail.id)).where(Mail.registration_id.in_(ids)).group_by(Mail.registration_id)
    own = select(Mail.registration_id, Mail.id, Mail.occasion, Mail.state).where(Mail.id.in_(newest))
    found = {row.registration_id: (row.id, row.occasion, row.state) for row in db.session.execute(own)}
    addresses = {f"e{event_id}:{person.address_key}" for person in people}
    shared = (
        select(Mail.id, Mail.occasion, Mail.state, Mail.facts["people"].label("people"))
        .where(Mail.order_key.in_(addresses), Mail.event_id == event_id, Mail.registration_id.is_(None))
        .order_by(Mail.id)
    )
    for row in db.session.execute(shared):
        for told in row.people or ():
            if told["id"] in ids and row.id > found.get(told["id"], (0,))[0]:
                found[told["id"]] = (row.id, row.occasion, row.state)
    return {id_: (occasion, state) for id_, (_mail, occasion, state) in found.items()}


def same_person_exists(event_id: int, address_key: str, name_key: str, except_id: int) -> bool:
    """Whether another registration of the event has this address and name already."""
    return (
        db.session.scalar(
            select(Registration.id).where(
                Registration.event_id == event_id,
                Registration.address_key == address_key,
                Registration.name_key == name_key,
                Registration.id != except_id,
            )
        )
        is not None
    )


def _of_event(event_id: int, state: str | None, category: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Registration.event_id == event_id]
    if state is not None:
        conditions.append(Registration.state == state)
    if category is not None:
        conditions.append(Registration.category == category)
    return conditions
