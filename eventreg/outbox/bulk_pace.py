"""How fast mails to many leave: the per-minute limit that protects the office's mail provider.

Counted in the database, so that several workers stay under one limit together. Whatever left in the last minute counts,
a single mail too; but only mails to many wait for it.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from eventreg.database import db
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import PACE_WINDOW

_PACE_LOCK = 7_310_001
"""The number of PostgreSQL's advisory lock; any that nobody else uses."""


def claim_alone() -> None:
    """From here to the end of the transaction no other worker claims mails to many.

    SQLite's write transactions are alone anyway. Waits for nobody who waits for us: claims skip locked rows.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_PACE_LOCK)))


def room_for_bulk(now: datetime) -> int:
    """How many mails to many may be claimed at `now`; never negative."""
    limit: int = current_app.extensions["eventreg.config"].mail_per_minute
    left = select(func.count()).select_from(Mail).where(Mail.sent_at > now - PACE_WINDOW)
    under_way = select(func.count()).select_from(Mail).where(Mail.state == "sending")
    taken = (db.session.scalar(left) or 0) + (db.session.scalar(under_way) or 0)
    return max(0, limit - taken)
