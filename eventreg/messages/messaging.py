"""A message to the people of an event: written, tried out, sent, paused, continued, stopped.

Each is one transaction and a conditional change of the message's state, so that a second click or a second organiser
changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.messages.audience_rules import Audience, read_audience
from eventreg.messages.message_mails import queue_message, queue_test
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import change_message, count_recipients, message_of_event
from eventreg.organisers import audit
from eventreg.organisers.models import Account
from eventreg.outbox import holding
from eventreg.outbox.finishing_messages import finish_messages


@dataclass(frozen=True, slots=True)
class Wording:
    """What is written, and to whom."""

    subject: str
    text: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Started:
    """It goes out, in so many mails."""

    mails: int


@dataclass(frozen=True, slots=True)
class NobodyToWriteTo:
    """The audience is empty; it stays a draft."""


@dataclass(frozen=True, slots=True)
class NoDraft:
    """It was sent already, or is gone."""


def write_message(event: Event, wording: Wording, account_id: int, now: datetime) -> int:
    """Keep a new draft; returns its id."""
    with transaction() as session:
        message = EventMessage(
            event_id=event.id,
            account_id=account_id,
            state="draft",
            subject=wording.subject,
            body=wording.text,
            audience=wording.audience.to_json(),
            created_at=now,
            updated_at=now,
        )
        session.add(message)
        session.flush()
        _note("message_written", event, message.id, account_id, now)
        return message.id


def rewrite_message(message_id: int, event: Event, wording: Wording, account_id: int, now: datetime) -> bool:
    """Change a draft; False when it is none (any more)."""
    with transaction():
        values = {"subject": wording.subject, "body": wording.text, "audience": wording.audience.to_json()}
        if not change_message(message_id, event.id, ("draft",), updated_at=now, **values):
            return False
        _note("message_changed", event, message_id, account_id, now)
        return True


def discard_message(message_id: int, event: Event, account_id: int, now: datetime) -> bool:
    """Throw a draft away; what was sent is kept with the event."""
    with transaction() as session:
        message = message_of_event(message_id, event.id)
        if message is None or not change_message(message_id, event.id, ("draft",), updated_at=now):
            return False
        session.delete(message)
        _note("message_discarded", event, message_id, account_id, now)
        return True


def send_test(message_id: int, event: Event, account: Account, language: str, now: datetime) -> bool:
    """Send a draft to the organiser's own mailbox; False when it is no draft."""
    with transaction():
        message = message_of_event(message_id, event.id)
        if message is None or message.state != "draft":
            return False
        queue_test(message, event, account, language, now)
        _note("message_tested", event, message_id, account.id, now)
        return True


def start_message(message_id: int, event: Event, account_id: int, now: datetime) -> Started | NobodyToWriteTo | NoDraft:
    """Send a draft to its audience as it is now: all mails are queued, or none.

    Of two who click at once one starts it, the other is told NoDraft.
    """
    with transaction():
        message = message_of_event(message_id, event.id)
        if message is None or not change_message(message_id, event.id, ("draft",), updated_at=now):
            return NoDraft()
        if not count_recipients(event.id, read_audience(message.audience))[0]:
            return NobodyToWriteTo()
        change_message(message_id, event.id, ("draft",), state="sending", started_at=now, account_id=account_id)
        mails = queue_message(message, event, now)
        _note("message_sent", event, message_id, account_id, now, mails=mails)
        return Started(mails)


def pause_message(message_id: int, event: Event, account_id: int, now: datetime) -> bool:
    """Nothing more leaves but what is under way; False when it is not being sent."""
    with transaction():
        if not change_message(message_id, event.id, ("sending",), state="paused", updated_at=now):
            return False
        holding.hold(message_id)
        _note("message_paused", event, message_id, account_id, now)
        return True


def continue_message(message_id: int, event: Event, account_id: int, now: datetime) -> bool:
    """What was held leaves; False when it is not paused."""
    with transaction():
        if not change_message(message_id, event.id, ("paused",), state="sending", updated_at=now):
            return False
        holding.let_go(message_id)
        _note("message_continued", event, message_id, account_id, now)
        finish_messages(now)
        return True


def stop_message(message_id: int, event: Event, account_id: int, now: datetime) -> bool:
    """What has not left never will; what was sent stays sent. False when it is not being sent."""
    with transaction():
        values = {"state": "stopped", "updated_at": now, "finished_at": now}
        if not change_message(message_id, event.id, ("sending", "paused"), **values):
            return False
        holding.stop(message_id)
        _note("message_stopped", event, message_id, account_id, now)
        return True


def _note(action: str, event: Event, message_id: int, account_id: int, now: datetime, **detail: int) -> None:
    detail = {"message": message_id, **detail}
    audit.record(account_id, action, event.organiser_id, event.id, detail=detail, now=now)
