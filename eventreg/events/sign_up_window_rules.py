"""When an event takes sign-ups here: pure rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LAST_PLACES_SHARE = 0.1
"""'Last places' is said from this share of the capacity down ..."""

LAST_PLACES_COUNT = 3
"""... or from this many places down, whichever comes first; never while nobody has taken one."""


class SignUpStatus(StrEnum):
    """What a visitor may do about an event now. OPEN and WAITING take a sign-up, WAITING for the waiting list."""

    OPEN = "open"
    WAITING = "waiting"
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    PAST = "past"
    CANCELLED = "cancelled"
    NOT_PUBLISHED = "not_published"
    ELSEWHERE = "elsewhere"
    OPEN_ENTRY = "open_entry"


class Places(StrEnum):
    """What the public page says of the places; exact figures stay in the panel."""

    FREE = "free"
    LAST = "last"
    NONE = "none"
    UNLIMITED = "unlimited"


@dataclass(frozen=True)
class SignUpWindow:
    """What decides whether an event takes sign-ups; all moments aware, in UTC."""

    state: str
    mode: str
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    places_taken: int
    waiting_list: str = "off"  # off, when_full, always (the organiser gives the places)
    waiting: int = 0  # people in line without an offer


def places_of(capacity: int | None, places_taken: int) -> Places:
    """Free, last or none."""
    if capacity is None:
        return Places.UNLIMITED
    left = capacity - places_taken
    if left <= 0:
        return Places.NONE
    if left < capacity and (left <= LAST_PLACES_COUNT or left <= capacity * LAST_PLACES_SHARE):
        return Places.LAST
    return Places.FREE


def sign_up_status(window: SignUpWindow, now: datetime) -> SignUpStatus:
    """What holds at `now`. Without a closing time sign-up closes when the event starts."""
    if window.state == "cancelled":
        return SignUpStatus.CANCELLED
    if window.state != "published":
        return SignUpStatus.NOT_PUBLISHED if window.state == "draft" else SignUpStatus.PAST
    if now >= window.ends_at:
        return SignUpStatus.PAST
    if window.mode == "elsewhere":
        return SignUpStatus.ELSEWHERE
    if window.mode == "open_entry":
        return SignUpStatus.OPEN_ENTRY
    if window.opens_at is not None and now < window.opens_at:
        return SignUpStatus.NOT_YET
    if now >= (window.closes_at or window.starts_at):
        return SignUpStatus.CLOSED
    if window.waiting_list == "always":
        return SignUpStatus.WAITING
    if is_place_free(window):
        return SignUpStatus.OPEN
    return SignUpStatus.FULL if window.waiting_list == "off" else SignUpStatus.WAITING


def is_place_free(window: SignUpWindow) -> bool:
    """Whether somebody who comes now may have a place: there is one, and nobody in line goes first."""
    return window.waiting == 0 and places_of(window.capacity, window.places_taken) is not Places.NONE
