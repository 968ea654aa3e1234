"""How tests read calendar bytes: strictly, line by line, and with a parser."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Component

from eventreg.calendars.invitation import Invitation, Party
from eventreg.calendars.time_zone_rules import EventTimes

START = datetime(2026, 12, 9, 11, 0, tzinfo=UTC)
STAMP = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ANNA = Party("Anna Kowalska", "anna@example.org")
OFFICE = Party("Urząd Przykładowy", "biuro@example.org")


def times(**values: object) -> EventTimes:
    return EventTimes(**{"starts_at": START, "ends_at": START + timedelta(minutes=90), **values})


def invitation(**values: object) -> Invitation:
    return Invitation(
        **{
            "uid": "0123456789abcdef0123456789abcdef@example.org",
            "sequence": 0,
            "dtstamp": STAMP,
            "organizer": OFFICE,
            "summary": "Warsztaty",
            "times": times(),
            **values,
        }
    )


def content_lines(body: bytes) -> list[str]:
    """Unfolded lines; fails unless every line ends with CRLF, has 75 octets at most and whole characters."""
    assert body.endswith(b"\r\n")
    physical = body.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= 75, line
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")  # a character cut in two would not decode
    unfolded: list[str] = []
    for line in physical:
        text = line.decode("utf-8")
        if text.startswith(" "):
            unfolded[-1] += text[1:]
        else:
            unfolded.append(text)
    return unfolded


def property_names(body: bytes) -> list[str]:
    return [line.split(":", 1)[0].split(";", 1)[0] for line in content_lines(body)]


def only_event(body: bytes) -> Component:
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len(events) == 1
    return events[0]
