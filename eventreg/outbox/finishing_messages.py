"""A message to many is done when none of its mails may leave any more."""

from datetime import datetime

from sqlalchemy import select, update

from eventreg.database import db, transaction
from eventreg.messages.models import EventMessage
from eventreg.outbox.holding import has_unsent

_UNFETCHED = {"synchronize_session": False}


def finish_messages(now: datetime) -> None:
    """Note which messages are done. A look first, so that a pass that finished none takes no write lock."""
    finished = (EventMessage.state.in_(("sending", "paused")), ~has_unsent())
    ids = db.session.scalars(select(EventMessage.id).where(*finished)).all()
    if not ids:
        return
    with transaction() as session:
        session.execute(
            update(EventMessage)
            .where(EventMessage.id.in_(ids), *finished)
            .values(state="done", finished_at=now)
            .execution_options(**_UNFETCHED)
        )
