"""When people are reminded of an event, and when those who came are thanked.

Frozen values in, named values out; moments are aware. Nobody is reminded who heard of the date after the reminder's
moment: not who signed up later (pretix#3757), nor when everybody has just been told a new date.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from eventreg.events.sign_up_policy_rules import MOST_REMIND_DAYS
from eventreg.events.when_rules import NIGHT_ENDS_AT

EARLIEST_HOUR = time(8, 0)
LATEST_HOUR = time(20, 0)
"""Days before an event people are written to between these, on the clock where it happens."""

ALL_DAY_HOUR = time(9, 0)
"""When people are reminded of an event without hours of its own."""

THANKS_HOUR = time(9, 0)
"""Of the day after the event."""

THANKS_FOR = timedelta(days=14)
"""So long after that whoever is marked as having come is thanked: attendance is often entered from paper, later."""

LONGEST_AHEAD = timedelta(days=MOST_REMIND_DAYS + 1)
"""No reminder is due earlier before the start: so far the worker's look at the events reaches. The day more is for
events of the evening, whose reminder comes at 20:00."""


class ReminderKind(StrEnum):
    """Which mail it is; as kept in ReminderRun."""

    DAYS = "days"
    HOURS = "hours"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderTerms:
    """What the rules want to know of an event.

    `dates_told_at`: when everybody signed up was last mailed a change of the date; None: never.
    """

    state: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    all_day: bool
    remind_days: int | None
    remind_hours: int | None
    sends_thanks: bool
    published_at: datetime | None
    dates_told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueReminder:
    """One reminder and its moment."""

    kind: ReminderKind
    due_at: datetime


def reminders_of(terms: ReminderTerms) -> list[DueReminder]:
    """The reminders before the start that this event has, the earliest first; whatever its state."""
    moments = ((ReminderKind.DAYS, _days_due_at(terms)), (ReminderKind.HOURS, _hours_due_at(terms)))
    found = [DueReminder(kind, at) for kind, at in moments if at is not None and at < terms.starts_at]
    return sorted(found, key=lambda reminder: reminder.due_at)


def thanks_of(terms: ReminderTerms) -> DueReminder:
    """The thanks: at 9:00 of the day after the last day, to which an end at midnight or in the night belongs."""
    ends = terms.ends_at.astimezone(ZoneInfo(terms.time_zone))
    last_day = ends.date() - timedelta(days=int(ends.time() < NIGHT_ENDS_AT))
    return DueReminder(ReminderKind.THANKS, _local(last_day + timedelta(days=1), THANKS_HOUR, terms))


def due_reminder(terms: ReminderTerms, ran: Set[ReminderKind], now: datetime) -> DueReminder | None:
    """The reminder to be sent now, or None. `ran`: the kinds that went out for this very start.

    Only of a published event that has not begun (indico#5285). One whose moment passed unnoticed is sent late, but not
    once a later one is due as well: then that one says all. None for a moment before the event was published.
    """
    if terms.state != "published" or now >= terms.starts_at:
        return None
    passed = [reminder for reminder in reminders_of(terms) if reminder.due_at <= now]
    if not passed:
        return None
    latest = passed[-1]
    return None if latest.kind in ran or _was_told_later(terms, latest) else latest


def next_reminder(terms: ReminderTerms, ran: Set[ReminderKind], now: datetime) -> DueReminder | None:
    """The reminder that people will be sent next, for the organiser to see; None when none is to come."""
    if terms.state != "published":
        return None
    due = due_reminder(terms, ran, now)
    coming = [reminder for reminder in reminders_of(terms) if reminder.due_at > now and reminder.kind not in ran]
    return due or (coming[0] if coming else None)


def due_thanks(terms: ReminderTerms, now: datetime) -> DueReminder | None:
    """The thanks, while they may go out: from the morning after the event, for THANKS_FOR."""
    if terms.state != "published" or not terms.sends_thanks:
        return None
    thanks = thanks_of(terms)
    return thanks if thanks.due_at <= now < thanks.due_at + THANKS_FOR else None


def _was_told_later(terms: ReminderTerms, reminder: DueReminder) -> bool:
    told = (terms.published_at, terms.dates_told_at)
    return any(at is not None and at > reminder.due_at for at in told)


def _days_due_at(terms: ReminderTerms) -> datetime | None:
    """N days before, at the hour of the start on the wall clock (also across the change of the clocks)."""
    if terms.remind_days is None or terms.remind_days < 1:
        return None
    starts = terms.starts_at.astimezone(ZoneInfo(terms.time_zone))
    hour = ALL_DAY_HOUR if terms.all_day else min(max(starts.time(), EARLIEST_HOUR), LATEST_HOUR)
    return _local(starts.date() - timedelta(days=terms.remind_days), hour, terms)


def _hours_due_at(terms: ReminderTerms) -> datetime | None:
    """N hours before; none for an all-day event, which begins at no certain hour."""
    if terms.remind_hours is None or terms.remind_hours < 1 or terms.all_day:
        return None
    return terms.starts_at - timedelta(hours=terms.remind_hours)


def _local(day: date, hour: time, terms: ReminderTerms) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(terms.time_zone)).astimezone(UTC)
