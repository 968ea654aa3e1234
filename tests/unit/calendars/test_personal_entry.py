"""One entry of a personal calendar, in bytes."""

from datetime import timedelta

import pytest

from eventreg.calendars.feed import FeedHeader
from eventreg.calendars.ical_feed import feed_bytes
from eventreg.calendars.personal_entry import EntryStatus, personal_entry
from tests.unit.calendars.calendar_reading import STAMP, START, content_lines, invitation, only_event, times

HEADER = FeedHeader("Moje wydarzenia", "Wydarzenia", "")


def body(status: EntryStatus = EntryStatus.CONFIRMED, **values: object) -> bytes:
    return feed_bytes(HEADER, [personal_entry(invitation(**values), status)])


@pytest.mark.parametrize(
    ("status", "transparency"),
    [
        (EntryStatus.CONFIRMED, "OPAQUE"),
        (EntryStatus.TENTATIVE, "TRANSPARENT"),
        (EntryStatus.CANCELLED, "TRANSPARENT"),
    ],
)
def test_only_what_is_certain_makes_busy(status: EntryStatus, transparency: str) -> None:
    event = only_event(body(status))
    assert (event["STATUS"], event["TRANSP"]) == (status.value, transparency)


def test_calendar_12_its_last_change_and_its_number() -> None:
    event = only_event(body(sequence=7))
    assert event["SEQUENCE"] == 7
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == STAMP
    assert event["UID"] == invitation().uid


def test_calendar_13_nobody_is_named_and_nothing_rings() -> None:
    text = body(online_url="https://meet.example.org/x", online_label="Online").decode()
    for word in ("ATTENDEE", "ORGANIZER", "VALARM", "METHOD", "mailto:", "biuro@example.org"):
        assert word not in text
    assert only_event(text.encode())["CONFERENCE"] == "https://meet.example.org/x"


def test_calendar_14_a_whole_day() -> None:
    day = START.replace(hour=23)  # midnight in Warsaw
    lines = content_lines(body(times=times(starts_at=day, ends_at=day + timedelta(days=3), all_day=True)))
    assert "DTSTART;VALUE=DATE:20261210" in lines
    assert "DTEND;VALUE=DATE:20261213" in lines


def test_abuse_04_typed_text_makes_no_line_of_its_own() -> None:
    lines = content_lines(body(summary="A\r\nATTENDEE:mailto:x@example.org\x00\x0b", location="B\nX-B:1"))
    assert not [line for line in lines if line.startswith(("ATTENDEE", "X-B"))]
