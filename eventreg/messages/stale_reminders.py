"""Reminders that are queued and must not leave any more.

Between queueing and sending the mail server may be away for hours, or thousands of mails wait for their turn. A
reminder whose event has begun, was moved, cancelled or taken back is never sent; nor is one to somebody who does not
come any more. A shared mailbox's reminder then names those who still come.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.messages.models import ReminderRun
from eventreg.messages.reminder_mails import REMINDER, order_key_of_mailbox
from eventreg.messages.reminder_rules import ReminderKind
from eventreg.outbox.facts_reading import UnreadableFactsError, facts_from_json
from eventreg.outbox.mail_facts import RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration

_UNFETCHED = {"synchronize_session": False}
_UNSENT = (Mail.occasion == REMINDER, Mail.state == "queued")


def withdraw_stale_reminders(now: datetime) -> int:
    """Take back what must not leave; returns the number of mails touched. A mere look when nothing is queued.

    Called before each batch of mails is claimed, so that it holds for every one of them.
    """
    if not db.session.scalar(select(exists().where(*_UNSENT))):
        return 0
    stale = list(db.session.scalars(select(Mail.id).where(*_UNSENT, _is_pointless(now))))
    with_absent = list(db.session.scalars(select(Mail.id).where(*_UNSENT, _is_bundle_with_absent())))
    if not stale and not with_absent:
        return 0
    touched = 0
    with transaction():
        for start in range(0, len(stale), 500):
            touched += _supersede(stale[start : start + 500])
        for mail_id in set(with_absent).difference(stale):
            touched += _name_who_still_comes(mail_id)
    return touched


def _is_pointless(now: datetime) -> ColumnElement[bool]:
    """The event has begun or is not on (any more), it was moved since, or the one reminded does not come."""
    reminded = exists().where(
        ReminderRun.event_id == Event.id,
        ReminderRun.starts_at == Event.starts_at,
        ReminderRun.kind != ReminderKind.THANKS,
    )
    is_on = exists().where(Event.id == Mail.event_id, Event.state == "published", Event.starts_at > now, reminded)
    comes = exists().where(Registration.id == Mail.registration_id, Registration.state == "confirmed")
    return or_(~is_on, and_(Mail.registration_id.is_not(None), ~comes))


def _is_bundle_with_absent() -> ColumnElement[bool]:
    """Of a shared mailbox, where somebody has cancelled since it was queued."""
    absent = exists().where(
        Registration.event_id == Mail.event_id,
        Registration.state != "confirmed",
        Registration.cancelled_at >= Mail.created_at,
        Mail.order_key == order_key_of_mailbox(),
    )
    return and_(Mail.registration_id.is_(None), absent)


def _supersede(mail_ids: Sequence[int]) -> int:
    """Those that somebody else has in hand are left alone: who waits for no row deadlocks with nobody."""
    free = db.session.scalars(
        select(Mail.id).where(Mail.id.in_(mail_ids), *_UNSENT).with_for_update(skip_locked=True)
    ).all()
    db.session.execute(update(Mail).where(Mail.id.in_(free)).values(state="superseded"), execution_options=_UNFETCHED)
    return len(free)


def _name_who_still_comes(mail_id: int) -> int:
    """The same mail with the people who are still confirmed; superseded when there are none."""
    mail = db.session.get(Mail, mail_id, with_for_update={"skip_locked": True}, populate_existing=True)
    if mail is None or mail.state != "queued":
        return 0
    try:
        facts = facts_from_json(mail.facts)
    except UnreadableFactsError:
        return 0  # of another version: it could not be sent either
    if not isinstance(facts, RegistrationMailFacts):
        return 0
    ids = [person.id for person in facts.people]
    coming = set(
        db.session.scalars(select(Registration.id).where(Registration.id.in_(ids), Registration.state == "confirmed"))
    )
    people = tuple(person for person in facts.people if person.id in coming)
    if not people:
        return _supersede([mail_id])
    if people == facts.people:
        return 0
    mail.facts = replace(facts, people=people, shared=len(people) > 1).to_json()
    if len(people) == 1:
        mail.to_name, mail.registration_id = people[0].name, people[0].id
    return 1
