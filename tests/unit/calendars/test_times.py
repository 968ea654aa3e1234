"""Events that cross a change of the clock, midnight or a border of time zones: calendar.md 7 and 14."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventreg.calendars.invitation import cancel_bytes, publish_bytes, request_bytes
from eventreg.calendars.time_zone_rules import EndBeforeStartError, EventTimes, calendar_bounds
from tests.unit.calendars.calendar_reading import ANNA, content_lines, invitation, only_event, times

WARSAW = ZoneInfo("Europe/Warsaw")
ZONES = (
    *("Europe/Warsaw", "Europe/London", "Europe/Kyiv", "Europe/Lisbon", "Atlantic/Azores", "America/New_York"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Africa/Cairo", "UTC"),
)


def told(starts_at: datetime, ends_at: datetime, **values: object) -> list[str]:
    """DTSTART and DTEND as they are written."""
    body = request_bytes(invitation(times=times(starts_at=starts_at, ends_at=ends_at, **values)), ANNA)
    return [line for line in content_lines(body) if line.startswith(("DTSTART;", "DTSTART:2", "DTEND"))]


def test_calendar_07_a_night_that_loses_an_hour_keeps_its_local_times() -> None:
    # 27/28 March 2027: 23:00 CET to 5:00 CEST are five hours, not six.
    start, end = datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 3, tzinfo=UTC)
    assert told(start, end) == [
        "DTSTART;TZID=Europe/Warsaw:20270327T230000",
        "DTEND;TZID=Europe/Warsaw:20270328T050000",
    ]


def test_calendar_07_a_night_that_gains_an_hour_keeps_its_local_times() -> None:
    # 30/31 October 2027: 23:00 CEST to 5:00 CET are seven hours.
    start, end = datetime(2027, 10, 30, 21, tzinfo=UTC), datetime(2027, 10, 31, 4, tzinfo=UTC)
    assert told(start, end) == [
        "DTSTART;TZID=Europe/Warsaw:20271030T230000",
        "DTEND;TZID=Europe/Warsaw:20271031T050000",
    ]


def test_calendar_07_the_first_minute_of_summer_time() -> None:
    start = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert told(start, start + timedelta(hours=1))[0] == "DTSTART;TZID=Europe/Warsaw:20270328T030000"
    assert told(start - timedelta(minutes=1), start)[0] == "DTSTART;TZID=Europe/Warsaw:20270328T015900"


def test_calendar_07_an_event_that_ends_the_next_day() -> None:
    start = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    assert told(start, start + timedelta(hours=6)) == [
        "DTSTART;TZID=Europe/Warsaw:20261231T210000",
        "DTEND;TZID=Europe/Warsaw:20270101T030000",
    ]


def test_calendar_07_a_conference_over_the_change_is_one_block() -> None:
    start, end = datetime(2027, 3, 26, 8, tzinfo=UTC), datetime(2027, 3, 29, 13, tzinfo=UTC)
    assert told(start, end) == [
        "DTSTART;TZID=Europe/Warsaw:20270326T090000",
        "DTEND;TZID=Europe/Warsaw:20270329T150000",
    ]


def test_calendar_14_days_are_those_of_the_place() -> None:
    # A whole 24 February in New York ends at 5:00 UTC of the 25th, in Auckland it began on the 23rd in UTC.
    for zone in ("America/New_York", "Pacific/Auckland"):
        start = datetime(2027, 2, 24, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        assert told(start, start + timedelta(days=1), timezone=zone, all_day=True) == [
            "DTSTART;VALUE=DATE:20270224",
            "DTEND;VALUE=DATE:20270225",
        ]


@pytest.mark.parametrize("month", [3, 10])
def test_calendar_14_a_day_of_23_or_25_hours_is_one_day(month: int) -> None:
    day = {3: date(2027, 3, 28), 10: date(2027, 10, 31)}[month]
    start = datetime(day.year, day.month, day.day, tzinfo=WARSAW).astimezone(UTC)
    end = datetime(day.year, day.month, day.day, 23, 59, tzinfo=WARSAW).astimezone(UTC)
    lines = told(start, end, all_day=True)
    assert lines == [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]


def test_calendar_14_outlook_is_told_that_a_whole_day_is_meant() -> None:
    assert "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE" in content_lines(
        request_bytes(invitation(times=times(all_day=True)), ANNA)
    )
    assert b"ALLDAY" not in request_bytes(invitation(), ANNA)


def test_an_event_of_no_length_and_one_that_ends_before_it_begins() -> None:
    start = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert len(told(start, start)) == 2
    with pytest.raises(EndBeforeStartError):
        EventTimes(start, start - timedelta(seconds=1))


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis wants naive bounds
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.sampled_from(ZONES),
)
def test_calendar_07_whatever_the_moments_and_the_zone_they_read_back(
    start: datetime, length: timedelta, zone: str
) -> None:
    begin = start.replace(microsecond=0)
    end = (begin + length).replace(microsecond=0)
    entry = invitation(times=EventTimes(begin, end, zone))
    for body in (request_bytes(entry, ANNA), cancel_bytes(entry, ANNA), publish_bytes(entry)):
        read = only_event(body)
        assert read["DTSTART"].dt.astimezone(UTC) == begin
        assert read["DTEND"].dt.astimezone(UTC) == end


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(2000, 1, 2), date(2045, 1, 1)),
    st.integers(1, 10),
    st.integers(0, 11),
    st.sampled_from(ZONES),
)
def test_calendar_14_whatever_the_hour_whole_days_go_from_the_first_to_the_one_after_the_last(
    first: date, days: int, hour: int, zone: str
) -> None:
    place = ZoneInfo(zone)
    last = first + timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, hour, tzinfo=place).astimezone(UTC)
    end = datetime(last.year, last.month, last.day, 12, tzinfo=place).astimezone(UTC)
    assert calendar_bounds(EventTimes(start, end, zone, all_day=True)) == (first, last + timedelta(days=1))
