"""Which mails are due to everybody when something happens to an event.

One mail to each address; a mailbox that several registrations share gets no REQUEST but files to pass on (calendar.md
4a). Only who has a place is sent an invitation; those who wait, or about whom the organiser decides, are told in words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select, update

from eventreg.calendars.invitation import Method
from eventreg.database import db, transaction
from eventreg.events.event_rules import EventDiff
from eventreg.events.models import Event
from eventreg.outbox.facts_reading import UnreadableFactsError, facts_from_json
from eventreg.outbox.mail_facts import InvitationFacts, RegistrationFacts, RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queries import unsent_of_event
from eventreg.outbox.queue import MailOrder, enqueue_many
from eventreg.outbox.superseding_rules import NEVER_SUPERSEDED
from eventreg.registrations.address_rules import address_key
from eventreg.registrations.earlier_change_mails import EarlierChanges
from eventreg.registrations.facts_for_mails import event_before, registration_mail_facts
from eventreg.registrations.invitation_standing_rules import is_cancel_owed
from eventreg.registrations.models import Registration
from eventreg.registrations.queries import waiting_positions
from eventreg.registrations.standing_rules import TOLD_STATES
from eventreg.registrations.untold_rules import CHANGE, CONFIRMATIONS, Untold, untold_of, with_untold

_UNFETCHED = {"synchronize_session": False}


def tell_event_changed(event: Event, diff: EventDiff, now: datetime) -> int:
    """The event reads differently: everybody who is signed up gets the entry anew.

    Returns the number of mails.
    """
    before = event_before(event, diff)
    kinds = tuple(change.kind.value for change in diff.changes)

    def content(people: tuple[RegistrationFacts, ...], address: str) -> tuple[str, RegistrationMailFacts]:
        facts = registration_mail_facts(event, people, shared=len(people) > 1)
        unsent = untold.get(address, Untold())
        if unsent.before is None:  # else it goes back as far already
            unsaid = earlier.not_told_to(address)
            unsent = replace(unsent, changed=unsaid.changed, before=unsaid.before)
        return with_untold(replace(facts, changed=kinds, before=before), unsent)

    with transaction():
        untold = _untold_by_address(event.id)
        earlier = EarlierChanges(event, before, now)
        return _tell_everybody(event, Method.REQUEST, content, now)


def tell_event_cancelled(event: Event, now: datetime) -> int:
    """The event does not take place: METHOD:CANCEL to everybody signed up. Returns the number of mails.

    Call it when the event is cancelled already and the registrations still stand.
    """

    def content(people: tuple[RegistrationFacts, ...], _address: str) -> tuple[str, RegistrationMailFacts]:
        return "event_cancelled", registration_mail_facts(event, people, shared=len(people) > 1)

    return _tell_everybody(event, Method.CANCEL, content, now)


def count_event_mails(event_id: int) -> int:
    """How many mails 'tell the participants' means: one to each address with somebody who is to be told."""
    query = select(func.count(Registration.address_key.distinct())).where(
        Registration.event_id == event_id, Registration.state.in_(TOLD_STATES)
    )
    return db.session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class _Recipient:
    """A live registration, read without loading objects: there may be thousands."""

    id: int
    name: str
    state: str
    email: str
    address_key: str
    language: str
    uid: str
    link_key: str
    ical_sequence: int
    sent_sequence: int | None
    offer_until: datetime | None


_Content = Callable[[tuple[RegistrationFacts, ...], str], tuple[str, RegistrationMailFacts]]
"""(people, address key) -> occasion and facts of the mail that tells these people."""


def _untold_by_address(event_id: int) -> dict[str, Untold]:
    """What the event's unsent mails, which are about to be superseded, would have told: by address key."""
    mails: dict[str, list[tuple[str, RegistrationMailFacts]]] = {}
    for address, occasion, stored in unsent_of_event(event_id, (*CONFIRMATIONS, CHANGE)):
        try:
            facts = facts_from_json(stored)
        except UnreadableFactsError:
            continue  # of another version: it could not have been sent either
        if isinstance(facts, RegistrationMailFacts):
            mails.setdefault(address_key(address), []).append((occasion, facts))
    return {address: untold_of(waiting) for address, waiting in mails.items()}


def _tell_everybody(event: Event, method: Method, content: _Content, now: datetime) -> int:
    """One mail to each address with live registrations, in four statements and one more a thousand mails."""
    with transaction():
        recipients = _raise_all_sequences(event.id)
        positions = waiting_positions(event.id)
        _supersede_for_live(event.id)
        orders = []
        for _, group in groupby(recipients, key=lambda recipient: recipient.address_key):
            together = list(group)
            used = Method.PUBLISH if len(together) > 1 else method
            people = tuple(_person(one, used, positions.get(one.id, 0), now) for one in together)
            orders.append(_bundle(event, content, together, people))
        enqueue_many(orders, now)
    return len(orders)


def _raise_all_sequences(event_id: int) -> list[_Recipient]:
    """Everybody who is to be told; those who have a place are about to get their entry anew."""
    db.session.execute(
        update(Registration)
        .where(Registration.event_id == event_id, Registration.state == "confirmed")
        .values(ical_sequence=Registration.ical_sequence + 1),
        execution_options=_UNFETCHED,
    )
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.name,
            Registration.state,
            Registration.email,
            Registration.address_key,
            Registration.language,
            Registration.uid,
            Registration.link_key,
            Registration.ical_sequence,
            Registration.sent_sequence,
            Registration.offer_until,
        )
        .where(Registration.event_id == event_id, Registration.state.in_(TOLD_STATES))
        .order_by(Registration.address_key, Registration.id)
    )
    return [_Recipient(**row._mapping) for row in rows]


def _supersede_for_live(event_id: int) -> None:
    """Unsent mails to people who are still signed up, and to shared mailboxes, are old news now."""
    told = select(Registration.id).where(Registration.event_id == event_id, Registration.state.in_(TOLD_STATES))
    db.session.execute(
        update(Mail)
        .where(
            Mail.event_id == event_id,
            Mail.state == "queued",
            Mail.occasion.not_in(NEVER_SUPERSEDED),
            Mail.registration_id.in_(told) | Mail.registration_id.is_(None),
        )
        .values(state="superseded"),
        execution_options=_UNFETCHED,
    )


def _bundle(
    event: Event, content: _Content, group: list[_Recipient], people: tuple[RegistrationFacts, ...]
) -> MailOrder:
    first = group[0]
    occasion, facts = content(people, first.address_key)
    return MailOrder(
        occasion=occasion,
        to_address=first.email,
        to_name=first.name if len(group) == 1 else "",
        language=first.language,
        facts=facts,
        event_id=event.id,
        organiser_id=event.organiser_id,
        registration_id=first.id if len(group) == 1 else None,
    )


def _person(one: _Recipient, method: Method, position: int, now: datetime) -> RegistrationFacts:
    invitation = InvitationFacts(method, one.uid, one.ical_sequence, now) if one.state == "confirmed" else None
    if is_cancel_owed(one.state, one.ical_sequence, one.sent_sequence):
        owed = method if method is Method.PUBLISH else Method.CANCEL
        invitation = InvitationFacts(owed, one.uid, one.ical_sequence, now)
    return RegistrationFacts(
        id=one.id,
        name=one.name,
        state=one.state,
        link_key=one.link_key,
        invitation=invitation,
        position=position,
        until=one.offer_until,
    )
