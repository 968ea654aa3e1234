"""The mails of a message: one to each mailbox, queued in chunks, so that memory does not grow with the recipients."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.messages.audience_rules import read_audience
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import ROWS_AT_ONCE, Recipient, recipients
from eventreg.organisers.models import Account
from eventreg.outbox.mail_facts import EventMessageFacts, RegistrationFacts
from eventreg.outbox.queue import MailOrder, enqueue, enqueue_many
from eventreg.registrations.facts_for_mails import event_facts, organiser_facts

OCCASION = "event_message"


def queue_message(message: EventMessage, event: Event, now: datetime) -> int:
    """Queue the whole message; returns the number of mails. What they tell is frozen now."""
    count = 0
    with transaction():
        common = message_facts(message.subject, message.body, event, ())
        mailboxes = groupby(recipients(event.id, read_audience(message.audience)), key=lambda one: one.address_key)
        orders = (_order(message, event, common, list(people)) for _, people in mailboxes)
        while chunk := list(islice(orders, ROWS_AT_ONCE)):
            enqueue_many(chunk, now)
            count += len(chunk)
    return count


def queue_test(message: EventMessage, event: Event, account: Account, language: str, now: datetime) -> int:
    """A test to the organiser's own mailbox: marked, with nobody's link, no part of the message's figures."""
    facts = message_facts(message.subject, message.body, event, (), test_name=account.name or account.email)
    order = MailOrder(
        occasion=OCCASION,
        to_address=account.email,
        to_name=account.name,
        language=language,
        facts=facts,
        event_id=event.id,
        organiser_id=event.organiser_id,
        account_id=account.id,
    )
    return enqueue(order, now)


def message_facts(
    subject: str, text: str, event: Event, people: Sequence[Recipient], *, test_name: str = ""
) -> EventMessageFacts:
    """What the mail to these people of one mailbox tells."""
    return EventMessageFacts(
        event=event_facts(event),
        organiser=organiser_facts(event.organiser),
        people=_people(people),
        subject=subject,
        text=text,
        test_name=test_name,
    )


def _people(people: Sequence[Recipient]) -> tuple[RegistrationFacts, ...]:
    return tuple(RegistrationFacts(one.id, one.name, one.state, one.link_key) for one in people)


def _order(message: EventMessage, event: Event, common: EventMessageFacts, people: Sequence[Recipient]) -> MailOrder:
    first, alone = people[0], len(people) == 1
    return MailOrder(
        occasion=OCCASION,
        to_address=first.email,
        to_name=first.name if alone else "",
        language=first.language,
        facts=replace(common, people=_people(people)),
        event_id=event.id,
        organiser_id=event.organiser_id,
        registration_id=first.id if alone else None,
        event_message_id=message.id,
        is_bulk=True,
    )
