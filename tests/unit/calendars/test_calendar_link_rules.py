"""'Add to calendar' links, read back as the three hosts read them: the instant, the days, the words, the length."""

import html
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.calendars.calendar_link_rules import LONGEST_LINK, CalendarLinks, EntryToAdd, calendar_links
from eventreg.calendars.time_zone_rules import EventTimes
from tests.unit.calendars.calendar_reading import times

PAGE = "Strona wydarzenia: https://example.org/events/warsztaty"
ENTRY = EntryToAdd(
    "Warsztaty & goście: 50% <nowych> + „pytania”",
    times(),
    place="Urząd Miasta, ul. 3 Maja 72, Proszowice",
    description="Jedno zdanie o współpracy.\nOrganizator: Urząd",
    closing=("Spotkanie online: https://meet.example.org/a?pwd=1&copy=2", PAGE),
)
ZONES = ("Europe/Warsaw", "Europe/Kyiv", "Europe/London", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "UTC")
SPRING_NIGHT, AUTUMN_NIGHT = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)

any_moment = st.integers(0, 3 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
near_a_change = st.tuples(st.sampled_from([SPRING_NIGHT, AUTUMN_NIGHT]), st.integers(-300, 300)).map(
    lambda drawn: drawn[0] + timedelta(minutes=drawn[1])
)
lengths = st.integers(0, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
any_text = st.text(st.characters(blacklist_categories=()), max_size=400)


def parameters(link: str) -> dict[str, str]:
    """What the host reads; fails for a parameter given twice or a character that must not stand in an address."""
    assert link.isascii()
    assert not set(link) & set(" \"'<>\\^`{|}\r\n\t+")
    pairs = parse_qsl(urlsplit(link).query, keep_blank_values=True, strict_parsing=True, errors="strict")
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def each_of(links: CalendarLinks) -> tuple[str, str, str]:
    return links.google, links.outlook_com, links.office_365


def bounds_read_by_google(links: CalendarLinks) -> tuple[datetime, ...]:
    moments = parameters(links.google)["dates"].split("/")
    return tuple(datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for moment in moments)


def bounds_read_by_outlook(link: str) -> tuple[datetime, ...]:
    read = parameters(link)
    return tuple(
        datetime.strptime(read[name], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) for name in ("startdt", "enddt")
    )


def days_read(links: CalendarLinks) -> list[tuple[date, ...]]:
    google = tuple(
        datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
        for day in parameters(links.google)["dates"].split("/")
    )
    outlook = [
        tuple(date.fromisoformat(parameters(link)[name]) for name in ("startdt", "enddt"))
        for link in (links.outlook_com, links.office_365)
    ]
    return [google, *outlook]


def test_the_three_addresses() -> None:
    links = calendar_links(EntryToAdd("Warsztaty", times()))
    assert links.google == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Warsztaty"
        "&dates=20261209T110000Z%2F20261209T123000Z"
    )
    assert links.outlook_com == (
        "https://outlook.live.com/calendar/0/action/compose?rru=addevent&subject=Warsztaty"
        "&startdt=2026-12-09T11%3A00%3A00Z&enddt=2026-12-09T12%3A30%3A00Z"
    )
    assert links.office_365 == links.outlook_com.replace("outlook.live.com", "outlook.office.com")


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [(date(2026, 1, 15), 11), (date(2026, 7, 15), 10), (date(2026, 3, 29), 10), (date(2026, 10, 25), 11)],
)
def test_noon_in_warsaw_is_right_in_both_halves_of_the_year(day: date, hour_in_utc: int) -> None:
    start = datetime.combine(day, time(12), tzinfo=ZoneInfo("Europe/Warsaw"))
    links = calendar_links(EntryToAdd("Warsztaty", EventTimes(start, start + timedelta(hours=1))))
    expected = datetime.combine(day, time(hour_in_utc), tzinfo=UTC)
    assert bounds_read_by_google(links) == (expected, expected + timedelta(hours=1))
    for link in (links.outlook_com, links.office_365):
        assert bounds_read_by_outlook(link) == (expected, expected + timedelta(hours=1))


@given(any_moment | near_a_change, lengths, st.sampled_from(ZONES))
def test_every_host_reads_the_very_instants(start: datetime, length: timedelta, zone: str) -> None:
    local = start.astimezone(ZoneInfo(zone))
    links = calendar_links(EntryToAdd("Warsztaty", EventTimes(local, start + length, zone)))
    assert bounds_read_by_google(links) == (start, start + length)
    for link in (links.outlook_com, links.office_365):
        assert bounds_read_by_outlook(link) == (start, start + length)
        assert "allday" not in parameters(link)


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 5), st.sampled_from(ZONES), st.booleans())
def test_whole_days_are_those_of_the_place_and_the_last_one_is_in(
    first: date, more: int, zone: str, until_midnight: bool
) -> None:
    last = first + timedelta(days=more)
    start = datetime.combine(first, time.min, tzinfo=ZoneInfo(zone))
    end = datetime.combine(last, time(23, 59), tzinfo=ZoneInfo(zone))
    if until_midnight:
        end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
    links = calendar_links(
        EntryToAdd("Konferencja", EventTimes(start.astimezone(UTC), end.astimezone(UTC), zone, all_day=True))
    )
    assert days_read(links) == [(first, last + timedelta(days=1))] * 3
    assert parameters(links.outlook_com)["allday"] == parameters(links.office_365)["allday"] == "true"


