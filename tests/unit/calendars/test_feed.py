"""calendar.md 10-16."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from eventreg.calendars.feed import FeedEvent, FeedHeader, feed_etag
from eventreg.calendars.ical_feed import event_entry, feed_bytes
from eventreg.calendars.time_zone_rules import EventTimes
from tests.unit.calendars.calendar_reading import START, content_lines, only_event, property_names

CHANGED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HEADER = FeedHeader("Współpraca; zagraniczna", "Wydarzenia, w skrócie", "https://example.org/calendar.ics")
EVENT = FeedEvent(
    uid="event-1@example.org",
    sequence=3,
    changed_at=CHANGED,
    summary="Warsztaty, część I",
    times=EventTimes(START, START + timedelta(minutes=90)),
    description="Jedno zdanie.",
    location="Urząd Miasta, Proszowice",
    page_url="https://example.org/events/warsztaty",
    geo=(50.19, 20.29),
    categories=("Warsztaty",),
)


def test_calendar_10_unchanged_data_give_identical_bytes() -> None:
    assert feed_bytes(HEADER, [event_entry(EVENT)]) == feed_bytes(HEADER, [event_entry(EVENT)])
    assert only_event(feed_bytes(HEADER, [event_entry(EVENT)]))["DTSTAMP"].dt == CHANGED


def test_calendar_11_the_header() -> None:
    lines = content_lines(feed_bytes(HEADER, []))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//eventreg//feeds 2//EN",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:Wydarzenia\\, w skrócie",
        "X-WR-CALDESC:Wydarzenia\\, w skrócie",
        "NAME:Współpraca\\; zagraniczna",
        "X-WR-CALNAME:Współpraca\\; zagraniczna",
        "COLOR:crimson",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://example.org/calendar.ics",
        "X-PUBLISHED-TTL:PT6H",
        "X-WR-TIMEZONE:Europe/Warsaw",
        "END:VCALENDAR",
    ]


def test_calendar_11_no_method_and_no_uid_of_the_calendar() -> None:
    calendar = Calendar.from_ical(feed_bytes(HEADER, [event_entry(EVENT)]))
    assert "METHOD" not in calendar
    assert "UID" not in calendar


def test_calendar_12_sequence_and_last_change_are_told_and_cancelled_ones_stay_as_such() -> None:
    event = only_event(feed_bytes(HEADER, [event_entry(replace(EVENT, cancelled=True))]))
    assert event["SEQUENCE"] == 3
    assert event["LAST-MODIFIED"].dt == CHANGED
    assert event["STATUS"] == "CANCELLED"
    assert str(event["UID"]) == "event-1@example.org"


def test_calendar_13_no_person_and_no_alarm() -> None:
    names = property_names(feed_bytes(HEADER, [event_entry(EVENT)]))
    assert not {"ATTENDEE", "ORGANIZER", "CONTACT", "BEGIN:VALARM"} & set(names)
    assert b"mailto" not in feed_bytes(HEADER, [event_entry(EVENT)]).lower()


def test_calendar_13_plain_facts_of_the_event() -> None:
    lines = content_lines(event_entry(EVENT).body)
    assert "LOCATION:Urząd Miasta\\, Proszowice" in lines
    assert "URL:https://example.org/events/warsztaty" in lines
    assert "GEO:50.19;20.29" in lines
    assert "CATEGORIES:Warsztaty" in lines
    assert "DESCRIPTION:Jedno zdanie." in lines


def test_calendar_07_a_feed_describes_each_zone_once() -> None:
    kyiv = replace(EVENT, times=replace(EVENT.times, timezone="Europe/Kyiv"))
    new_york = replace(EVENT, times=replace(EVENT.times, timezone="America/New_York"))
    lines = content_lines(feed_bytes(HEADER, [event_entry(e) for e in (EVENT, kyiv, EVENT, new_york)]))
    assert [line for line in lines if line.startswith("TZID:")] == ["TZID:Europe/Kyiv", "TZID:Europe/Warsaw"]
    assert lines.count("BEGIN:VEVENT") == 4


def test_calendar_14_a_conference_of_three_days_is_one_block() -> None:
    block = EventTimes(datetime(2027, 2, 23, 23, tzinfo=UTC), datetime(2027, 2, 26, 23, tzinfo=UTC), all_day=True)
    lines = content_lines(event_entry(replace(EVENT, times=block)).body)
    assert "DTSTART;VALUE=DATE:20270224" in lines
    assert "DTEND;VALUE=DATE:20270227" in lines


def test_calendar_16_joining_keeps_each_events_bytes() -> None:
    entry = event_entry(EVENT)
    assert feed_bytes(HEADER, [entry, entry]).count(entry.body) == 2


pairs = st.lists(st.tuples(st.sampled_from(["a@x", "b@x", "1 a@x"]), st.integers(1, 12)), max_size=20)


@given(pairs, pairs)
def test_calendar_10_the_etag_tells_any_two_states_apart(
    one: list[tuple[str, int]], other: list[tuple[str, int]]
) -> None:
    assert (feed_etag("ics", HEADER, one) == feed_etag("ics", HEADER, other)) == (one == other)


def test_calendar_10_the_etag_changes_with_the_header() -> None:
    marks = [("a", 1)]
    assert feed_etag("ics", HEADER, marks) != feed_etag("ics", replace(HEADER, name="x"), marks)
    assert feed_etag("ics pl", HEADER, marks) != feed_etag("ics en", HEADER, marks)
