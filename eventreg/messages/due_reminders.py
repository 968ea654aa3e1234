"""Which events have a reminder or a thanks due, and what has gone out: reading only.

The worker looks often, so the look is cheap: one statement over the index of coming events, and more only for events
whose moment has come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from eventreg.database import db
from eventreg.events.models import Event, EventChange
from eventreg.messages.models import ReminderRun
from eventreg.messages.reminder_mails import to_be_thanked
from eventreg.messages.reminder_rules import (
    LONGEST_AHEAD,
    THANKS_FOR,
    DueReminder,
    ReminderKind,
    ReminderTerms,
    due_reminder,
    due_thanks,
    next_reminder,
)
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration

_TERMS = (
    Event.state,
    Event.starts_at,
    Event.ends_at,
    Event.time_zone,
    Event.all_day,
    Event.remind_days,
    Event.remind_hours,
    Event.sends_thanks,
    Event.published_at,
)


@dataclass(frozen=True, slots=True)
class ReminderLog:
    """For the organiser: the reminder to come, and what has gone out, the latest first."""

    next: DueReminder | None
    runs: Sequence[ReminderRun]


def events_due(now: datetime) -> list[int]:
    """Ids of the events of which somebody may have to be reminded, or thanked, now. Takes no lock."""
    candidates = {
        row.id: row for row in _near(now) if due_reminder(_terms(row), set(), now) or due_thanks(_terms(row), now)
    }
    if not candidates:
        return []
    told, unthanked = _dates_told_at(candidates), _with_people_to_thank(candidates)
    ran = _kinds_run(candidates)
    return [
        id_
        for id_, row in candidates.items()
        if due_reminder(_terms(row, told.get(id_)), ran.get((id_, row.starts_at), set()), now)
        or (id_ in unthanked and due_thanks(_terms(row), now))
    ]


def terms_of(event: Event) -> ReminderTerms:
    """The event as the rules of reminders want it. Costs one statement."""
    return _terms(event, _dates_told_at([event.id]).get(event.id))


def kinds_run(event: Event) -> set[ReminderKind]:
    """Which reminders went out for the start that the event has now."""
    return _kinds_run([event.id]).get((event.id, event.starts_at), set())


def reminder_log(event: Event, now: datetime) -> ReminderLog:
    """What the organiser is shown of an event's reminders."""
    runs = db.session.scalars(
        select(ReminderRun).where(ReminderRun.event_id == event.id).order_by(ReminderRun.id.desc())
    ).all()
    ran = {ReminderKind(run.kind) for run in runs if run.starts_at == event.starts_at}
    return ReminderLog(next_reminder(terms_of(event), ran, now), runs)


def _near(now: datetime) -> Iterable[Any]:
    """Published events between the end of their thanks and the earliest reminder (`ix_events_listing`)."""
    return db.session.execute(
        select(Event.id, *_TERMS).where(
            Event.state == "published",
            Event.listed.in_((True, False)),
            Event.ends_at > now - THANKS_FOR - timedelta(days=2),
            Event.starts_at <= now + LONGEST_AHEAD,
        )
    ).all()


def _kinds_run(event_ids: Iterable[int]) -> dict[tuple[int, datetime], set[ReminderKind]]:
    """What went out, by event and its start at that time."""
    runs = db.session.execute(
        select(ReminderRun.event_id, ReminderRun.starts_at, ReminderRun.kind).where(
            ReminderRun.event_id.in_(list(event_ids))
        )
    )
    found: dict[tuple[int, datetime], set[ReminderKind]] = {}
    for run in runs:
        found.setdefault((run.event_id, run.starts_at), set()).add(ReminderKind(run.kind))
    return found


def _dates_told_at(event_ids: Iterable[int]) -> dict[int, datetime]:
    """When the events' participants were last mailed a new date: the change and the mails have the same moment."""
    told = exists().where(Mail.event_id == EventChange.event_id, Mail.created_at == EventChange.at)
    rows = db.session.execute(
        select(EventChange.event_id, func.max(EventChange.at))
        .where(EventChange.event_id.in_(list(event_ids)), EventChange.what == "time", told)
        .group_by(EventChange.event_id)
    )
    return dict(rows.all())


def _with_people_to_thank(event_ids: Iterable[int]) -> set[int]:
    return set(
        db.session.scalars(
            select(Registration.event_id).where(Registration.event_id.in_(list(event_ids)), *to_be_thanked()).distinct()
        )
    )


def _terms(row: Any, dates_told_at: datetime | None = None) -> ReminderTerms:
    """From an event, or from a row of `_TERMS`."""
    return ReminderTerms(
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        time_zone=row.time_zone,
        all_day=row.all_day,
        remind_days=row.remind_days,
        remind_hours=row.remind_hours,
        sends_thanks=row.sends_thanks,
        published_at=row.published_at,
        dates_told_at=dates_told_at,
    )
