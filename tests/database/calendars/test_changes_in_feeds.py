"""calendar.md 12: what a feed tells of an event rises with each change of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Component

from eventreg.calendars.event_feeds import entries_of, marks_of
from eventreg.calendars.feed import FeedHeader
from eventreg.calendars.feed_formats import ICALENDAR
from eventreg.database import db
from eventreg.events.event_cancelling import Cancelled, cancel_event
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.event_publishing import publish_event, withdraw_event
from eventreg.events.models import Event
from eventreg.events.queries import ListFilter
from tests.factories import Factory


def entries(now: datetime) -> list[Component]:
    marks = marks_of(ListFilter(), now, ICALENDAR.keeps_past)
    body = ICALENDAR.join(FeedHeader("x", "", "https://example.org/"), entries_of(marks, "pl", ICALENDAR))
    return Calendar.from_ical(body).walk("VEVENT")


def change(event: Event, later: datetime, **values: Any) -> None:
    present = db.session.get_one(Event, event.id)
    result = change_event(present.id, replace(fields_of(present), **values), present.revision, False, None, later)
    assert isinstance(result, Changed)


def told(entry: Component) -> list[bytes]:
    """The lines that say what the event is."""
    counting = (b"SEQUENCE", b"LAST-MODIFIED", b"DTSTAMP")
    return [line for line in entry.to_ical().splitlines() if not line.startswith(counting)]


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ({"title": "Inny tytuł"}, 1),
        ({"starts_at": datetime.fromisoformat("2026-12-09T10:00:00+00:00")}, 1),
        ({"all_day": True}, 1),
        ({"time_zone": "Europe/Kyiv"}, 1),
        ({"room": "sala 12"}, 1),
        ({"attendance": "online", "online_url": "https://meet.example.org/a"}, 1),
        ({"programme": "1. Korzyści\n2. Partnerzy"}, 1),
        ({"summary": "Jedno zdanie."}, 1),
        ({"audience": "urzędnicy"}, 1),
        ({"slug": "inny-adres"}, 1),
        ({"capacity": 12}, 0),
    ],
)
def test_calendar_12_each_change_raises_sequence_last_modified_and_dtstamp(
    each_database: Flask, factory: Factory, now: datetime, values: dict[str, Any], raised: int
) -> None:
    event = factory.event()
    [before] = entries(now)
    later = now + timedelta(minutes=10)
    change(event, later, **values)
    [after] = entries(later)
    assert after["UID"] == before["UID"] == event.uid
    assert after["SEQUENCE"] == before["SEQUENCE"] + raised
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == later > before["DTSTAMP"].dt
    assert (told(after) != told(before)) is bool(raised), "SEQUENCE rises with what is told"


def test_calendar_12_a_cancel_is_a_change_and_keeps_the_uid(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event()
    [before] = entries(now)
    later = now + timedelta(minutes=10)
    assert isinstance(cancel_event(event.id, "Choroba", None, later), Cancelled)
    [after] = entries(later)
    assert (after["STATUS"], after["UID"], after["SEQUENCE"]) == ("CANCELLED", before["UID"], before["SEQUENCE"] + 1)
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == later


def test_calendar_12_an_event_that_was_withdrawn_comes_back_as_the_same_one_and_newer(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    office = factory.organiser()
    event = factory.event(office)
    [before] = entries(now)
    withdraw_event(event.id, None, now + timedelta(minutes=1))
    assert entries(now + timedelta(minutes=1)) == []
    publish_event(event.id, factory.account(office), now + timedelta(minutes=2))
    [after] = entries(now + timedelta(minutes=2))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] >= before["SEQUENCE"]
    assert after["DTSTAMP"].dt == now + timedelta(minutes=2)
