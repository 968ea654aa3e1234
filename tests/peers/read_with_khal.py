"""Run by the Python of .venv-peers. stdin: a JSON list of calendars; stdout: for each, what khal reads of its events.

A calendar is taken apart by vdirsyncer, as for a subscriber; khal reads the items.
"""

import json
import sys

import pytz
from khal.khalendar.event import AllDayEvent, Event
from vdirsyncer.vobject import split_collection

AUCKLAND = pytz.timezone("Pacific/Auckland")
LOCALE = {"local_timezone": AUCKLAND, "default_timezone": AUCKLAND}


def moments(event: Event) -> list[str | float]:
    """Start and end; khal holds the last day of an all-day event."""
    if isinstance(event, AllDayEvent):
        return [event.start.isoformat(), event.end.isoformat()]
    return [event.start_local.timestamp(), event.end_local.timestamp()]


def read(item: str) -> dict[str, object]:
    event = Event.fromString(item, calendar="peers", locale=LOCALE)
    start, end = moments(event)
    return {
        "uid": str(event.uid),
        "summary": str(event.summary),
        "description": str(event.description),
        "status": str(event.status),
        "start": start,
        "last" if isinstance(event, AllDayEvent) else "end": end,
    }


json.dump([[read(item) for item in split_collection(calendar)] for calendar in json.load(sys.stdin)], sys.stdout)
