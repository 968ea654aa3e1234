"""How many forms that send mails one client has sent, whatever the event and whoever is written to (abuse 15).

An office is one client for many people, so the quota is wide, a form for a whole group counts once, and above it the
mails wait; no sign-up is refused.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import g
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from eventreg.client_marks import asking_client
from eventreg.database import db, transaction
from eventreg.outbox.models import ClientForms
from eventreg.outbox.retry_rules import CLIENT_WINDOW, not_before_for_client

_KEPT = timedelta(days=1)


def earliest_for_client(now: datetime) -> datetime:
    """From when on the mails of the form that is being worked on may leave; counts the form, once."""
    mark = asking_client(now)
    if not mark:
        return now
    if "forms_of_client" not in g:
        g.forms_of_client = _count(mark, now)
    return not_before_for_client(g.forms_of_client, now)


def forget_clients(now: datetime) -> int:
    """Counts of yesterday go; returns how many. Looks first, so that an idle worker writes nothing."""
    is_old = ClientForms.since < now - _KEPT
    if db.session.scalar(select(ClientForms.mark).where(is_old).limit(1)) is None:
        return 0
    with transaction() as session:
        gone = session.execute(delete(ClientForms).where(is_old).returning(ClientForms.mark))
        return len(gone.all())


def _count(mark: str, now: datetime) -> int:
    """One form more; how many that makes in the present window."""
    seconds = int(CLIENT_WINDOW.total_seconds())
    since = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ClientForms).values(mark=mark, since=since, forms=1)
    statement = statement.on_conflict_do_update(
        index_elements=[ClientForms.mark, ClientForms.since], set_={"forms": ClientForms.forms + 1}
    )
    with transaction() as session:
        return int(session.execute(statement.returning(ClientForms.forms)).scalar_one())
