"""The calendar of one person, as address and name tell her: asked for, given another address, switched off.

Its address is secret and goes to her mailbox alone: whoever holds a forwarded link to one registration, or the leaked
address of the calendar itself, learns nothing more by any button (abuse 27, 32).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from eventreg.database import db, transaction
from eventreg.links import new_link_key
from eventreg.outbox.mail_facts import FoundCalendar, FoundLinksFacts
from eventreg.outbox.queue import MailOrder, enqueue
from eventreg.registrations import queries
from eventreg.registrations.models import PersonalCalendar, Registration
from eventreg.registrations.personal_calendar_rules import MAIL_CALENDAR_EVERY_MINUTES, MOST_ENTRIES
from eventreg.registrations.standing_rules import TOLD_STATES

OCCASION = "personal_calendar"

_UNFETCHED = {"synchronize_session": False}
_SAME_PERSON = and_(
    Registration.address_key == PersonalCalendar.address_key, Registration.name_key == PersonalCalendar.name_key
)


@dataclass(frozen=True, slots=True)
class CalendarSeen:
    """A calendar as its page shows it. `name`: whose it is, as she wrote it last."""

    calendar: PersonalCalendar
    name: str


def ask_for_calendar(registration_id: int, language: str, now: datetime) -> int | None:
    """Mail the address of her calendar to the mailbox of a registration, and make the calendar; the mail's id.

    None when the registration is not live or its address not confirmed, or when the mailbox had such a mail within the
    hour (abuse 15): the page tells the same in each case.
    """
    with transaction():
        registration = queries.registration_by_id(registration_id)
        if registration is None or registration.state not in TOLD_STATES:
            return None
        queries.lock_mailbox(registration.address_key)
        since = now - timedelta(minutes=MAIL_CALENDAR_EVERY_MINUTES)
        if queries.is_mailed_since(registration.email, OCCASION, since):
            return None
        link_key = _kept_calendar(registration, now)
        return _mail(registration, FoundCalendar(registration.name, link_key), language, now)


def renew_address(link_key: str, language: str, now: datetime) -> bool:
    """The calendar gets a new address, which is mailed to its owner; the old one is dead at once.

    False when `link_key` names no calendar (any more).
    """
    with transaction() as session:
        seen = calendar_seen(link_key)
        if seen is None:
            return False
        registration = _latest_registration(seen.calendar)
        new_key = new_link_key()
        renewed = session.execute(
            update(PersonalCalendar)
            .where(PersonalCalendar.link_key == link_key)
            .values(link_key=new_key, created_at=now)
            .returning(PersonalCalendar.id),
            execution_options=_UNFETCHED,
        ).first()
        if renewed is None:
            return False
        if registration is not None:
            _mail(registration, FoundCalendar(registration.name, new_key, is_renewed=True), language, now)
        return True


def switch_off(link_key: str) -> bool:
    """Delete the calendar: its address never works again. False when there is none (any more)."""
    with transaction() as session:
        gone = session.execute(
            delete(PersonalCalendar).where(PersonalCalendar.link_key == link_key).returning(PersonalCalendar.id),
            execution_options=_UNFETCHED,
        )
        return gone.first() is not None


def forget_calendars(now: datetime) -> int:
    """Delete the calendars of people who have no registration left; returns how many went. The worker calls it.

    Looks first, so that an idle worker writes nothing. `now` is what all such work is given; it does not matter here.
    """
    of_nobody = ~exists().where(_SAME_PERSON).correlate(PersonalCalendar)
    if db.session.scalar(select(PersonalCalendar.id).where(of_nobody).limit(1)) is None:
        return 0
    with transaction() as session:
        gone = delete(PersonalCalendar).where(of_nobody).returning(PersonalCalendar.id)
        return len(session.execute(gone, execution_options=_UNFETCHED).all())


def calendar_seen(link_key: str) -> CalendarSeen | None:
    """The calendar that a link names; None when there is none (any more)."""
    calendar = db.session.scalar(
        select(PersonalCalendar).where(PersonalCalendar.link_key == link_key).execution_options(populate_existing=True)
    )
    if calendar is None:
        return None
    latest = _latest_registration(calendar)
    return CalendarSeen(calendar, latest.name if latest is not None else "")


def calendars_of_mailbox(address_key: str) -> list[FoundCalendar]:
    """The calendars of everybody who is signed up with an address, for the mail to its mailbox; by name."""
    rows = db.session.execute(
        select(PersonalCalendar.link_key, Registration.name)
        .join(Registration, _SAME_PERSON)
        .where(PersonalCalendar.address_key == address_key, Registration.state.in_(TOLD_STATES))
        .order_by(Registration.id)
    )
    names = {row.link_key: row.name for row in rows}  # the name as it was written last
    return sorted((FoundCalendar(name, key) for key, name in names.items()), key=lambda found: found.name)


def has_calendar(registration: Registration) -> bool:
    """Whether the person of a registration has a calendar; its address is nobody's business."""
    of_her = exists().where(
        PersonalCalendar.address_key == registration.address_key, PersonalCalendar.name_key == registration.name_key
    )
    return bool(db.session.scalar(select(of_her)))


def registrations_in(calendar: PersonalCalendar) -> Sequence[Registration]:
    """All of the person's registrations with their events, the latest MOST_ENTRIES, in the order of their making.

    Address and name both have to be hers: others who use the mailbox are not in it (abuse 32).
    """
    found = db.session.scalars(
        select(Registration)
        .where(Registration.address_key == calendar.address_key, Registration.name_key == calendar.name_key)
        .options(joinedload(Registration.event))
        .order_by(Registration.id.desc())
        .limit(MOST_ENTRIES)
    )
    return list(reversed(found.all()))


def _kept_calendar(registration: Registration, now: datetime) -> str:
    """The key of her calendar, which is made when she has none; one that is there is held until the transaction ends,
    so that nobody switches it off before its address is mailed."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    whose = {"address_key": registration.address_key, "name_key": registration.name_key}
    key_kept = (
        dialect.insert(PersonalCalendar)
        .values(**whose, link_key=new_link_key(), created_at=now)
        .on_conflict_do_update(index_elements=list(whose), set_=whose)
        .returning(PersonalCalendar.link_key)
    )
    return str(db.session.scalar(key_kept))


def _latest_registration(calendar: PersonalCalendar) -> Registration | None:
    return db.session.scalar(
        select(Registration)
        .where(Registration.address_key == calendar.address_key, Registration.name_key == calendar.name_key)
        .order_by(Registration.id.desc())
        .limit(1)
    )


def _mail(registration: Registration, found: FoundCalendar, language: str, now: datetime) -> int:
    """About no one registration or event, so that no organiser's list of mails shows it."""
    site_name = str(current_app.extensions["eventreg.config"].site_name)
    order = MailOrder(
        occasion=OCCASION,
        to_address=registration.email,
        to_name="",
        language=language,
        facts=FoundLinksFacts(site_name, (), (found,)),
    )
    return enqueue(order, now)
