"""One mark for everything that public lists and calendars tell, so that 'has anything changed?' is one small query.

The mark is random and not a number: two databases, or one that was restored, never agree by chance. Sign-ups do not
touch it (places are counted past the ORM), so a rush on an event writes no second row.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, event, insert, select, update
from sqlalchemy.orm import Session, UOWTransaction

from eventreg.clock import now_utc
from eventreg.database import db
from eventreg.events.models import Event, PublicVersion
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import Organiser
from eventreg.series.models import Edition, Series

TOLD_IN_PUBLIC = (Event, Series, Edition, Organiser, ExternalCalendar, ExternalEvent)
"""Rows of which lists and calendars are made."""

_ROW = 1
_CHANGED = "public_rows_changed"
_MARK_QUERY = f"SELECT mark FROM public_version WHERE id = {_ROW}"  # noqa: S608  # no value from outside
_BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)
_QUERY = select(PublicVersion.mark, PublicVersion.changed_at).where(PublicVersion.id == _ROW)


@dataclass(frozen=True, slots=True)
class Version:
    """The mark ('' before anything was saved) and when it became this one."""

    mark: str
    changed_at: datetime


def public_version() -> Version:
    """The version now: one row by its key."""
    row = db.session.execute(_QUERY).one_or_none()
    return Version("", _BEFORE_ANYTHING) if row is None else Version(row.mark, row.changed_at)


def current_mark(engine: Engine) -> str:
    """The mark alone, without a session: for who asks thousands of times a second."""
    with engine.connect() as connection:
        return str(connection.exec_driver_sql(_MARK_QUERY).scalar() or "")


def note_public_change() -> None:
    """For statements that pass the ORM by: the transaction that is open changes what is told in public."""
    db.session.info[_CHANGED] = True


@event.listens_for(Session, "after_flush")
def _look_at_rows(session: Session, _context: UOWTransaction) -> None:
    if session.info.get(_CHANGED):
        return
    touched = (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row)))
    if any(isinstance(row, TOLD_IN_PUBLIC) for row in touched):
        session.info[_CHANGED] = True


@event.listens_for(Session, "before_commit")
def _mark_anew(session: Session) -> None:
    """As the last thing of the transaction, so that the row that all writers share is held for a moment only."""
    session.flush()
    if not session.info.pop(_CHANGED, False):
        return
    values = {"mark": secrets.token_hex(16), "changed_at": now_utc()}
    changed = session.connection().execute(update(PublicVersion).where(PublicVersion.id == _ROW).values(**values))
    if changed.rowcount == 0:
        session.connection().execute(insert(PublicVersion).values(id=_ROW, **values))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)
