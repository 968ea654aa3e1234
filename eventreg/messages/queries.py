"""Messages and their recipients: rows in, rows out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, update

from eventreg.database import db
from eventreg.messages.audience_rules import ATTENDED, Attendance, Audience, AudienceKind, read_answer
from eventreg.messages.message_rules import Figures
from eventreg.messages.models import EventMessage
from eventreg.outbox.models import Mail
from eventreg.questions.models import Answer, ChosenOption
from eventreg.registrations.models import Registration
from eventreg.registrations.standing_rules import TOLD_STATES

ROWS_AT_ONCE = 500
"""How many rows are held in memory while a message is queued."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be written to, read without loading objects: there may be thousands."""

    id: int
    name: str
    state: str
    email: str
    address_key: str
    language: str
    link_key: str


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A mail that was given up: to whom, why, and the registrations it was about."""

    id: int
    to_address: str
    to_name: str
    error: str
    registration_id: int | None


def messages_of_event(event_id: int) -> Sequence[EventMessage]:
    """All messages kept with an event, the newest first."""
    return db.session.scalars(
        select(EventMessage).where(EventMessage.event_id == event_id).order_by(EventMessage.id.desc())
    ).all()


def message_of_event(message_id: int, event_id: int) -> EventMessage | None:
    """One message as it is now, only if it belongs to this event (abuse 28)."""
    return db.session.scalar(
        select(EventMessage)
        .where(EventMessage.id == message_id, EventMessage.event_id == event_id)
        .execution_options(populate_existing=True)
    )


def change_message(message_id: int, event_id: int, before: Sequence[str], **values: object) -> bool:
    """Change a message that is in one of the states `before`; False when it is in another, or not of this event."""
    changed = db.session.execute(
        update(EventMessage)
        .where(EventMessage.id == message_id, EventMessage.event_id == event_id, EventMessage.state.in_(before))
        .values(**values)
        .returning(EventMessage.id),
        execution_options={"synchronize_session": False},
    )
    return changed.first() is not None


def figures_of(message_ids: Sequence[int]) -> dict[int, Figures]:
    """How many mails of each message are in which state; counted by one index."""
    rows = db.session.execute(
        select(Mail.event_message_id, Mail.state, func.count())
        .where(Mail.event_message_id.in_(message_ids))
        .group_by(Mail.event_message_id, Mail.state)
    )
    counts: dict[int, dict[str, int]] = {id_: {} for id_ in message_ids}
    for message_id, state, count in rows:
        if message_id is not None:
            counts[message_id][state] = count
    return {id_: Figures.of(states) for id_, states in counts.items()}


def count_recipients(event_id: int, audience: Audience) -> tuple[int, int]:
    """(mailboxes, people): a mailbox that several people share gets one mail."""
    row = db.session.execute(
        select(func.count(Registration.address_key.distinct()), func.count()).where(*_who(event_id, audience))
    ).one()
    return row[0], row[1]


def recipients(event_id: int, audience: Audience) -> Iterator[Recipient]:
    """Everybody in an audience, those of one mailbox together, read as they are asked for."""
    rows = db.session.execute(
        _columns().where(*_who(event_id, audience)).order_by(Registration.address_key, Registration.id),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    for row in rows:
        yield Recipient(*row)


def people_of_mailbox(event_id: int, audience: Audience, number: int) -> list[Recipient]:
    """Those behind the `number`-th mailbox (from 1) of an audience, by address; empty when there are fewer."""
    who = _who(event_id, audience)
    address = (
        select(Registration.address_key)
        .where(*who)
        .distinct()
        .order_by(Registration.address_key)
        .offset(number - 1)
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(_columns().where(*who, Registration.address_key == address).order_by(Registration.id))
    return [Recipient(*row) for row in rows]


def ids_of_event(event_id: int, ids: Sequence[int]) -> tuple[int, ...]:
    """Those of the ids that are registrations of this event (abuse 28), by name."""
    found = db.session.scalars(
        select(Registration.id)
        .where(Registration.event_id == event_id, Registration.id.in_(ids))
        .order_by(Registration.sort_key, Registration.id)
    )
    return tuple(found)


def failed_mails(message_id: int) -> list[FailedMail]:
    """What was given up of a message, by address."""
    rows = db.session.execute(
        select(Mail.id, Mail.to_address, Mail.to_name, func.coalesce(Mail.last_error, ""), Mail.registration_id)
        .where(Mail.event_message_id == message_id, Mail.state == "failed")
        .order_by(Mail.to_address)
    )
    return [FailedMail(*row) for row in rows]


def _columns() -> Select[int, str, str, str, str, str, str]:
    return select(
        Registration.id,
        Registration.name,
        Registration.state,
        Registration.email,
        Registration.address_key,
        Registration.language,
        Registration.link_key,
    )


def _who(event_id: int, audience: Audience) -> list[ColumnElement[bool]]:
    """The audience as conditions. Whatever it names, only people of this event fit.

    Erased addresses never do, nor those that nobody confirmed: they may be strangers' (abuse 15).
    """
    conditions = [
        Registration.event_id == event_id,
        Registration.email != "",
        Registration.state != "unconfirmed",
        func.coalesce(Registration.cancelled_by, "") != "unconfirmed",
    ]
    match audience.kind:
        case AudienceKind.STATES:
            return [*conditions, Registration.state.in_(audience.values)]
        case AudienceKind.PICKED:
            return [*conditions, Registration.id.in_(audience.ids)]
    conditions.append(Registration.state.in_(TOLD_STATES))
    match audience.kind:
        case AudienceKind.CATEGORY:
            conditions.append(Registration.category.in_(audience.values))
        case AudienceKind.ATTENDANCE:
            conditions.append(Registration.attended.is_(ATTENDED[Attendance(audience.values[0])]))
        case AudienceKind.ANSWER:
            conditions.append(Registration.id.in_(_who_answered(audience.values[0])))
    return conditions


def _who_answered(key: str) -> Select[int]:
    answer = read_answer(key)
    if answer is None:
        raise ValueError("not an answer")
    query = select(Answer.registration_id)
    if answer.says:
        return query.where(Answer.question_id == answer.question_id, Answer.text == answer.says)
    return query.join(ChosenOption, ChosenOption.answer_id == Answer.id).where(
        ChosenOption.option_id == answer.option_id
    )
