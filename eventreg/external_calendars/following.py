"""Following somebody else's calendar: beginning, changing what is said of it, asking for a look, stopping."""

from datetime import datetime
from enum import StrEnum

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from eventreg.database import transaction
from eventreg.events.public_version import note_public_change
from eventreg.external_calendars.feed_address_rules import AddressFault, AddressRefusedError, read_feed_address
from eventreg.external_calendars.fetch_rules import Outcome
from eventreg.external_calendars.following_rules import MOST_CALENDARS, CalendarFields, may_look_again
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.external_calendars.showing_rules import is_shown
from eventreg.organisers import audit
from eventreg.organisers.models import Organiser

_TOLD_WITH_EVENTS = ("name", "page_url", "kind")
"""What feeds tell of a calendar with each of its events."""


class FollowRefusal(StrEnum):
    """Why a calendar is not followed."""

    NOT_FOUND = "not_found"
    TOO_MANY = "too_many"
    ALREADY_FOLLOWED = "already_followed"


class LookRefusal(StrEnum):
    """Why no look is made due."""

    NOT_FOUND = "not_found"
    LOOKED_LATELY = "looked_lately"


def follow_calendar(
    organiser_id: int, fields: CalendarFields, account_id: int, now: datetime
) -> ExternalCalendar | FollowRefusal | AddressFault:
    """Begin to follow a calendar; the worker looks at it in its next round."""
    address = read_address(fields.feed_url)
    if isinstance(address, AddressFault):
        return address
    with transaction() as session:
        _lock_organiser(session, organiser_id)
        of_organiser = ExternalCalendar.organiser_id == organiser_id
        if (session.scalar(select(func.count()).where(of_organiser)) or 0) >= MOST_CALENDARS:
            return FollowRefusal.TOO_MANY
        if _is_followed(session, organiser_id, address, None):
            return FollowRefusal.ALREADY_FOLLOWED
        calendar = ExternalCalendar(organiser_id=organiser_id, created_at=now)
        _set(calendar, fields, address)
        _start_afresh(calendar, now)
        session.add(calendar)
        session.flush()
        audit.record(account_id, "calendar_followed", organiser_id, detail={"calendar": calendar.id}, now=now)
        return calendar


def change_calendar(
    organiser_id: int, calendar_id: int, fields: CalendarFields, account_id: int, now: datetime
) -> list[str] | FollowRefusal | AddressFault:
    """Change what is said of a calendar; returns the names of the fields that changed (none: nothing is written).

    With another address the events of the old one go, and the worker looks at the new one in its next round.
    """
    address = read_address(fields.feed_url)
    if isinstance(address, AddressFault):
        return address
    with transaction() as session:
        _lock_organiser(session, organiser_id)
        calendar = locked_calendar(session, organiser_id, calendar_id)
        if calendar is None:
            return FollowRefusal.NOT_FOUND
        if _is_followed(session, organiser_id, address, calendar_id):
            return FollowRefusal.ALREADY_FOLLOWED
        changed = _set(calendar, fields, address)
        if "feed_url" in changed:
            session.execute(delete(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id))
            note_public_change()
            _start_afresh(calendar, now)
        elif changed:
            _bring_up_to_date(session, calendar, changed, now)
        if changed:
            detail = {"calendar": calendar_id, "fields": changed}
            audit.record(account_id, "calendar_changed", organiser_id, detail=detail, now=now)
        return changed


def stop_following(organiser_id: int, calendar_id: int, account_id: int, now: datetime) -> bool:
    """Forget a calendar with all that was read from it; False when the organiser follows no such calendar."""
    with transaction() as session:
        calendar = locked_calendar(session, organiser_id, calendar_id)
        if calendar is None:
            return False
        session.execute(delete(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id))
        session.delete(calendar)
        audit.record(account_id, "calendar_unfollowed", organiser_id, detail={"calendar": calendar_id}, now=now)
        return True


