"""From when on a mail may leave: strangers can flood neither a mailbox, nor all the mailboxes around one event, nor
those of many events at once.

Above a quota a mail waits; it is never dropped and no sign-up is refused for it (abuse 15).
"""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from eventreg.database import db
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
    by_strangers = Mail.occasion.in_((*TRIGGERED_BY_STRANGERS, *ASKED_FOR_BY_ANYBODY))
    to_mailbox = _count(
        Mail.quota_key == quota_key(to_address),
        Mail.created_at > now - QUOTA_WINDOW,
        Mail.event_message_id.is_(None),
        by_strangers if occasion in (*TRIGGERED_BY_STRANGERS, *ASKED_FOR_BY_ANYBODY) else ~by_strangers,
    )
    if event_id is None or occasion not in TRIGGERED_BY_STRANGERS:
        return not_before(db.session.scalar(select(to_mailbox)) or 0, now)
    of_event = _count(
        Mail.event_id == event_id,
        Mail.created_at > now - EVENT_WINDOW,
        Mail.occasion.in_(TRIGGERED_BY_STRANGERS),
    )
    capacity = select(Event.capacity).where(Event.id == event_id).scalar_subquery()
    counted = select(to_mailbox.label("mailbox"), of_event.label("event"), capacity.label("places"))
    row = db.session.execute(counted).one()
    return max(not_before(row.mailbox, now), not_before_for_event(row.event, row.places, now))


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """What was superseded never leaves, so it uses nothing up: pressing 'cancel' and 'restore' a thousand times must
    not put off the mails of days to come."""
    leaves = Mail.state != "superseded"
    return select(func.count()).select_from(Mail).where(leaves, *conditions).scalar_subquery()
