"""Which mail is due to whom for what happened to a registration or to its event.

Everything a mail tells is frozen here (outbox.mail_facts). Each message a person is sent about the event
raises her own SEQUENCE (calendar.md 5); a mailbox that several live registrations share gets no REQUEST but
files to pass on (calendar.md 4a). The words stand in templates/mail/<occasion>/.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import exists, func, select, update

from eventreg.calendars.invitation import Method
from eventreg.database import db, transaction
from eventreg.events.event_rules import EventDiff
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import (
    InvitationFacts,
    RegistrationFacts,
    RegistrationMailFacts,
    UnreadableFactsError,
    facts_from_json,
)
from eventreg.outbox.models import Mail
from eventreg.outbox.queries import unsent_of_event
from eventreg.outbox.queue import MailOrder, enqueue, enqueue_many
from eventreg.outbox.retry_rules import REMINDED_AT_MOST_EVERY
from eventreg.registrations.address_rules import address_key
from eventreg.registrations.facts_for_mails import event_before, person_facts, registration_mail_facts
from eventreg.registrations.models import Registration
from eventreg.registrations.untold_rules import CHANGE, CONFIRMATION, Untold, untold_of, with_untold

_UNFETCHED = {"synchronize_session": False}


def confirm_sign_up(event: Event, registration: Registration, now: datetime, *, shared_mailbox: bool) -> int:
    """The place is hers: confirmation with the first invitation. For a registration that is new."""
    return _tell_person(
        "sign_up_confirmed",
        event,
        registration,
        now,
        shared=shared_mailbox,
        sequence=registration.ical_sequence,
    )


def resend_confirmation(event: Event, registration: Registration, now: datetime, *, shared_mailbox: bool) -> int:
    """The confirmation once more, as the organiser asked; the invitation's SEQUENCE rises."""
    return _tell_person("sign_up_confirmed", event, registration, now, shared=shared_mailbox)


def tell_restored(event: Event, registration: Registration, now: datetime, *, shared_mailbox: bool) -> int:
    """She is coming after all: the invitation again, with the same UID."""
    return _tell_person("sign_up_confirmed", event, registration, now, shared=shared_mailbox)


def tell_cancelled(event: Event, registration: Registration, now: datetime) -> int:
    """Her registration is cancelled: METHOD:CANCEL for her entry alone."""
    return _tell_person("registration_cancelled", event, registration, now, method=Method.CANCEL)


def tell_already_registered(event: Event, registration: Registration, now: datetime) -> int | None:
    """Somebody signed the same person up again: only the mailbox's owner learns it, at most once a day.

    None when she was told within the last day (abuse 15, 16). Carries no invitation, so no SEQUENCE is used
    up.
    """
    told = exists().where(
        Mail.registration_id == registration.id,
        Mail.occasion == "already_registered",
        Mail.created_at > now - REMINDED_AT_MOST_EVERY,
    )
    with transaction() as session:
        if session.scalar(select(told)):
            return None
        facts = registration_mail_facts(event, (person_facts(registration),))
        return enqueue(_order("already_registered", event, registration, facts), now)


def tell_event_changed(event: Event, diff: EventDiff, now: datetime) -> int:
    """The event reads differently: everybody who is signed up gets the entry anew.

    Returns the number of mails.
    """
    before = event_before(event, diff)
    kinds = tuple(change.kind.value for change in diff.changes)

    def content(people: tuple[RegistrationFacts, ...], address: str) -> tuple[str, RegistrationMailFacts]:
        facts = registration_mail_facts(event, people, shared=len(people) > 1)
        return with_untold(replace(facts, changed=kinds, before=before), untold.get(address, Untold()))

    with transaction():
        untold = _untold_by_address(event.id)
        return _tell_everybody(event, Method.REQUEST, content, now)


def tell_event_cancelled(event: Event, now: datetime) -> int:
    """The event does not take place: METHOD:CANCEL to everybody signed up. Returns the number of mails.

    Call it when the event is cancelled already and the registrations still stand.
    """

    def content(people: tuple[RegistrationFacts, ...], _address: str) -> tuple[str, RegistrationMailFacts]:
        return "event_cancelled", registration_mail_facts(event, people, shared=len(people) > 1)

    return _tell_everybody(event, Method.CANCEL, content, now)


