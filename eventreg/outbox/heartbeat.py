"""The sign of life of the mail worker, for /readyz and the panel."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eventreg.database import db, transaction
from eventreg.outbox.models import WorkerHeartbeat

MAIL_WORKER = "mail"
BEATS_EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=150)
"""A worker unheard of for longer is not there: between two beats lie two server time-outs at most."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What is known of the mail worker. `server_away_since`: None while the mail server answers."""

    seen_at: datetime | None
    is_alive: bool
    server_away_since: datetime | None


def beat(worker: str, now: datetime, server_away_since: datetime | None) -> None:
    """The worker is at work at `now`."""
    with transaction() as session:
        session.merge(
            WorkerHeartbeat(name=MAIL_WORKER, at=now, worker=worker, mail_server_away_since=server_away_since)
        )


def worker_state(now: datetime) -> WorkerState:
    """Whether a worker lives, by its last beat."""
    row = db.session.get(WorkerHeartbeat, MAIL_WORKER, populate_existing=True)
    if row is None:
        return WorkerState(None, False, None)
    return WorkerState(row.at, now - row.at <= SILENT_AFTER, row.mail_server_away_since)
