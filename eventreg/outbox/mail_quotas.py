"""From when on a mail may leave: strangers can flood neither a mailbox, nor all the mailboxes around one event, nor
those of many events at once.

Above a quota a mail waits; it is never dropped and no sign-up is refused for it (abuse 15).
"""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select

from eventreg.database import db, our_words
from eventreg.events.models import Event
from eventreg.outbox.client_quota import earliest_for_client
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import (
    ASKED_FOR_BY_ANYBODY,
    EVENT_WINDOW,
    QUOTA_WINDOW,
    TRIGGERED_BY_STRANGERS,
    not_before,
    not_before_for_event,
)
from eventreg.registrations.address_rules import quota_key


def earliest_moment(to_address: str, occasion: str, event_id: int | None, now: datetime) -> datetime:
    """When a mail that is queued at `now` may leave: `now`, unless a quota is used up.

    One statement, and one more for the first mail of a stranger's form.
    """
    return max(_earliest_for_mailbox(to_address, occasion, event_id, now), earliest_for_client(now))


def _earliest_for_mailbox(to_address: str, occasion: str, event_id: int | None, now: datetime) -> datetime:
    mailbox = {"quota_key": quota_key(to_address), "mailbox_since": now - QUOTA_WINDOW}
    if event_id is None or occasion not in TRIGGERED_BY_STRANGERS:
        by_strangers = occasion in (*TRIGGERED_BY_STRANGERS, *ASKED_FOR_BY_ANYBODY)
        of_mailbox = _OF_MAILBOX_BY_STRANGERS if by_strangers else _OF_MAILBOX
        return not_before(db.session.scalar(of_mailbox, mailbox) or 0, now)
    row = db.session.execute(_OF_BOTH, {**mailbox, "event_id": event_id, "event_since": now - EVENT_WINDOW}).one()
    return max(not_before(row.mailbox, now), not_before_for_event(row.event, row.places, now))


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """What was superseded never leaves, so it uses nothing up: pressing 'cancel' and 'restore' a thousand times must
    not put off the mails of days to come."""
    leaves = Mail.state != "superseded"
    return select(func.count()).select_from(Mail).where(leaves, *conditions).scalar_subquery()


# Built once: everybody who signs up needs one of them.
_BY_STRANGERS = Mail.occasion.in_(our_words((*TRIGGERED_BY_STRANGERS, *ASKED_FOR_BY_ANYBODY)))
_TO_MAILBOX = (
    Mail.quota_key == bindparam("quota_key"),
    Mail.created_at > bindparam("mailbox_since"),
    Mail.event_message_id.is_(None),
)
_FROM_EVENT = _count(
    Mail.event_id == bindparam("event_id"),
    Mail.created_at > bindparam("event_since"),
    Mail.occasion.in_(our_words(TRIGGERED_BY_STRANGERS)),
)
_OF_MAILBOX = select(_count(*_TO_MAILBOX, ~_BY_STRANGERS))
_OF_MAILBOX_BY_STRANGERS = select(_count(*_TO_MAILBOX, _BY_STRANGERS))
_OF_BOTH = select(
    _count(*_TO_MAILBOX, _BY_STRANGERS).label("mailbox"),
    _FROM_EVENT.label("event"),
    select(Event.capacity).where(Event.id == bindparam("event_id")).scalar_subquery().label("places"),
)
