"""When a mail is tried again, and when the outbox gives up so that people see it."""

from datetime import datetime, timedelta
from enum import Enum

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""After each try that the server put off; after the last one the mail has failed (about three days)."""

AWAY_PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=10),
    timedelta(minutes=15),
)
"""While the mail server itself is away the mail is not to blame: short pauses, the last one repeated."""

AWAY_GIVES_UP_AFTER = timedelta(days=7)
"""A mail older than this is rather shown as failed than sent as old news."""

CLAIM_LEASE = timedelta(minutes=10)
"""A claim older than this belongs to a worker that is gone. One try lasts less: see SMTP_TIMEOUT_SECONDS."""

SMTP_TIMEOUT_SECONDS = 30
MAILS_PER_CLAIM = 20

QUOTA_WINDOW = timedelta(hours=24)
QUOTA_PER_ADDRESS = 20
"""Mails that one address (plus and dot variants folded) gets in a window; further ones wait."""

REMINDED_AT_MOST_EVERY = timedelta(hours=24)
"""'You are signed up already' is told once in this time to each registration (abuse 15, 16)."""

_ACCESS_REFUSED = frozenset({530, 534, 535, 538})


class Verdict(Enum):
    """What a failed try means for the mail."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    SERVER_AWAY = "server_away"


def judge_answer(code: int, *, while_connecting: bool = False) -> Verdict:
    """What an SMTP answer means (RFC 5321 4.2.1).

    4xx is temporary, 5xx permanent; a server that refuses us while connecting, or refuses our password,
    says nothing about the mail: SERVER_AWAY.
    """
    if while_connecting or code in _ACCESS_REFUSED or code == 421:
        return Verdict.SERVER_AWAY
    return Verdict.PERMANENT if 500 <= code <= 599 else Verdict.TEMPORARY


def next_try(verdict: Verdict, tries: int, created_at: datetime, now: datetime) -> datetime | None:
    """When to try again after `tries` tries (1 or more); None: give up."""
    if verdict is Verdict.PERMANENT:
        return None
    if verdict is Verdict.SERVER_AWAY:
        if now - created_at > AWAY_GIVES_UP_AFTER:
            return None
        return now + AWAY_PAUSES[min(tries, len(AWAY_PAUSES)) - 1]
    return now + PAUSES[tries - 1] if tries <= len(PAUSES) else None


def not_before(recent_in_window: int, now: datetime) -> datetime:
    """The earliest moment for a mail to an address that got `recent_in_window` mails.

    Above the quota it waits and is never dropped: it may be the only mail this person gets. Each further
    quota's worth waits a window more.
    """
    return now + QUOTA_WINDOW * (recent_in_window // QUOTA_PER_ADDRESS)