def ask_for_look(organiser_id: int, calendar_id: int, account_id: int, now: datetime) -> LookRefusal | None:
    """Make a look due, so that the worker takes one in its next round; None: it will."""
    with transaction() as session:
        calendar = locked_calendar(session, organiser_id, calendar_id)
        if calendar is None:
            return LookRefusal.NOT_FOUND
        if not may_look_again(calendar.checked_at, calendar.next_check_at, now):
            return LookRefusal.LOOKED_LATELY
        # Past the ORM: when a calendar is looked at is told to nobody in public.
        session.execute(update(ExternalCalendar).where(ExternalCalendar.id == calendar_id).values(next_check_at=now))
        audit.record(account_id, "calendar_look_asked", organiser_id, detail={"calendar": calendar_id}, now=now)
        return None


def locked_calendar(session: Session, organiser_id: int, calendar_id: int) -> ExternalCalendar | None:
    """The calendar, only if the organiser follows it (abuse 28), held against the worker until the transaction ends."""
    return session.scalar(
        select(ExternalCalendar)
        .where(ExternalCalendar.id == calendar_id, ExternalCalendar.organiser_id == organiser_id)
        .with_for_update(of=ExternalCalendar)
    )


def show_by_rule(calendar: ExternalCalendar, event: ExternalEvent) -> None:
    """Set whether visitors see an event, from the calendar's rule and what was chosen by hand."""
    texts = (event.title, event.description, event.place)
    event.shown = is_shown(calendar.shows, calendar.words, event.chosen, *texts)


def read_address(typed: str) -> str | AddressFault:
    """As it is stored: webcal:// is https://. Where its host leads is judged when it is asked (abuse 14)."""
    internal_hosts = current_app.extensions["eventreg.config"].internal_calendar_hosts
    try:
        return read_feed_address(typed, internal_hosts).url
    except AddressRefusedError as refused:
        return refused.fault


def _set(calendar: ExternalCalendar, fields: CalendarFields, address: str) -> list[str]:
    values = {
        "name": fields.name,
        "feed_url": address,
        "page_url": fields.page_url,
        "kind": fields.kind,
        "shows": fields.shows,
        "words": fields.words,
    }
    changed = [name for name, value in values.items() if getattr(calendar, name) != value]
    for name in changed:
        setattr(calendar, name, values[name])
    return changed


def _start_afresh(calendar: ExternalCalendar, now: datetime) -> None:
    """As if never looked at: nothing that the old address answered may make the new one seem unchanged."""
    calendar.etag = calendar.last_modified = calendar.content_mark = ""
    calendar.checked_at = calendar.succeeded_at = None
    calendar.next_check_at = now
    calendar.failures = calendar.events_read = calendar.events_left_out = calendar.events_repeating = 0
    calendar.outcome = Outcome.NEW.value


def _bring_up_to_date(session: Session, calendar: ExternalCalendar, changed: list[str], now: datetime) -> None:
    """What the events show of their calendar, and which of them are shown."""
    of_calendar = ExternalEvent.calendar_id == calendar.id
    if set(changed) & set(_TOLD_WITH_EVENTS):
        session.execute(
            update(ExternalEvent)
            .where(of_calendar)
            .values(revision=ExternalEvent.revision + 1, changed_at=now)
            .execution_options(synchronize_session=False)
        )
        note_public_change()
    if "shows" in changed or "words" in changed:
        for event in session.scalars(select(ExternalEvent).where(of_calendar)):
            show_by_rule(calendar, event)


def _lock_organiser(session: Session, organiser_id: int) -> None:
    """Two at once are judged one after the other: how many there are, and which addresses."""
    session.get_one(Organiser, organiser_id, with_for_update={"key_share": True})


def _is_followed(session: Session, organiser_id: int, address: str, but_id: int | None) -> bool:
    same = select(ExternalCalendar.id).where(
        ExternalCalendar.organiser_id == organiser_id, ExternalCalendar.feed_url == address
    )
    return any(id_ != but_id for id_ in session.scalars(same))
