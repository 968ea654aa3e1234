"""Another address for a registration: it counts when both mailboxes have agreed, so that a forwarded link alone moves
nothing (abuse 27); or when the organiser says so, for who cannot read the old mailbox any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, delete, func, or_, select, update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import is_domain_allowed
from eventreg.links import new_link_key
from eventreg.organisers import audit
from eventreg.outbox.models import Mail
from eventreg.registrations import queries
from eventreg.registrations.address_change_mails import ASKED, ask_both, tell_moved
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.cancelling import CannotChange, changeable
from eventreg.registrations.models import AddressChange, Registration
from eventreg.registrations.own_page_rules import (
    ADDRESS_CHANGE_HOURS,
    MOST_ADDRESS_CHANGES_A_DAY,
    MOST_ASKED_OF_A_MAILBOX_A_DAY,
)
from eventreg.registrations.standing_rules import LIVE_STATES, TOLD_STATES

_UNFETCHED = {"synchronize_session": False}
_FORGOTTEN_AFTER = timedelta(days=1)
"""How long an address that never agreed is kept: it may be a stranger's; until then it counts for the day's limit."""


class CannotAsk(StrEnum):
    """Why nobody is asked about a new address. Nothing depends on whether the address is known here (abuse 16)."""

    NOT_NOW = "not_now"  # the registration is not live
    SAME_ADDRESS = "same_address"
    DOMAIN = "domain"
    TOO_OFTEN = "too_often"


class CannotChangeAddress(StrEnum):
    """Why the organiser cannot give a person another address."""

    NOT_NOW = "not_now"  # the registration is not live
    SAME_PERSON = "same_person"  # somebody with this name and address is on the list already


@dataclass(frozen=True)
class AddressChanged:
    """The registration has the address; `changed` is False when it had it before."""

    changed: bool


@dataclass(frozen=True)
class Asked:
    """Both mailboxes were written to and have until then."""

    until: datetime


class ChangeStanding(StrEnum):
    """How a change stands, seen from one of its two mailboxes."""

    OPEN = "open"  # this mailbox has not agreed yet
    HALF = "half"  # this one has agreed, the other has not
    DONE = "done"
    EXPIRED = "expired"
    TAKEN = "taken"  # both agreed, but at the new address the same name, or the cap of people, stands already
    NOT_LIVE = "not_live"  # the registration was cancelled meanwhile, or the event is off or over


@dataclass(frozen=True)
class ChangeSeen:
    """A change as its page shows it. `to_new`: the page was opened from the new mailbox."""

    event: Event
    name: str
    to_new: bool
    standing: ChangeStanding
    expires_at: datetime


def ask_address_change(registration_id: int, new_email: str, now: datetime) -> Asked | CannotAsk | CannotChange:
    """Ask the old and the new mailbox; a request that is open already gives way to this one.

    `new_email` passed address_rules.check_address.
    """
    with transaction() as session:
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state not in TOLD_STATES:
            return CannotAsk.NOT_NOW
        if address_key(new_email) == registration.address_key:
            return CannotAsk.SAME_ADDRESS
        if not is_domain_allowed(new_email, event.allowed_domains):
            return CannotAsk.DOMAIN
        if _asked_lately(registration_id, now) >= MOST_ADDRESS_CHANGES_A_DAY or _is_asked_enough(new_email, now):
            return CannotAsk.TOO_OFTEN
        _close(registration_id, now)
        change = AddressChange(
            registration_id=registration_id,
            new_email=new_email,
            old_link_key=new_link_key(),
            new_link_key=new_link_key(),
            created_at=now,
            expires_at=now + timedelta(hours=ADDRESS_CHANGE_HOURS),
        )
        session.add(change)
        ask_both(event, registration, change, now)
        return Asked(change.expires_at)


def change_address_for_person(
    registration_id: int, event_id: int, new_email: str, account_id: int, now: datetime
) -> AddressChanged | CannotChangeAddress | CannotChange:
    """The organiser moves a live registration to another mailbox at once; both are told, open requests end.

    `new_email` passed address_rules.check_address. The cap of people and the domains bind strangers, not the
    organiser. An address that nobody confirmed gives way to another to be confirmed; the hold stays as it is.
    """
    with transaction():
        if queries.event_id_of(registration_id) != event_id:
            return CannotChange.NOT_FOUND
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state not in LIVE_STATES:
            return CannotChangeAddress.NOT_NOW
        key = address_key(new_email)
        if key == registration.address_key:
            return AddressChanged(changed=False)
        if queries.same_person_exists(event_id, key, registration.name_key, registration_id):
            return CannotChangeAddress.SAME_PERSON
        _close(registration_id, now)
        _move(event, registration, new_email, now, account_id)
        return AddressChanged(changed=True)


def delete_forgotten_changes(now: datetime) -> int:
    """Delete requests that came to nothing, a day after their end; the worker calls it. Returns their number."""
    forgotten = and_(AddressChange.done_at.is_(None), AddressChange.expires_at < now - _FORGOTTEN_AFTER)
    if db.session.scalar(select(AddressChange.id).where(forgotten).limit(1)) is None:
        return 0  # a mere look, so that an idle worker takes no write lock
    with transaction() as session:
        statement = delete(AddressChange).where(forgotten).returning(AddressChange.id)
        return len(session.execute(statement, execution_options=_UNFETCHED).all())


def change_seen(link_key: str, now: datetime) -> ChangeSeen | None:
    """The change that a link from one of its mails names; None when there is none (any more)."""
    change = _change(link_key)
    registration = queries.registration_by_id(change.registration_id) if change is not None else None
    if change is None or registration is None:
        return None
    to_new = change.new_link_key == link_key
    standing = _standing(change, registration, to_new, now)
    return ChangeSeen(registration.event, registration.name, to_new, standing, change.expires_at)


def agree(link_key: str, now: datetime) -> ChangeStanding | None:
    """One mailbox agrees; when it is the second one the registration moves. None: no such change."""
    with transaction() as session:
        change = _change(link_key)
        if change is None:
            return None
        found = changeable(change.registration_id, now)
        change = _change(link_key)  # as it is now that the event is locked
        if isinstance(found, CannotChange) or change is None:
            return ChangeStanding.NOT_LIVE
        event, registration = found
        to_new = change.new_link_key == link_key
        standing = _standing(change, registration, to_new, now)
        if standing is not ChangeStanding.OPEN:
            return standing
        if to_new:
            change.new_confirmed_at = now
        else:
            change.old_confirmed_at = now
        if change.new_confirmed_at is None or change.old_confirmed_at is None:
            return ChangeStanding.HALF
        change.done_at = now
        if _is_taken(event, registration, change.new_email):
            change.expires_at = now
            change.done_at = None
            return ChangeStanding.TAKEN
        _move(event, registration, change.new_email, now)
        session.flush()
        return ChangeStanding.DONE


def _standing(change: AddressChange, registration: Registration, to_new: bool, now: datetime) -> ChangeStanding:
    if change.done_at is not None:
        return ChangeStanding.DONE
    if now >= change.expires_at:
        both = change.new_confirmed_at is not None and change.old_confirmed_at is not None
        return ChangeStanding.TAKEN if both else ChangeStanding.EXPIRED
    event = registration.event
    if registration.state not in TOLD_STATES or event.state in ("cancelled", "archived") or now >= event.ends_at:
        return ChangeStanding.NOT_LIVE
    agreed = change.new_confirmed_at if to_new else change.old_confirmed_at
    return ChangeStanding.OPEN if agreed is None else ChangeStanding.HALF


def _is_taken(event: Event, registration: Registration, new_email: str) -> bool:
    key = address_key(new_email)
    if queries.same_person_exists(event.id, key, registration.name_key, registration.id):
        return True
    rows = queries.mailbox_rows(event.id, quota_key(new_email))
    return sum(1 for row in rows if row.state in LIVE_STATES and row.id != registration.id) >= event.cap_per_address


def _move(
    event: Event, registration: Registration, new_email: str, now: datetime, account_id: int | None = None
) -> None:
    """The row gets its address and a new link (whoever has the old one has lost it); both mailboxes are told.

    `account_id` of the organiser's who moves it; None: the person does.
    """
    old_address = registration.email
    registration.email = new_email
    registration.address_key = address_key(new_email)
    registration.quota_key = quota_key(new_email)
    registration.link_key = new_link_key()
    db.session.flush()
    tell_moved(event, registration, old_address, now, by_organiser=account_id is not None)
    action = "registration_address_changed_by_person" if account_id is None else "registration_address_changed"
    audit.record(account_id, action, event.organiser_id, event.id, registration.id, None, now)


def _change(link_key: str) -> AddressChange | None:
    """By either of its two keys, as it is now."""
    return db.session.scalar(
        select(AddressChange)
        .where(or_(AddressChange.old_link_key == link_key, AddressChange.new_link_key == link_key))
        .execution_options(populate_existing=True)
    )


def _asked_lately(registration_id: int, now: datetime) -> int:
    lately = select(func.count()).where(
        AddressChange.registration_id == registration_id, AddressChange.created_at > now - timedelta(days=1)
    )
    return db.session.scalar(lately) or 0


def _is_asked_enough(new_email: str, now: datetime) -> bool:
    """Variants of a mailbox count as one (abuse 17). Says how often it was asked, not whether it is known here."""
    asked = select(func.count()).where(
        Mail.quota_key == quota_key(new_email), Mail.created_at > now - timedelta(days=1), Mail.occasion == ASKED
    )
    return (db.session.scalar(asked) or 0) >= MOST_ASKED_OF_A_MAILBOX_A_DAY


def _close(registration_id: int, now: datetime) -> None:
    """Open requests of this registration end."""
    db.session.execute(
        update(AddressChange)
        .where(AddressChange.registration_id == registration_id, AddressChange.expires_at > now)
        .where(AddressChange.done_at.is_(None))
        .values(expires_at=now),
        execution_options=_UNFETCHED,
    )
