"""Picking events of an external calendar by hand: show them, hide them, or leave them to the calendar's rule."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from eventreg.database import transaction
from eventreg.external_calendars.following import locked_calendar, show_by_rule
from eventreg.external_calendars.models import ExternalEvent
from eventreg.organisers import audit


def choose_events(
    organiser_id: int, calendar_id: int, event_ids: Sequence[int], chosen: bool | None, account_id: int, now: datetime
) -> int | None:
    """Show (True), hide (False) or leave to the rule (None) these events; ids of other calendars are passed over.

    Returns how many of them are so now, those included that were before; None when the organiser follows no such
    calendar.
    """
    with transaction() as session:
        calendar = locked_calendar(session, organiser_id, calendar_id)
        if calendar is None:
            return None
        events = session.scalars(
            select(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id, ExternalEvent.id.in_(event_ids))
        ).all()
        for event in events:
            event.chosen = chosen
            show_by_rule(calendar, event)
        if events:
            detail = {"calendar": calendar_id, "events": len(events), "chosen": chosen}
            audit.record(account_id, "calendar_events_chosen", organiser_id, detail=detail, now=now)
        return len(events)
