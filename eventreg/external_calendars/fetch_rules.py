"""How much of a foreign calendar is taken, how long it may take, how it ended, and when it is asked again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

CHECKED_EVERY = timedelta(hours=1)
"""Calendars of offices change a few times a day; visitors see a change within the hour."""

LONGEST_PAUSE = timedelta(hours=24)
"""A calendar that fails again and again is still asked once a day: one that is gone (410) may come back."""

SPREAD = timedelta(minutes=10)
"""Calendars are asked at different moments of this span, so that a partner with many is not asked for all at once."""

CLAIM_LASTS = timedelta(minutes=10)
"""A worker that died with a calendar in hand gives it back after so long; longer than a whole round takes."""

MOST_IN_A_ROUND = 20
"""Calendars of one round: times the whole time limit of each that is less than CLAIM_LASTS."""

LONGEST_ETAG = 300
LONGEST_LAST_MODIFIED = 100
"""Characters that the columns hold; a longer one is not kept, the calendar is then read in full each time."""


class Outcome(StrEnum):
    """How the last look at a calendar ended (ExternalCalendar.outcome, at most 20 characters)."""

    NEW = "new"
    """Nobody has looked yet."""
    READ = "read"
    """Read in full; what it holds may still be the same."""
    UNCHANGED = "unchanged"
    """The server, or the bytes, say that nothing is new."""
    ADDRESS_REFUSED = "address_refused"
    """The address, or one it leads to, is not one that may be asked: private, wrong port, with a password ..."""
    UNKNOWN_HOST = "unknown_host"
    """There is no server of that name."""
    UNREACHABLE = "unreachable"
    """The server does not answer, or breaks off."""
    CERTIFICATE = "certificate"
    """Its certificate is not valid for the name (expired, self-signed, another name) or TLS fails."""
    ACCESS_DENIED = "access_denied"
    """401, 403: the calendar is not public."""
    NOT_FOUND = "not_found"
    """404, 410."""
    ANSWER_ERROR = "answer_error"
    """The server answers with another error (429, 500 ...)."""
    ANSWER_UNREADABLE = "answer_unreadable"
    """Not HTTP, an encoding that was not asked for, damaged gzip, or less than was announced."""
    REDIRECTED = "redirected_too_often"
    """Redirects in a circle, or more than REDIRECTS."""
    TOO_SLOW = "too_slow"
    """The whole did not arrive within the time limit."""
    TOO_LARGE = "too_large"
    """More bytes, packed or unpacked, than are taken."""
    NOT_A_CALENDAR = "not_a_calendar"
    """A web page, garbage, or a calendar that breaks off."""
    FAILED = "failed"
    """Our own mistake; it is in the log."""

    @property
    def is_good(self) -> bool:
        """Whether the calendar was read, or is known to be the same."""
        return self in (Outcome.READ, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one look at a calendar may cost."""

    connect_seconds: float = 5.0
    """For one address of the server; a host that is up answers within one."""
    total_seconds: float = 20.0
    """For everything, from the first question to the name server to the last byte, redirects included."""
    most_bytes: int = 5 * 1024 * 1024
    """On the wire and unpacked. 10,000 events with descriptions take about 5 MB."""
    redirects: int = 3
    addresses: int = 3
    """Of one name that are tried in turn: mostly one IPv6 and one or two IPv4."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Known:
    """What the last good answer said of itself; '' when it said nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer, unpacked."""

    body: bytes
    known: Known


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the calendar is the one of last time."""


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Nothing usable came, and why; `retry_after` when the server named a time."""

    outcome: Outcome
    retry_after: timedelta | None = None


def outcome_of_status(status: int) -> Outcome:
    """What an HTTP status that is neither 200, 304 nor a redirect comes to."""
    if status in (401, 403, 407):
        return Outcome.ACCESS_DENIED
    return Outcome.NOT_FOUND if status in (404, 410) else Outcome.ANSWER_ERROR


def known_from(headers: Mapping[str, str]) -> Known:
    """ETag and Last-Modified as they may be sent back: short, printable ASCII; else ''."""
    return Known(
        _kept(headers.get("ETag", ""), LONGEST_ETAG), _kept(headers.get("Last-Modified", ""), LONGEST_LAST_MODIFIED)
    )


def _kept(value: str, longest: int) -> str:
    value = value.strip()
    return value if len(value) <= longest and value.isascii() and value.isprintable() else ""


def read_retry_after(value: str, now: datetime) -> timedelta | None:
    """The header Retry-After, in seconds or as a date (RFC 9110 10.2.3), at most LONGEST_PAUSE; None if unreadable."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        pause = timedelta(seconds=int(value))
    else:
        try:
            moment = parsedate_to_datetime(value[:60])
            pause = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(max(pause, timedelta(0)), LONGEST_PAUSE)


def next_check(now: datetime, calendar_id: int, failures: int, retry_after: timedelta | None = None) -> datetime:
    """When a calendar is asked again: hourly, after `failures` in a row 1, 2, 4 ... hours later, daily at the latest.

    `retry_after` is what the server asked for. The moment is spread by the calendar's id.
    """
    pause = min(CHECKED_EVERY * (1 << min(max(failures - 1, 0), 10)), LONGEST_PAUSE)
    if retry_after is not None:
        pause = min(max(pause, retry_after), LONGEST_PAUSE)
    return now + pause + SPREAD * (calendar_id * 7919 % 997) / 997


def wants_everything(now: datetime, checked_at: datetime | None, *, something_was_left_out: bool) -> bool:
    """Whether to read in full although the server may say that nothing is new.

    Of a calendar that was not taken whole, what is nearest changes with time: such a one is read in full once a day.
    """
    return something_was_left_out and (checked_at is None or checked_at.date() != now.date())
