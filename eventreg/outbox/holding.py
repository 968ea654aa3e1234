"""The mails of a message to many are held while it is paused, go on, or are stopped for good.

Whoever puts a claimed mail back locks its message first (shared), whoever pauses or stops a message locks it too
(exclusively, by changing it): so no mail slips back into the queue of a paused message.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select, update

from eventreg.database import db
from eventreg.messages.models import EventMessage
from eventreg.outbox.models import Mail

_UNFETCHED = {"synchronize_session": False}
UNSENT = ("queued", "sending", "held")
"""States of a mail that may still leave."""


def hold(event_message_id: int) -> None:
    """What waits is held. Mails under way leave or come back as held. The caller changed the message before."""
    _move(event_message_id, ("queued",), "held")


def let_go(event_message_id: int) -> None:
    """What was held waits again."""
    _move(event_message_id, ("held",), "queued")


def stop(event_message_id: int) -> None:
    """What has not left never will."""
    _move(event_message_id, ("queued", "held"), "stopped")


def lock_messages(event_message_ids: Sequence[int | None]) -> None:
    """Keep these messages from being paused, continued or stopped until the transaction ends."""
    ids = [id_ for id_ in event_message_ids if id_ is not None]
    if ids:
        statement = select(EventMessage.id).where(EventMessage.id.in_(ids)).order_by(EventMessage.id)
        db.session.execute(statement.with_for_update(read=True)).all()


def state_when_put_back() -> Any:
    """For an UPDATE of mails: 'queued', or what the state of the mail's message asks for."""
    message_state = (
        select(EventMessage.state).where(EventMessage.id == Mail.event_message_id).correlate(Mail).scalar_subquery()
    )
    return case({"paused": "held", "stopped": "stopped"}, value=func.coalesce(message_state, ""), else_="queued")


def has_unsent() -> ColumnElement[bool]:
    """For a statement about messages: whether a mail of the message may still leave."""
    return exists().where(Mail.event_message_id == EventMessage.id, Mail.state.in_(UNSENT))


def _move(event_message_id: int, before: Sequence[str], after: str) -> None:
    db.session.execute(
        update(Mail).where(Mail.event_message_id == event_message_id, Mail.state.in_(before)).values(state=after),
        execution_options=_UNFETCHED,
    )
