"""Every peer reads the moments, dates and texts that were put in: calendar.md 7, 8, 11 and 14."""

import re
from dataclasses import replace
from datetime import timedelta

from eventreg.calendars.calendar_text_rules import shortened
from eventreg.calendars.invitation import LONGEST_DESCRIPTION, request_bytes
from eventreg.calendars.time_zone_rules import EventTimes
from tests.peers.conftest import Peer
from tests.peers.generated_events import CHANGES, GUEST, OCCASIONS, ZONES, Generated, Text, whole_feed
from tests.peers.reading import Reading, moment


def in_order(readings: list[Reading]) -> list[Reading]:
    return sorted(readings, key=lambda reading: reading.uid)


def as_understood(peer: Peer, readings: list[Reading]) -> list[Reading]:
    """What node-ical makes of texts: it looks for line breaks before it looks for backslashes, so that a typed
    backslash and n become a backslash and a line break. No way of writing them would reach it unharmed."""
    if peer.name != "node-ical":
        return in_order(readings)
    return [
        replace(one, summary=_broken(one.summary), description=_broken(one.description)) for one in in_order(readings)
    ]


def _broken(text: str) -> str:
    return re.sub(r"\\[nN]", "\\\\\n", text)


def without_texts(readings: list[Reading]) -> list[Reading]:
    """What went wrong with a moment is seen at once."""
    return [replace(reading, summary="", description="") for reading in in_order(readings)]


def test_sixty_events_lie_in_both_halves_of_the_year_and_around_the_change_of_clocks(events: list[Generated]) -> None:
    assert len({event.expected.uid for event in events}) == len(events) == len(ZONES) * len(OCCASIONS) == 60
    starts = [event.times.starts_at for event in events]
    assert sum(4 <= start.month <= 9 for start in starts) >= len(ZONES)
    assert sum(start.month in (11, 12, 1, 2) for start in starts) >= len(ZONES)
    assert {start.year for start in starts} == {2026, 2027, 2028, 2029, 2030}
    for change in CHANGES.values():
        near = [start for start in starts if abs(start - change(start.year)) <= timedelta(hours=3)]
        assert len(near) >= len(ZONES)
        assert {start >= change(start.year) for start in near} == {True, False}
    assert sum(isinstance(event.expected.start, str) for event in events) == 2 * len(ZONES)
    assert sum(len(event.expected.description) > 10_000 for event in events) >= 10
    typed = "".join(event.title.typed for event in events)
    assert all(sign in typed for sign in ("\r\n", "\x00", "\x0b", ";", ",", '"', ":", "\\", "🎉", "\u202e"))


def test_calendar_07_and_14_every_peer_reads_the_moments_of_a_feed(peer: Peer, events: list[Generated]) -> None:
    [read] = peer.read([whole_feed(events)])
    assert without_texts(read) == without_texts([event.expected for event in events])


def test_calendar_08_every_peer_reads_the_texts_of_a_feed(peer: Peer, events: list[Generated]) -> None:
    [read] = peer.read([whole_feed(events)])
    assert in_order(read) == as_understood(peer, [event.expected for event in events])


def in_a_mail(event: Generated) -> Reading:
    """The same, its description no longer than a mail carries."""
    return replace(event.expected, description=shortened(event.expected.description, LONGEST_DESCRIPTION))


def test_calendar_07_and_08_every_peer_reads_the_same_of_an_invitation(peer: Peer, events: list[Generated]) -> None:
    read = peer.read([request_bytes(event.invitation, GUEST) for event in events])
    assert [one.uid for [one] in read] == [event.expected.uid for event in events]
    assert [one for [one] in read] == as_understood(peer, [in_a_mail(event) for event in events])


def nights_of_change() -> list[Generated]:
    """Each half hour of the two nights of each year in Warsaw: the hour that is left out, the one that comes twice."""
    title = Text("Noc zmiany czasu", "Noc zmiany czasu", "Noc zmiany czasu")
    starts = [
        CHANGES[name](year) + timedelta(minutes=30 * half_hours)
        for year in range(2026, 2031)
        for name in ("spring in Europe", "autumn in Europe")
        for half_hours in range(-6, 7)
    ]
    nights = []
    for number, start in enumerate(starts):
        times = EventTimes(start, start + timedelta(minutes=45), "Europe/Warsaw")
        bounds = moment(times.starts_at), moment(times.ends_at)
        expected = Reading(f"{number:032x}@example.org", title.line, title.lines, "CONFIRMED", *bounds)
        nights.append(Generated(times, title, title, expected))
    return nights


def test_calendar_07_every_peer_reads_the_nights_of_change_in_warsaw(peer: Peer) -> None:
    nights = nights_of_change()
    feed, *mails = peer.read([whole_feed(nights), *(request_bytes(event.invitation, GUEST) for event in nights)])
    assert in_order(feed) == [event.expected for event in nights]
    assert mails == [[event.expected] for event in nights]
