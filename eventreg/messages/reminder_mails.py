"""The mails of reminders and thanks: one to each mailbox, read and queued in pages, so that memory does not grow with
the number of people.

They carry no invitation: the calendar has the event already, and its SEQUENCE stays. A person's reminder that has not
left is superseded by any newer mail about her registration; it supersedes none itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select, tuple_

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import RegistrationFacts, RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import MailOrder, enqueue_many
from eventreg.registrations.facts_for_mails import registration_mail_facts
from eventreg.registrations.models import Registration

REMINDER = "reminder"
THANKS = "thanks"

PAGE = 500
"""People read, and mails queued, at a time."""


@dataclass(frozen=True, slots=True)
class _Recipient:
    """Somebody to be written to, read without loading objects."""

    id: int
    name: str
    name_key: str
    state: str
    email: str
    address_key: str
    language: str
    link_key: str


def remind(event: Event, due_at: datetime, now: datetime) -> int:
    """Remind everybody who is confirmed and was so at the reminder's moment; returns the number of mails."""
    return _queue(REMINDER, event, to_be_reminded(due_at), now)


def thank(event: Event, now: datetime) -> int:
    """Thank those who came and were not thanked yet; returns the number of mails."""
    return _queue(THANKS, event, to_be_thanked(), now)


def to_be_reminded(due_at: datetime) -> Sequence[ColumnElement[bool]]:
    """Whose place was hers at the reminder's moment and still is, for a query of registrations."""
    return (
        Registration.state == "confirmed",
        func.coalesce(Registration.confirmed_at, Registration.created_at) <= due_at,
    )


def to_be_thanked() -> Sequence[ColumnElement[bool]]:
    """Who came to whatever event and whose mailbox was not thanked yet, for a query of registrations."""
    thanked = exists().where(Mail.order_key == order_key_of_mailbox(), Mail.occasion == THANKS)
    return (Registration.state == "confirmed", Registration.attended.is_(True), ~thanked)


def order_key_of_mailbox() -> ColumnElement[str]:
    """What `Mail.order_key` is for mails to the mailbox of a registration about its event (see outbox.queue)."""
    return literal("e") + cast(Registration.event_id, String) + ":" + Registration.address_key


def _queue(occasion: str, event: Event, who: Sequence[ColumnElement[bool]], now: datetime) -> int:
    """One mail to each mailbox among them: a statement that reads and one that writes for each page."""
    common = registration_mail_facts(event, ())
    mails = 0
    with transaction():
        mailboxes = groupby(_recipients(event.id, who), key=lambda one: one.address_key)
        orders = (_order(occasion, event, common, list(people)) for _, people in mailboxes)
        while page := list(islice(orders, PAGE)):
            enqueue_many(page, now)
            mails += len(page)
    return mails


def _recipients(event_id: int, who: Sequence[ColumnElement[bool]]) -> Iterator[_Recipient]:
    """By mailbox, in the order of the index of the unique constraint, page after page."""
    key = tuple_(Registration.address_key, Registration.name_key)
    page = (
        select(
            Registration.id,
            Registration.name,
            Registration.name_key,
            Registration.state,
            Registration.email,
            Registration.address_key,
            Registration.language,
            Registration.link_key,
        )
        .where(Registration.event_id == event_id, *who)
        .order_by(Registration.address_key, Registration.name_key)
        .limit(PAGE)
    )
    rows = [_Recipient(*row) for row in db.session.execute(page)]
    while rows:
        yield from rows
        if len(rows) < PAGE:
            return
        last = (rows[-1].address_key, rows[-1].name_key)
        rows = [_Recipient(*row) for row in db.session.execute(page.where(key > last))]


def _order(occasion: str, event: Event, common: RegistrationMailFacts, people: list[_Recipient]) -> MailOrder:
    first, alone = people[0], len(people) == 1
    return MailOrder(
        occasion=occasion,
        to_address=first.email,
        to_name=first.name if alone else "",
        language=first.language,
        facts=replace(common, people=tuple(_person(one) for one in people), shared=not alone),
        event_id=event.id,
        organiser_id=event.organiser_id,
        registration_id=first.id if alone else None,
        is_bulk=True,
    )


def _person(one: _Recipient) -> RegistrationFacts:
    return RegistrationFacts(id=one.id, name=one.name, state=one.state, link_key=one.link_key)
