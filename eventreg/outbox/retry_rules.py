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

SHORTEST_AWAY_PAUSE = timedelta(seconds=10)
LONGEST_AWAY_PAUSE = timedelta(minutes=15)
"""While the mail server is away no mail is to blame: all wait as long as it has been away, within these."""

AWAY_GIVES_UP_AFTER = timedelta(days=7)
"""A mail older than this is rather shown as failed than sent as old news."""

CLAIM_LEASE = timedelta(minutes=10)
"""A claim older than this belongs to a worker that is gone. One try lasts less: see SMTP_TIMEOUT_SECONDS."""

PAUSE_AFTER_LOST_CONNECTION = timedelta(seconds=10)
"""The first pause when the connection broke off: that says nothing about the mail yet."""

SMTP_TIMEOUT_SECONDS = 30
MAILS_PER_CLAIM = 20

MAILS_PER_PASS = 400
LONGEST_PASS = timedelta(seconds=20)
"""How long one connection to the mail server is used while there is work; then the worker does its other work."""

PACE_WINDOW = timedelta(minutes=1)
"""What EVENTREG_MAIL_PER_MINUTE counts in."""

QUOTA_WINDOW = timedelta(hours=24)
QUOTA_PER_ADDRESS = 20
"""Mails that one address (plus and dot variants folded) gets in a window; further ones wait.

What strangers can trigger is counted apart from all else: who floods a mailbox must not make the offer of a place wait
there until it has run out.
"""

TRIGGERED_BY_STRANGERS = (
    "sign_up_confirmed",
    "sign_up_waitlisted",
    "sign_up_pending",
    "address_to_confirm",
    "group_signed_up",
    "already_registered",
    "substitute_invited",
    "address_change_asked",
)
"""Mails that somebody sends to whatever addresses he types: by the form of an event, or by the page of a registration,
which a stranger has as soon as he signs himself up."""

ASKED_FOR_BY_ANYBODY = ("links_found", "personal_calendar")
"""The same for mails that are about no one event."""

EVENT_WINDOW = timedelta(hours=1)
EVENT_QUOTA = 300
EVENT_QUOTA_PER_PLACE = 3
PLACES_WITHOUT_LIMIT = 3000
"""Of those mails one event sends so many in a window (300, and three for each place; an event without a limit counts
as one of 3000 places); further ones wait. A rush of honest people stays below it."""

CLIENT_WINDOW = timedelta(hours=1)
FORMS_PER_CLIENT = 300
"""Forms that send mails, from one client in a window; the mails of further ones wait. A whole office is one client."""

REMINDED_AT_MOST_EVERY = timedelta(hours=24)
"""'You are signed up already' is told once in this time to each registration (abuse 15, 16)."""

_ACCESS_REFUSED = frozenset({530, 534, 535, 538})


class Verdict(Enum):
    """What a failed try means for the mail."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    SERVER_AWAY = "server_away"
    CONNECTION_LOST = "connection_lost"


def judge_answer(code: int, *, while_connecting: bool = False) -> Verdict:
    """What an SMTP answer means (RFC 5321 4.2.1).

    4xx is temporary, 5xx permanent; a server that refuses us while connecting, or refuses our password,
    says nothing about the mail: SERVER_AWAY.
    """
    if while_connecting or code in _ACCESS_REFUSED or code == 421:
        return Verdict.SERVER_AWAY
    return Verdict.PERMANENT if 500 <= code <= 599 else Verdict.TEMPORARY


def next_try(verdict: Verdict, tries: int, now: datetime) -> datetime | None:
    """When to try a mail again after `tries` tries (1 or more) of which this was the last; None: give up."""
    if verdict is Verdict.PERMANENT or tries > len(PAUSES):
        return None
    if verdict is Verdict.CONNECTION_LOST and tries == 1:
        return now + PAUSE_AFTER_LOST_CONNECTION
    return now + PAUSES[tries - 1]


def try_when_server_is_back(created_at: datetime, away_since: datetime, now: datetime) -> datetime | None:
    """When to try a mail that could not be tried as the server is away; None: it has grown too old."""
    if now - created_at > AWAY_GIVES_UP_AFTER:
        return None
    return now + min(max(now - away_since, SHORTEST_AWAY_PAUSE), LONGEST_AWAY_PAUSE)


def not_before(recent_in_window: int, now: datetime) -> datetime:
    """The earliest moment for a mail to an address that got `recent_in_window` mails.

    Above the quota it waits and is never dropped: it may be the only mail this person gets. Each further
    quota's worth waits a window more.
    """
    return now + QUOTA_WINDOW * (recent_in_window // QUOTA_PER_ADDRESS)


def not_before_for_event(recent_in_window: int, capacity: int | None, now: datetime) -> datetime:
    """The same for an event with `capacity` places that sent `recent_in_window` of TRIGGERED_BY_STRANGERS."""
    places = PLACES_WITHOUT_LIMIT if capacity is None else capacity
    return now + EVENT_WINDOW * (recent_in_window // (EVENT_QUOTA + EVENT_QUOTA_PER_PLACE * places))


def not_before_for_client(forms_in_window: int, now: datetime) -> datetime:
    """The same for the client's form number `forms_in_window` (1 or more) of its window."""
    return now + CLIENT_WINDOW * ((forms_in_window - 1) // FORMS_PER_CLIENT)
