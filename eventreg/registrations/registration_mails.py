"""Which mail is due to whom for what happened to a registration.

Everything a mail tells is frozen here (outbox.mail_facts). Each invitation, update and cancel that a person is sent
raises her own SEQUENCE (calendar.md 5); a mailbox that several live registrations share gets one mail, no REQUEST but
files to pass on (calendar.md 4a). Only who has a place is invited (calendar.md 9). The words stand in
templates/mail/<occasion>/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import exists, select, update
from sqlalchemy.orm.attributes import set_committed_value

from eventreg.calendars.invitation import Method
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import AddressChangeFacts, InvitationFacts, RegistrationFacts, RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import MailOrder, enqueue, supersede_unsent
from eventreg.outbox.retry_rules import REMINDED_AT_MOST_EVERY
from eventreg.registrations.facts_for_mails import (
    event_facts,
    invited_event_facts,
    organiser_facts,
    person_facts,
    registration_mail_facts,
)
from eventreg.registrations.invitation_standing_rules import is_cancel_owed
from eventreg.registrations.models import Registration
from eventreg.registrations.queries import live_counts_of_addresses, waiting_position, waiting_positions
from eventreg.registrations.standing_rules import LIVE_STATES, occasion_of

_UNFETCHED = {"synchronize_session": False}

TOGETHER = "registrations_together"
"""The mail about people who share a mailbox and do not all stand the same."""


@dataclass(frozen=True, slots=True)
class About:
    """What a mail tells beside the people. `occasion` None: what each person's standing asks for."""

    occasion: str | None = None
    is_new: bool = False  # nobody was written to about these people before: nothing can be superseded
    is_alone: bool = False  # nobody else is signed up with their mailbox: known without asking
    group_link_key: str = ""
    left_out: tuple[str, ...] = ()
    told_themselves: tuple[str, ...] = ()
    signed_up_by: str = ""
    added_by_organiser: bool = False  # told besides the mails that always tell it
    by_state: Mapping[str, str] = field(default_factory=dict)  # occasions other than usual, for people in these states
    moved_to: Registration | None = None  # in the other event
    other_name: str = ""  # who comes instead, or instead of whom
    has_questions: bool = False
    address_change: AddressChangeFacts | None = None


def tell_standing(
    event: Event, registrations: Sequence[Registration], now: datetime, *, is_new: bool = False, is_alone: bool = False
) -> int:
    """Each person is told where she stands now, one mail to each mailbox. Returns the number of mails."""
    return tell_people(event, registrations, now, About(is_new=is_new, is_alone=is_alone))


def tell_people(event: Event, registrations: Sequence[Registration], now: datetime, about: About) -> int:
    """One mail to each mailbox among these people; older unsent ones about them are superseded.

    Returns the number of mails. Above the quota of its address a mail waits (abuse 15, 19).
    """
    if not registrations:
        return 0
    with transaction():
        _raise_sequences([one for one in registrations if not (about.is_new and one.ical_sequence == 0)])
        sources = {} if about.is_new else _untold_sources(registrations)
        if not about.is_new:
            supersede_unsent([registration.id for registration in registrations])
        addresses = [] if about.is_alone else [registration.address_key for registration in registrations]
        sharing = live_counts_of_addresses(event.id, addresses) if addresses else {}
        positions = _positions(event, registrations)
        by_mailbox = sorted(registrations, key=lambda one: (one.address_key, one.id))
        mails = 0
        for address, group in groupby(by_mailbox, key=lambda one: one.address_key):
            people = list(group)
            enqueue(
                _mail(event, people, sharing.get(address, 0), positions, _with_source(about, people, sources), now), now
            )
            mails += 1
        return mails


def _untold_sources(people: Sequence[Registration]) -> dict[int, tuple[str, bool]]:
    """Registration id -> who named her, where the mail that would have told it (RODO art. 14) has not left."""
    named = [one.id for one in people if one.group_id is not None or one.source != "web"]
    found: dict[int, tuple[str, bool]] = {}
    for start in range(0, len(named), 500):
        rows = db.session.execute(
            select(Mail.registration_id, Mail.facts).where(
                Mail.registration_id.in_(named[start : start + 500]), Mail.state == "queued"
            )
        )
        for row in rows:
            source = (str(row.facts.get("signed_up_by", "")), bool(row.facts.get("added_by_organiser")))
            if any(source):
                found[row.registration_id] = source
    return found