def count_event_mails(event_id: int) -> int:
    """How many mails 'tell the participants' means: one to each address with a live registration."""
    query = select(func.count(Registration.address_key.distinct())).where(
        Registration.event_id == event_id, Registration.state == "confirmed"
    )
    return db.session.scalar(query) or 0


def _tell_person(
    occasion: str,
    event: Event,
    registration: Registration,
    now: datetime,
    *,
    method: Method = Method.REQUEST,
    shared: bool = False,
    sequence: int | None = None,
) -> int:
    """One mail about one registration; with `sequence` it is the first, else unsent ones are superseded."""
    with transaction():
        number = _next_sequence(registration) if sequence is None else sequence
        used = Method.PUBLISH if shared else method
        person = person_facts(registration, InvitationFacts(used, registration.uid, number, now))
        facts = registration_mail_facts(event, (person,), shared=shared)
        facts = replace(
            facts,
            cancelled_by=registration.cancelled_by or "",
            added_by_organiser=registration.source == "panel" and occasion == "sign_up_confirmed",
        )
        return enqueue(_order(occasion, event, registration, facts), now, supersede=sequence is None)


def _next_sequence(registration: Registration) -> int:
    with transaction() as session:
        return session.execute(
            update(Registration)
            .where(Registration.id == registration.id)
            .values(ical_sequence=Registration.ical_sequence + 1)
            .returning(Registration.ical_sequence),
            execution_options=_UNFETCHED,
        ).scalar_one()


def _order(occasion: str, event: Event, registration: Registration, facts: RegistrationMailFacts) -> MailOrder:
    return MailOrder(
        occasion=occasion,
        to_address=registration.email,
        to_name=registration.name,
        language=registration.language,
        facts=facts,
        event_id=event.id,
        organiser_id=event.organiser_id,
        registration_id=registration.id,
    )


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


_Content = Callable[[tuple[RegistrationFacts, ...], str], tuple[str, RegistrationMailFacts]]
"""(people, address key) -> occasion and facts of the mail that tells these people."""


def _untold_by_address(event_id: int) -> dict[str, Untold]:
    """What the event's unsent mails, which are about to be superseded, would have told: by address key."""
    mails: dict[str, list[tuple[str, RegistrationMailFacts]]] = {}
    for address, occasion, stored in unsent_of_event(event_id, (CONFIRMATION, CHANGE)):
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
        _supersede_for_live(event.id)
        orders = []
        for _, group in groupby(recipients, key=lambda recipient: recipient.address_key):
            orders.append(_bundle(event, method, content, list(group), now))
        enqueue_many(orders, now)
    return len(orders)


def _raise_all_sequences(event_id: int) -> list[_Recipient]:
    live = (Registration.event_id == event_id, Registration.state == "confirmed")
    db.session.execute(
        update(Registration).where(*live).values(ical_sequence=Registration.ical_sequence + 1),
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
        )
        .where(*live)
        .order_by(Registration.address_key, Registration.id)
    )
    return [_Recipient(*row) for row in rows]


def _supersede_for_live(event_id: int) -> None:
    """Unsent mails to people who are still signed up, and to shared mailboxes, are old news now."""
    live = select(Registration.id).where(Registration.event_id == event_id, Registration.state == "confirmed")
    db.session.execute(
        update(Mail)
        .where(
            Mail.event_id == event_id,
            Mail.state == "queued",
            Mail.registration_id.in_(live) | Mail.registration_id.is_(None),
        )
        .values(state="superseded"),
        execution_options=_UNFETCHED,
    )


def _bundle(event: Event, method: Method, content: _Content, group: list[_Recipient], now: datetime) -> MailOrder:
    used = Method.PUBLISH if len(group) > 1 else method
    first = group[0]
    occasion, facts = content(_people(group, used, now), first.address_key)
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


def _people(group: Iterable[_Recipient], method: Method, now: datetime) -> tuple[RegistrationFacts, ...]:
    return tuple(
        RegistrationFacts(
            id=one.id,
            name=one.name,
            state=one.state,
            link_key=one.link_key,
            invitation=InvitationFacts(method, one.uid, one.ical_sequence, now),
        )
        for one in group
    )
