"""Looking at the calendars of others: which is due, what it holds now, and how the look ended.

While the network is spoken to no transaction is open. What a look brings is written in one; a look that brings nothing
new, or fails, leaves everything that is told in public alone, the public version too.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventreg import __version__
from eventreg.calendars.feed import PAST_STAYS
from eventreg.database import db, transaction
from eventreg.external_calendars.calendar_fetching import Asking, fetch_calendar
from eventreg.external_calendars.calendar_reading_rules import (
    CalendarRead,
    NotACalendarError,
    ReadEvent,
    read_calendar,
)
from eventreg.external_calendars.fetch_rules import (
    CLAIM_LASTS,
    LIMITS,
    MOST_IN_A_ROUND,
    Fetched,
    FetchFailed,
    Known,
    Limits,
    NotModified,
    Outcome,
    next_check,
    wants_everything,
)
from eventreg.external_calendars.following import show_by_rule
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.logs import log


def refresh_due(now: datetime, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Look at every calendar that is due, one after the other, MOST_IN_A_ROUND at most; returns how many.

    Several workers may do so at once: each claims a calendar by moving its next look on, and one whose worker died
    with it in hand is due again after CLAIM_LASTS. Raises SQLAlchemyError when the database is away.
    """
    looked_at = 0
    while looked_at < MOST_IN_A_ROUND and not is_stopping():
        calendar_id = _claim(now)
        if calendar_id is None:
            break
        try:
            refresh_calendar(calendar_id, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # one calendar that we cannot read must not keep us from the others
            db.session.rollback()
            log.error("external_calendar_failed", calendar=calendar_id, error=type(error).__name__)
            _note(calendar_id, None, FetchFailed(Outcome.FAILED), now)
        looked_at += 1
    db.session.rollback()
    return looked_at


def refresh_calendar(calendar_id: int, now: datetime, limits: Limits = LIMITS) -> Outcome:
    """Look at one calendar now, due or not, and keep what it holds; tells how that ended.

    Must not be called within a transaction: it speaks to the network. Outcome.NEW: the calendar is gone, or has
    another address by now, so that nothing was kept.
    """
    calendar = db.session.get(ExternalCalendar, calendar_id, populate_existing=True)
    if calendar is None:
        return Outcome.NEW
    feed_url, mark = calendar.feed_url, calendar.content_mark
    known = Known(calendar.etag, calendar.last_modified)
    if wants_everything(now, calendar.checked_at, something_was_left_out=calendar.events_left_out > 0):
        known, mark = Known(), ""
    db.session.rollback()
    answer = fetch_calendar(feed_url, known, _asking(limits), now)
    if not isinstance(answer, Fetched):
        return _note(calendar_id, feed_url, answer, now)
    new_mark = hashlib.sha256(answer.body).hexdigest()
    if new_mark == mark:
        return _note(calendar_id, feed_url, NotModified(), now, _kept_of(answer.known))
    try:
        read = read_calendar(answer.body, now)
    except NotACalendarError:
        return _note(calendar_id, feed_url, FetchFailed(Outcome.NOT_A_CALENDAR), now)
    return _keep(calendar_id, feed_url, read, {**_kept_of(answer.known), "content_mark": new_mark}, now)


def _asking(limits: Limits) -> Asking:
    config = current_app.extensions["eventreg.config"]
    return Asking(f"eventreg/{__version__} (+{config.base_url})", config.internal_calendar_hosts, limits)


def _kept_of(known: Known) -> dict[str, Any]:
    return {"etag": known.etag, "last_modified": known.last_modified}


def _claim(now: datetime) -> int | None:
    """The calendar that is due for longest, now ours until CLAIM_LASTS is over."""
    while True:
        db.session.rollback()
        due = db.session.execute(
            select(ExternalCalendar.id, ExternalCalendar.next_check_at)
            .where(ExternalCalendar.next_check_at <= now)
            .order_by(ExternalCalendar.next_check_at, ExternalCalendar.id)
            .limit(1)
        ).one_or_none()
        if due is None:
            return None
        still_due = ExternalCalendar.next_check_at == due.next_check_at
        claim = update(ExternalCalendar).where(ExternalCalendar.id == due.id, still_due)
        with transaction() as session:
            claimed = session.connection().execute(claim.values(next_check_at=now + CLAIM_LASTS)).rowcount == 1
        if claimed:
            return int(due.id)


def _note(
    calendar_id: int,
    feed_url: str | None,
    answer: NotModified | FetchFailed,
    now: datetime,
    values: dict[str, Any] | None = None,
) -> Outcome:
    """Write down that nothing new came; what was read before stays, but for what is over for too long."""
    with transaction() as session:
        calendar = _locked(session, calendar_id, feed_url)
        if calendar is None:
            return Outcome.NEW
        # Of these no list tells any more: nothing changes in public.
        too_old = ExternalEvent.ends_at <= now - PAST_STAYS
        session.execute(delete(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id, too_old))
        if isinstance(answer, NotModified):
            _write(session, calendar_id, {**_success(calendar_id, Outcome.UNCHANGED, now), **(values or {})})
            return Outcome.UNCHANGED
        failures = calendar.failures + 1
        _write(
            session,
            calendar_id,
            {
                "outcome": answer.outcome.value,
                "checked_at": now,
                "failures": failures,
                "next_check_at": next_check(now, calendar_id, failures, answer.retry_after),
            },
        )
        log.info("external_calendar_not_read", calendar=calendar_id, outcome=answer.outcome.value, failures=failures)
        return answer.outcome


def _keep(calendar_id: int, feed_url: str, read: CalendarRead, values: dict[str, Any], now: datetime) -> Outcome:
    """Make the kept events those that were read. One that is gone from the calendar is gone here, too."""
    with transaction() as session:
        calendar = _locked(session, calendar_id, feed_url)
        if calendar is None:
            return Outcome.NEW
        of_calendar = select(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id)
        kept = {row.source_key: row for row in session.scalars(of_calendar)}
        for event in read.events:
            row = kept.pop(event.source_key, None)
            if row is None:
                row = ExternalEvent(calendar_id=calendar_id, source_key=event.source_key, uid=_new_uid(), revision=0)
                session.add(row)
            _set(row, event, now)
            show_by_rule(calendar, row)
        for row in kept.values():
            session.delete(row)
        counts = {
            "events_read": len(read.events),
            "events_left_out": read.left_out,
            "events_repeating": read.repeating,
        }
        _write(session, calendar_id, {**_success(calendar_id, Outcome.READ, now), **counts, **values})
    return Outcome.READ


def _set(row: ExternalEvent, event: ReadEvent, now: datetime) -> None:
    """Set what differs; then the row has another revision, which feeds see."""
    values = {
        "title": event.title,
        "description": event.description,
        "place": event.place,
        "url": event.url,
        "starts_at": event.times.starts_at,
        "ends_at": event.times.ends_at,
        "time_zone": event.times.timezone,
        "all_day": event.times.all_day,
        "cancelled": event.cancelled,
    }
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.revision += 1
        row.changed_at = now


def _locked(session: Session, calendar_id: int, feed_url: str | None) -> ExternalCalendar | None:
    """The calendar, held against the panel; None when it is gone or has another address than was asked."""
    calendar = session.scalar(
        select(ExternalCalendar).where(ExternalCalendar.id == calendar_id).with_for_update(of=ExternalCalendar)
    )
    return calendar if calendar is not None and feed_url in (None, calendar.feed_url) else None


def _success(calendar_id: int, outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "outcome": outcome.value,
        "checked_at": now,
        "succeeded_at": now,
        "failures": 0,
        "next_check_at": next_check(now, calendar_id, 0),
    }


def _write(session: Session, calendar_id: int, values: dict[str, Any]) -> None:
    """Note how a look went, past the ORM: nobody is told of it in public."""
    session.connection().execute(update(ExternalCalendar).where(ExternalCalendar.id == calendar_id).values(**values))


def _new_uid() -> str:
    """Ours, unique for good: the source's UID could be a copy of one of our own events'."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return f"external-{secrets.token_hex(16)}@{host}"
