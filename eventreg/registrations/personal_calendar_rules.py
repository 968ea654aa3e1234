"""Which of a person's registrations stand in her personal calendar, and as what: pure rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.calendars.feed import CANCELLED_STAYS, PAST_STAYS

MAIL_CALENDAR_EVERY_MINUTES = 60
"""The button on an own page writes to one mailbox at most once in this time."""

MOST_ENTRIES = 500
"""Events in one calendar, the latest ones."""


class EntryStanding(StrEnum):
    """As what a registration stands in the calendar."""

    CONFIRMED = "confirmed"
    OFFERED = "offered"  # a place is kept for her until she takes it
    WAITING = "waiting"
    PENDING = "pending"  # the organiser decides
    CANCELLED = "cancelled"  # she does not take part any more
    EVENT_CANCELLED = "event_cancelled"


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """What is known of a registration and its event; moments are aware, in UTC."""

    state: str
    was_confirmed: bool
    has_offer: bool
    cancelled_by: str | None
    cancelled_at: datetime | None
    event_state: str
    event_ends_at: datetime
    event_cancelled_at: datetime | None


def entry_standing(one: OwnEntry, now: datetime) -> EntryStanding | None:
    """As what it stands in the calendar at `now`; None: not at all.

    Drafts and archived events are told to nobody; an address that nobody confirmed gets nothing (abuse 15). Who was
    not admitted never had anything in her calendar, who lost a place sees the entry cancelled for CANCELLED_STAYS.
    What came to nothing before the event ended goes with its end, what took place stays for PAST_STAYS.
    """
    if one.event_state not in ("published", "cancelled") or one.event_ends_at <= now - PAST_STAYS:
        return None
    if one.state == "unconfirmed" or one.cancelled_by == "unconfirmed":
        return None
    if one.state in ("cancelled", "declined"):
        is_told = one.state == "cancelled" or one.was_confirmed
        return EntryStanding.CANCELLED if is_told and _is_recent(one.cancelled_at, now) else None
    if one.event_state == "cancelled":
        return EntryStanding.EVENT_CANCELLED if _is_recent(one.event_cancelled_at, now) else None
    if one.state == "confirmed":
        return EntryStanding.CONFIRMED
    if one.event_ends_at <= now:
        return None
    if one.state == "pending":
        return EntryStanding.PENDING
    return EntryStanding.OFFERED if one.has_offer else EntryStanding.WAITING


def _is_recent(cancelled_at: datetime | None, now: datetime) -> bool:
    return cancelled_at is not None and cancelled_at > now - CANCELLED_STAYS
