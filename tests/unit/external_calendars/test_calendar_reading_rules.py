"""Reading the calendars of strangers: what is taken, what is left out, and that nothing in them does any harm."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.calendars.time_zone_rules import EventTimes
from eventreg.external_calendars.calendar_reading_rules import (
    DEEPEST,
    LONGEST_DESCRIPTION,
    LONGEST_PLACE,
    LONGEST_TITLE,
    MOST_EVENTS,
    CalendarRead,
    NotACalendarError,
    ReadEvent,
    read_calendar,
)
from eventreg.external_calendars.foreign_text_rules import plain_line, plain_text, plain_url
from eventreg.external_calendars.foreign_time_rules import known_zone

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")
MEGABYTE = 1024 * 1024
PATIENCE_SECONDS = 30
"""A guard against traps, which take minutes or hours; what is read here takes one to five seconds on a slow machine."""


def calendar(*events: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", "")).encode()


def event(
    *lines: str, uid: str = "a@example.org", start: str = "DTSTART:20261201T100000Z", title: str = "Forum"
) -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", start, f"SUMMARY:{title}", *lines, "END:VEVENT"))


def read(*events: str) -> CalendarRead:
    return read_calendar(calendar(*events), NOW)


def only(*events: str) -> ReadEvent:
    (found,) = read(*events).events
    return found


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]  # year, month, day and so on


def test_an_event_as_calendars_write_it() -> None:
    found = only(
        event(
            "DTEND;TZID=Europe/Warsaw:20261201T123000",
            "DESCRIPTION:Dwa dni\\nrozmów\\, w tym o \\;średnikach\\\\",
            "LOCATION:Kraków\\, Rynek Główny 1",
            "URL:https://example.org/forum?a=1",
            "STATUS:CONFIRMED",
            start="DTSTART;TZID=Europe/Warsaw:20261201T110000",
            title="Forum Miast \r\n Partnerskich",
        )
    )
    assert found.times == EventTimes(utc(2026, 12, 1, 10), utc(2026, 12, 1, 11, 30), "Europe/Warsaw", False)
    assert (found.title, found.place) == ("Forum Miast Partnerskich", "Kraków, Rynek Główny 1")
    assert found.description == "Dwa dni\nrozmów, w tym o ;średnikach\\"
    assert (found.url, found.cancelled, len(found.source_key)) == ("https://example.org/forum?a=1", False, 64)


@pytest.mark.parametrize(
    ("start", "end", "times"),
    [
        ("DTSTART:20260715T100000", "", EventTimes(utc(2026, 7, 15, 8), utc(2026, 7, 15, 8))),  # floating: Polish time
        ("DTSTART:20261215T100000", "", EventTimes(utc(2026, 12, 15, 9), utc(2026, 12, 15, 9))),
        ("DTSTART;TZID=UTC:20260715T100000", "", EventTimes(utc(2026, 7, 15, 10), utc(2026, 7, 15, 10))),
        ("DTSTART:20261215T100000Z", "DURATION:PT1H30M", EventTimes(utc(2026, 12, 15, 10), utc(2026, 12, 15, 11, 30))),
        (
            "DTSTART;TZID=Europe/Brussels:20261215T100000",
            "DURATION:P1W",
            EventTimes(utc(2026, 12, 15, 9), utc(2026, 12, 22, 9), "Europe/Brussels"),
        ),
        (
            "DTSTART;TZID=America/New_York:20261215T100000",
            "DTEND;TZID=Europe/Warsaw:20261215T170000",
            EventTimes(utc(2026, 12, 15, 15), utc(2026, 12, 15, 16), "America/New_York"),
        ),
        (
            'DTSTART;X-A="a;b:c";TZID="Central European Standard Time":20261215T100000',
            "",
            EventTimes(utc(2026, 12, 15, 9), utc(2026, 12, 15, 9), "Europe/Warsaw"),
        ),
    ],
)
def test_times_with_and_without_zones(start: str, end: str, times: EventTimes) -> None:
    assert only(event(*([end] if end else []), start=start)).times == times


def whole_days(first: datetime, after: datetime) -> EventTimes:
    return EventTimes(first.astimezone(UTC), after.astimezone(UTC), "Europe/Warsaw", True)


@pytest.mark.parametrize(
    ("end", "days"),
    [
        ("", 1),
        ("DTEND;VALUE=DATE:20261202", 1),
        ("DTEND;VALUE=DATE:20261201", 1),  # many programs write a single day so
        ("DTEND;VALUE=DATE:20261204", 3),
        ("DURATION:P2D", 2),
        ("DURATION:PT5H", 1),
    ],
)
def test_whole_days_end_at_the_midnight_after_the_last(end: str, days: int) -> None:
    found = only(event(*([end] if end else []), start="DTSTART;VALUE=DATE:20261201"))
    first = datetime(2026, 12, 1, tzinfo=WARSAW)
    assert found.times == whole_days(first, first + timedelta(days=days))


def test_of_a_zone_that_only_the_calendar_itself_knows_no_hour_is_told() -> None:
    start = "DTSTART;TZID=Customized Time Zone:20261201T233000"
    assert only(event("DURATION:PT2H", start=start)).times == whole_days(
        datetime(2026, 12, 1, tzinfo=WARSAW), datetime(2026, 12, 3, tzinfo=WARSAW)
    )
    for end in ("DTEND;TZID=Mine:20261202T000000", "DTEND:20261202T000000Z"):  # one bound may be in UTC all the same
        assert only(event(end, start=start)).times == whole_days(
            datetime(2026, 12, 1, tzinfo=WARSAW), datetime(2026, 12, 2, tzinfo=WARSAW)
        )


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Warsaw", "Europe/Warsaw"),
        ("/mozilla.org/20050126_1/Europe/Warsaw", "Europe/Warsaw"),
        ("/freeassociation.sourceforge.net/Europe/Kyiv", "Europe/Kyiv"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("UTC", "Etc/UTC"),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("Europe", None),
        ("posix/Europe/Warsaw", None),
        ("localtime", None),
        ("Etc/GMT", "Etc/UTC"),
        ("(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_zones_are_known_by_name_alone(name: str, zone: str | None) -> None:
    assert known_zone(name) == zone


BAD_TIMES = [
    ("DTSTART:20261201T100000Z", "DTEND:20261201T090000Z"),
    ("DTSTART:20261201T100000Z", "DTEND:20361201T100000Z"),
    ("DTSTART:20261201T100000Z", "DTEND;VALUE=DATE:20261202"),
    ("DTSTART;VALUE=DATE:20261201", "DTEND:20261202T100000Z"),
    ("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261201"),
    ("DTSTART:20261201T100000Z", "DURATION:-PT1H"),
    ("DTSTART:20261201T100000Z", "DURATION:P99999999999999999D"),
    ("DTSTART:20261201T100000Z", "DURATION:P9999W"),
    ("DTSTART:20261201T100000Z", "DURATION:one hour"),
    ("DTSTART:20261301T100000Z", ""),
    ("DTSTART:20261201T250000Z", ""),
    ("DTSTART:20260230", ""),
    ("DTSTART:00010101T000000", ""),
    ("DTSTART;TZID=Asia/Tokyo:00010101T000000", ""),
    ("DTSTART:99991231T235959", "DURATION:P1D"),
    ("DTSTART:19700101", ""),
    ("DTSTART:tomorrow", ""),
    ("DTSTART:20261201T100000+0100", ""),
    ("DTSTART:" + "2" * 4000, ""),
    ("DTSTART", ""),
    ("X-START:20261201", ""),
]


@pytest.mark.parametrize(("start", "end"), BAD_TIMES)
def test_times_that_no_calendar_could_show_leave_the_event_out(start: str, end: str) -> None:
    found = read(event(*([end] if end else []), start=start), event(uid="good"))
    assert (len(found.events), found.left_out) == (1, 1)


def test_private_untitled_and_old_events_are_left_out_and_counted() -> None:
    found = read(
        event("CLASS:PRIVATE", uid="1"),
        event("CLASS:Confidential", uid="2"),
        event(uid="3", title=" \\n "),
        event(uid="4", start="DTSTART:20250101T100000Z"),
        event("CLASS:PUBLIC", uid="5"),
    )
    assert (len(found.events), found.left_out) == (1, 4)


def test_what_began_long_ago_and_is_not_over_is_taken() -> None:
    assert len(read(event("DTEND:20261130T100000Z", start="DTSTART:20251201T100000Z")).events) == 1


def test_rules_of_repetition_are_never_expanded() -> None:
    found = read(
        event("RRULE:FREQ=SECONDLY;BYSETPOS=-366;BYYEARDAY=366;BYHOUR=25", uid="1"),
        event("RDATE:20261202T100000Z,20261203T100000Z", uid="2"),
        event("RECURRENCE-ID:20261208T100000Z", start="DTSTART:20261208T120000Z", uid="1"),
        event("EXRULE:FREQ=SECONDLY", "EXDATE:20261202T100000Z", uid="3"),
    )
    assert [e.times.starts_at.day for e in found.events] == [1, 1, 1, 8]
    assert found.repeating == 2
    assert len({e.source_key for e in found.events}) == 4


CRAFTED_ZONE = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Warsaw",
        *(
            line
            for year in range(1, 3000)
            for line in (
                "BEGIN:STANDARD",
                f"DTSTART:{year:04d}0101T000000",
                "RRULE:FREQ=SECONDLY;UNTIL=99991231T235959Z;BYMONTH=2;BYMONTHDAY=30",
                "TZOFFSETFROM:+2359",
                "TZOFFSETTO:-2359",
                "END:STANDARD",
            )
        ),
        "END:VTIMEZONE",
    )
)


def test_a_crafted_time_zone_is_never_evaluated() -> None:
    began = time.monotonic()
    found = only(CRAFTED_ZONE, event(start="DTSTART;TZID=Europe/Warsaw:20261201T110000"))
    assert found.times.starts_at == utc(2026, 12, 1, 10)
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_people_alarms_and_tasks_are_not_read() -> None:
    found = only(
        event(
            "ATTENDEE;CN=Anna Kowalska:mailto:anna@example.org",
            "ORGANIZER;CN=Jan Nowak:mailto:jan@example.org",
            "BEGIN:VALARM",
            "SUMMARY:alarm",
            "DESCRIPTION:alarm",
            "DTSTART:19990101T000000Z",
            "END:VALARM",
            "LOCATION:Gdańsk",
        ),
        "BEGIN:VTODO\r\nUID:t\r\nDTSTART:20261201\r\nSUMMARY:task\r\nEND:VTODO",
        "BEGIN:VJOURNAL\r\nUID:j\r\nDTSTART:20261201\r\nSUMMARY:journal\r\nEND:VJOURNAL",
    )
    assert (found.title, found.description, found.place) == ("Forum", "", "Gdańsk")
    assert "owa" not in repr(found)


def test_of_several_with_one_uid_the_highest_sequence_counts_then_the_latest() -> None:
    found = only(
        event("SEQUENCE:2", "LAST-MODIFIED:20260102T000000Z", title="second, later"),
        event("SEQUENCE:2", "LAST-MODIFIED:20260101T000000Z", title="second"),
        event("SEQUENCE:1", "LAST-MODIFIED:20260109T000000Z", title="first"),
        event("SEQUENCE:99999999999999999999", title="nonsense"),
    )
    assert found.title == "second, later"


def test_events_without_uid_are_known_by_name_and_beginning() -> None:
    lines = "BEGIN:VEVENT\r\nDTSTART:20261201\r\nSUMMARY:{}\r\nEND:VEVENT"
    assert len(read(lines.format("a"), lines.format("a"), lines.format("b")).events) == 2


def test_a_cancelled_event_is_told_as_such() -> None:
    assert only(event("STATUS:Cancelled")).cancelled is True


def test_the_nearest_events_are_taken() -> None:
    past = [event(uid=f"p{n}", start=f"DTSTART:{NOW - timedelta(days=n):%Y%m%dT100000Z}") for n in range(1, 101)]
    coming = [event(uid=f"c{n}", start=f"DTSTART:{NOW + timedelta(days=n):%Y%m%dT100000Z}") for n in range(1, 981)]
    found = read(*past, *coming)
    assert (len(found.events), found.left_out) == (MOST_EVENTS, 80)
    assert found.events[0].times.starts_at.date() == (NOW - timedelta(days=20)).date()
    assert found.events[-1].times.starts_at.date() == (NOW + timedelta(days=980)).date()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body>BEGIN:VCALENDAR</body></html>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + event().encode(),  # breaks off
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".encode("utf-16"),
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        calendar("BEGIN:VEVENT\r\n" * DEEPEST),
        calendar("X:y\r\n" * 400_001),
    ],
)
def test_what_is_no_calendar_is_told_apart(body: bytes) -> None:
    with pytest.raises(NotACalendarError):
        read_calendar(body, NOW)


def test_an_empty_calendar_is_one() -> None:
    assert read() == CalendarRead((), 0, 0)


def test_encodings_line_ends_and_cases() -> None:
    assert read_calendar(b"\xef\xbb\xbf" + calendar(event(title="Łódź")), NOW).events[0].title == "Łódź"
    old = calendar(event(title="Łódź")).decode().encode("cp1250")
    assert read_calendar(old, NOW).events[0].title == "Łódź"
    assert len(read_calendar(calendar(event()).replace(b"\r\n", b"\r"), NOW).events) == 1
    assert len(read_calendar(b"\n\n" + calendar(event()).replace(b"\r\n", b"\n"), NOW).events) == 1
    assert len(read_calendar(calendar(event()).lower().replace(b"t100000z", b"T100000Z"), NOW).events) == 1
    assert len(read_calendar(calendar(event(uid="1")) + calendar(event(uid="2")), NOW).events) == 2


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("<p>Raz &amp; dwa</p><p>trzy<br/>cztery</p>", "Raz & dwa\ntrzy\ncztery"),
        ("<script>alert(1)</script>Forum<style>p{}</style>", "Forum"),
        ("<script>alert(1)", ""),
        ("Forum<!-- ukryte -->", "Forum<!-- ukryte -->"),
        ("<b>Forum</b><!-- ukryte -->", "Forum"),
        ('<a href="javascript:alert(1)" onclick="x">tu</a>', "tu"),
        ("<b>&lt;img src=x onerror=alert(1)&gt;</b>", "<img src=x onerror=alert(1)>"),
        ("3 < 5 i 7 > 2", "3 < 5 i 7 > 2"),
        ("AT&T", "AT&T"),
        ("a\u202eb\u2066c\u200bd\ufeff\x00\x07e", "abcde"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("e\u0301", "é"),
        ("Z" + "\u0301" * 500, "Ź\u0301\u0301\u0301"),
    ],
)
def test_text_is_plain(value: str, plain: str) -> None:
    assert plain_text(value, 100) == plain


def test_texts_are_as_long_as_their_columns_at_most() -> None:
    found = only(event("DESCRIPTION:" + "ą" * 9000, "LOCATION:" + "ż" * 9000, title="ć" * 9000))
    assert (len(found.title), len(found.place)) == (LONGEST_TITLE, LONGEST_PLACE)
    assert len(found.description) == LONGEST_DESCRIPTION
    assert found.title.endswith("ć…")
    assert plain_line("a\r\nb\tc\u2028d", 100) == "a b c d"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://bank.example.org@evil.example.org/", ""),
        ("https://example.org/" + "a" * 500, ""),
        ("https://example.org/" + "ą" * 200, ""),
        ("/relative", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_links_lead_to_web_pages_only(value: str, url: str) -> None:
    assert plain_url(value) == url


def many(lines: str, times: int = 250) -> bytes:
    """As many events whose description is that text, about 5 MB."""
    text = (lines * (20_000 // len(lines)))[:19_900]
    return calendar(*(event(f"DESCRIPTION:<p>{text}", uid=str(number)) for number in range(times)))


TRAPS = {
    "one line": calendar(event("DESCRIPTION:" + "a" * 5 * MEGABYTE)),
    "folded lines": calendar(event("DESCRIPTION:x\r\n" + " aaaaaaaaaaaaaaaaaaaa\r\n" * 200_000)),
    "empty lines": calendar("\r\n" * 2 * MEGABYTE),
    "returns": calendar("\r" * 5 * MEGABYTE),
    "events": calendar(*(event(uid=str(number)) for number in range(65_000))),
    "nested": calendar("BEGIN:VEVENT\r\n" * 200_000),
    "ends": calendar("END:VEVENT\r\n" * 390_000),
    "quotes": calendar(event('LOCATION;X="' + 'a":"' * 6_000)),
    "parameters": calendar(event("LOCATION" + ";TZID=" * 3_300 + ":x")),
    "tags": many("<div>"),
    "open tags": many("<a "),
    "brackets": many("<"),
    "comments": many("<!--"),
    "scripts": many("<script>"),
    "entities": many("&amp;"),
    "half entities": many("&lt"),
    "marks": many("\u0301\u0316", 125),
    "jamo": many("\u1100\u1161\u11a8", 80),
    "backslashes": many("\\\\"),
    "line ends": many("\\n "),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_time_grows_with_the_bytes_however_they_are_arranged(trap: str) -> None:
    began = time.monotonic()
    try:
        assert len(read_calendar(TRAPS[trap], NOW).events) <= MOST_EVENTS
    except NotACalendarError:
        assert trap in ("empty lines", "returns", "nested")
    assert time.monotonic() - began < PATIENCE_SECONDS


NAMES = [
    "DTSTART",
    "DTEND",
    "DURATION",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "UID",
    "RECURRENCE-ID",
    "SEQUENCE",
]
LINES = st.one_of(
    st.sampled_from(
        ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "END:VCALENDAR", "BEGIN:", "END:"]
    ),
    st.builds(
        "{}{}:{}".format,
        st.sampled_from(NAMES),
        st.sampled_from(["", ";VALUE=DATE", ";TZID=Europe/Warsaw", ";TZID=", ';TZID="x', ";TZID=\x00"]),
        st.one_of(
            st.text(max_size=40),
            st.from_regex(r"[0-9]{8}(T[0-9]{6}Z?)?", fullmatch=True),
            st.from_regex(r"-?P[0-9]{0,12}[WD]?(T[0-9]{0,12}[HMS])?", fullmatch=True),
            st.datetimes().map(lambda moment: f"{moment:%Y%m%dT%H%M%S}"),
        ),
    ),
    st.text(max_size=30),
)


@given(st.lists(LINES, max_size=40))
def test_any_lines_are_read_or_left_out(lines: list[str]) -> None:
    body = calendar("BEGIN:VEVENT", *lines, "END:VEVENT").decode().encode("utf-8", "surrogatepass")
    try:
        found = read_calendar(body, NOW)
    except NotACalendarError:
        return
    for each in found.events:
        assert each.title
        assert each.times.starts_at <= each.times.ends_at
        assert len(each.title) <= LONGEST_TITLE
        assert "\x00" not in each.title + each.description + each.place + each.url


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told_apart(body: bytes) -> None:
    for whole in (body, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + body + b"\r\nEND:VEVENT\r\nEND:VCALENDAR"):
        try:
            assert len(read_calendar(whole, NOW).events) <= 1
        except NotACalendarError:
            continue


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Zjazd \u202egro.live\u202c", "Zjazd gro.live"),
        ("Zjazd\u2066x\u2069", "Zjazdx"),
        ("Zja\u200bzd\u2060\ufeff", "Zjazd"),
        ("Zjazd\U000e0041\u061c\u2064\ufff9", "Zjazd"),  # tags, marks and joiners that nobody sees
        ("Zja\u00adzd \u05d0\u200f", "Zja\u00adzd \u05d0\u200f"),
        ("\u3164\u2800\u115f \uffa0", ""),  # letters of which nothing is seen
        ("a" + "\u0301" * 50, "á" + "\u0301" * 3),
        ("&#8238;Zjazd<b>", "Zjazd"),
    ],
)
def test_abuse_07_no_text_holds_what_is_invisible_or_turns_its_surroundings(sent: str, kept: str) -> None:
    assert plain_line(sent, 200) == kept
    assert plain_text(sent, 200) == kept


def test_of_an_endless_text_only_the_beginning_is_looked_at() -> None:
    tags = "<b>" * 3_000
    assert "end" not in plain_text(tags + "end", 2_000)
    assert plain_text("<b>" * 2_000 + "end", 2_000) == "end"