def _with_source(about: About, people: Sequence[Registration], sources: Mapping[int, tuple[str, bool]]) -> About:
    told = [sources[one.id] for one in people if one.id in sources]
    if not told:
        return about
    by_contact = next((contact for contact, _by_organiser in told if contact), "")
    return replace(
        about,
        signed_up_by=about.signed_up_by or by_contact,
        added_by_organiser=any(by_organiser for _contact, by_organiser in told),
    )


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
        person = person_facts(registration, position=waiting_position(registration))
        facts = registration_mail_facts(event, (person,))
        return enqueue(_order("already_registered", event, [registration], facts), now)


def _raise_sequences(registrations: Sequence[Registration]) -> None:
    """For those whose mail carries an invitation or its cancel."""
    told = [registration for registration in registrations if _method(registration) is not None]
    for registration in told:
        set_committed_value(registration, "ical_sequence", registration.ical_sequence + 1)
    ids = [registration.id for registration in told]
    for start in range(0, len(ids), 500):
        db.session.execute(
            update(Registration)
            .where(Registration.id.in_(ids[start : start + 500]))
            .values(ical_sequence=Registration.ical_sequence + 1),
            execution_options=_UNFETCHED,
        )


def _method(registration: Registration) -> Method | None:
    """What the calendar is asked for: REQUEST for a place, CANCEL for one that was confirmed and is lost.

    A CANCEL that has not left yet is about to be superseded: the mail that replaces it carries it.
    """
    if registration.state == "confirmed":
        return Method.REQUEST
    was_invited = registration.confirmed_at is not None and registration.ical_sequence >= 0
    is_lost = was_invited and registration.state not in LIVE_STATES
    owed = is_cancel_owed(registration.state, registration.ical_sequence, registration.sent_sequence)
    return Method.CANCEL if is_lost or owed else None


def _positions(event: Event, registrations: Sequence[Registration]) -> dict[int, int]:
    """Positions in line; one person's is counted, for several the line is read once."""
    in_line = [one for one in registrations if one.state == "waitlisted" and not one.holds_place]
    if len(in_line) > 1:
        return waiting_positions(event.id, max(one.waiting_order or 0 for one in in_line))
    return {one.id: waiting_position(one) for one in in_line}


def _mail(
    event: Event, people: list[Registration], sharing: int, positions: dict[int, int], about: About, now: datetime
) -> MailOrder:
    is_live = any(one.state in LIVE_STATES for one in people)
    shared = len(people) > 1 or (is_live and sharing > 1)
    occasions = {
        about.occasion or about.by_state.get(one.state) or occasion_of(one.state, one.offer_until is not None)
        for one in people
    }
    occasion = occasions.pop() if len(occasions) == 1 else TOGETHER
    told = tuple(_person(one, positions.get(one.id, 0), now, shared=shared) for one in people)
    facts = RegistrationMailFacts(
        event=invited_event_facts(event, told),
        organiser=organiser_facts(event.organiser),
        people=told,
        shared=shared,
        cancelled_by=people[0].cancelled_by or "",
        added_by_organiser=about.added_by_organiser
        or (occasion in _FIRST_MAILS and any(one.source != "web" for one in people)),
        reason=people[0].reason,
        group_link_key=about.group_link_key,
        left_out=about.left_out,
        told_themselves=about.told_themselves,
        signed_up_by=about.signed_up_by,
        moved_to=None if about.moved_to is None else event_facts(about.moved_to.event),
        moved_link_key="" if about.moved_to is None else about.moved_to.link_key,
        other_name=about.other_name,
        has_questions=about.has_questions,
        address_change=about.address_change,
    )
    return _order(occasion, event, people, facts)


_FIRST_MAILS = ("sign_up_confirmed", "sign_up_waitlisted", TOGETHER)
"""Where somebody whom the organiser signed up is told by RODO art. 14 where her data came from."""


def _person(registration: Registration, position: int, now: datetime, *, shared: bool) -> RegistrationFacts:
    method = _method(registration)
    if method is None:
        return person_facts(registration, position=position)
    used = Method.PUBLISH if shared else method
    invitation = InvitationFacts(used, registration.uid, registration.ical_sequence, now)
    return person_facts(registration, invitation, position)


def _order(occasion: str, event: Event, people: Sequence[Registration], facts: RegistrationMailFacts) -> MailOrder:
    first = people[0]
    alone = len(people) == 1
    return MailOrder(
        occasion=occasion,
        to_address=first.email,
        to_name=first.name if alone else "",
        language=first.language,
        facts=facts,
        event_id=event.id,
        organiser_id=event.organiser_id,
        registration_id=first.id if alone else None,
    )