def test_an_evening_that_ends_the_next_day() -> None:
    start = datetime(2026, 10, 24, 20, tzinfo=UTC)  # 22:00 in Warsaw, the night when the clocks go back
    links = calendar_links(EntryToAdd("Noc muzeów", EventTimes(start, start + timedelta(hours=5))))
    assert parameters(links.google)["dates"] == "20261024T200000Z/20261025T010000Z"


def test_the_words_arrive_as_they_were_written() -> None:
    links = calendar_links(ENTRY)
    google = parameters(links.google)
    assert google["text"] == ENTRY.title
    assert google["location"] == ENTRY.place
    assert google["details"].split("\n") == [*ENTRY.description.split("\n"), *ENTRY.closing]
    for link in (links.outlook_com, links.office_365):
        read = parameters(link)
        assert read["subject"] == ENTRY.title
        assert read["location"] == ENTRY.place
        lines = html.unescape(read["body"]).split("<br>")
        assert lines == [*ENTRY.description.split("\n"), *ENTRY.closing]
        assert "&amp;copy=2" in read["body"]  # else it would read '©=2'


def test_nothing_stands_in_a_link_that_was_not_given() -> None:
    links = calendar_links(EntryToAdd("Warsztaty", times()))
    assert set(parameters(links.google)) == {"action", "text", "dates"}
    assert set(parameters(links.outlook_com)) == {"rru", "subject", "startdt", "enddt"}


def test_a_space_is_no_plus_and_a_plus_is_one() -> None:
    for link in each_of(calendar_links(EntryToAdd("Kawa + ciasto", times()))):
        assert "Kawa%20%2B%20ciasto" in link


def test_only_the_description_is_cut_and_between_words() -> None:
    entry = replace(ENTRY, description="Współpraca zagraniczna gmin. " * 350)
    for link in each_of(calendar_links(entry)):
        assert LONGEST_LINK - 60 < len(link) <= LONGEST_LINK
        read = parameters(link)
        assert (read.get("text") or read["subject"]) == ENTRY.title
        assert read["location"] == ENTRY.place
        details = read.get("details") or html.unescape(read["body"]).replace("<br>", "\n")
        description, *closing = details.split("\n")
        assert closing == list(ENTRY.closing)
        assert description.endswith("…")
        words = description.removesuffix("…").split()
        assert set(words) == {"Współpraca", "zagraniczna", "gmin."}


def test_after_the_description_the_place_is_cut() -> None:
    for link in each_of(calendar_links(replace(ENTRY, place="ą" * 900))):
        read = parameters(link)
        assert len(link) <= LONGEST_LINK
        assert read["location"].endswith("ą…")
        assert PAGE in (read.get("details") or read["body"])


def test_a_title_that_fills_the_link_alone_stays_whole() -> None:
    title = "🎉" * 200
    for link in each_of(calendar_links(replace(ENTRY, title=title))):
        read = parameters(link)
        assert (read.get("text") or read["subject"]) == title
        assert not {"location", "details", "body"} & set(read)


@given(any_text, any_text, any_text, any_text)
def test_abuse_04_no_text_breaks_out_of_its_parameter(title: str, place: str, description: str, line: str) -> None:
    entry = EntryToAdd(title[:60], times(), place[:60], description, (line[:60], PAGE))
    for link in each_of(calendar_links(entry)):
        assert len(link) <= LONGEST_LINK
        read = parameters(link)
        assert set(read) <= {
            *("action", "text", "dates", "details", "location"),
            *("rru", "subject", "startdt", "enddt", "body"),
        }
        for name, value in read.items():
            shown = value.replace("\n", "") if name == "details" else value
            assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown)


def test_abuse_04_line_breaks_and_markup_reach_no_calendar() -> None:
    hostile = "a\r\nBCC: x@example.org\x00\x0b\u2028<img src=https://evil.example/p>&enddt=2000-01-01"
    entry = EntryToAdd(hostile, times(), hostile, hostile, (hostile,))
    for link in each_of(calendar_links(entry)):
        read = parameters(link)
        assert read.get("enddt") in (None, "2026-12-09T12:30:00Z")
        markup = (read.get("details") or read["body"]).replace("<br>", "\n")
        assert "<" not in markup
        assert ">" not in markup
        for name in ("text", "subject", "location"):
            assert "\n" not in read.get(name, "")
