"""libical judges what is sent: RFC 5546 for invitations, RFC 5545 for feeds. calendar.md 3, 6, 8, 10-14."""

import re

import pytest

from eventreg.calendars.feed import FeedHeader
from eventreg.calendars.ical_feed import feed_bytes
from eventreg.calendars.invitation import cancel_bytes, publish_bytes, request_bytes
from eventreg.calendars.personal_entry import EntryStatus, personal_entry
from tests.peers.generated_events import GUEST, HEADER, Generated, whole_feed
from tests.peers.libical import Libical


def test_calendar_03_each_request_meets_every_restriction(libical: Libical, events: list[Generated]) -> None:
    assert [libical.complaints(request_bytes(event.invitation, GUEST)) for event in events] == [[]] * 60


def test_calendar_06_each_cancel_meets_every_restriction(libical: Libical, events: list[Generated]) -> None:
    assert [libical.complaints(cancel_bytes(event.invitation, GUEST)) for event in events] == [[]] * 60


def test_calendar_04a_each_file_to_pass_on_meets_every_restriction(libical: Libical, events: list[Generated]) -> None:
    for cancelled in (False, True):
        bodies = [publish_bytes(event.invitation, cancelled=cancelled) for event in events]
        assert [libical.complaints(body) for body in bodies] == [[]] * 60


def test_calendar_11_a_feed_meets_every_restriction(libical: Libical, events: list[Generated]) -> None:
    assert libical.complaints(whole_feed(events)) == []
    assert libical.complaints(whole_feed(events[:1])) == []


@pytest.mark.parametrize("status", list(EntryStatus))
def test_calendar_11_a_personal_calendar_meets_every_restriction(
    libical: Libical, events: list[Generated], status: EntryStatus
) -> None:
    header = FeedHeader("Moje wydarzenia", "Wydarzenia", "")
    assert libical.complaints(feed_bytes(header, [personal_entry(event.invitation, status) for event in events])) == []


def _without(name: bytes, calendar: bytes) -> bytes:
    """The calendar less a property of its event, folded lines and all."""
    head, begin, event = calendar.partition(b"BEGIN:VEVENT\r\n")
    left = re.sub(rb"(?m)^" + name + rb"[;:][^\r]*\r\n(?: [^\r]*\r\n)*", b"", event)
    assert left != event
    return head + begin + left


def _with(line: bytes, calendar: bytes) -> bytes:
    return calendar.replace(b"END:VEVENT\r\n", line + b"\r\nEND:VEVENT\r\n")


@pytest.mark.parametrize("name", [b"ORGANIZER", b"ATTENDEE", b"DTSTAMP", b"DTSTART", b"UID", b"SUMMARY"])
def test_libical_refuses_a_request_that_lacks_what_it_must_have(
    libical: Libical, events: list[Generated], name: bytes
) -> None:
    [complaint] = libical.complaints(_without(name, request_bytes(events[0].invitation, GUEST)))
    assert name.decode() in complaint


def test_libical_refuses_what_a_method_forbids(libical: Libical, events: list[Generated]) -> None:
    published, request = publish_bytes(events[0].invitation), request_bytes(events[0].invitation, GUEST)
    [complaint] = libical.complaints(_with(b"ATTENDEE:mailto:eve@example.org", published))
    assert "ATTENDEE" in complaint
    assert "STATUS" in libical.complaints(request.replace(b"STATUS:CONFIRMED", b"STATUS:CANCELLED"))[0]
    [complaint] = libical.complaints(_without(b"ORGANIZER", cancel_bytes(events[0].invitation, GUEST)))
    assert "ORGANIZER" in complaint
    assert "UID" in libical.complaints(_with(b"UID:another", request))[0]


@pytest.mark.parametrize(
    "line", [b"DTSTAMP:20261122T090000Z", b"SUMMARY:two", b"DTEND:20261209T120000Z", b"not a line"]
)
def test_libical_refuses_a_broken_feed(libical: Libical, events: list[Generated], line: bytes) -> None:
    assert libical.complaints(_with(line, feed_bytes(HEADER, [events[0].entry]))) != []
