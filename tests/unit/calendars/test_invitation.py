"""calendar.md 2-8 and 14, abuse case 4."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from eventreg.calendars.calendar_text_rules import (
    UnsafeAddressError,
    checked_address,
    clean_line,
    clean_parameter,
    clean_text,
    clean_url,
)
from eventreg.calendars.invitation import Method, Party, cancel_bytes, publish_bytes, request_bytes
from tests.unit.calendars.calendar_reading import (
    ANNA,
    OFFICE,
    STAMP,
    content_lines,
    invitation,
    only_event,
    property_names,
    times,
)

HOSTILE = "x\r\nATTENDEE:mailto:eve@example.org\nBEGIN:VALARM\x0b\x00\u2028END:VCALENDAR;,:\"'\\^n"

any_text = st.text(alphabet=st.characters(), max_size=200)


def test_calendar_02_method_in_the_body_is_the_one_asked_for() -> None:
    made = {
        Method.REQUEST: request_bytes(invitation(), ANNA),
        Method.CANCEL: cancel_bytes(invitation(), ANNA),
        Method.PUBLISH: publish_bytes(invitation()),
    }
    for method, body in made.items():
        assert [line for line in content_lines(body) if line.startswith("METHOD")] == [f"METHOD:{method.value}"]


def test_calendar_03_request_has_one_organizer_and_one_attendee_who_is_asked() -> None:
    event = only_event(request_bytes(invitation(), ANNA))
    assert str(event["ORGANIZER"]) == "mailto:biuro@example.org"
    assert event["ORGANIZER"].params["CN"] == "Urząd Przykładowy"
    attendee = event["ATTENDEE"]
    assert str(attendee) == "mailto:anna@example.org"
    assert attendee.params["CN"] == "Anna Kowalska"
    assert attendee.params["PARTSTAT"] == "NEEDS-ACTION"
    assert attendee.params["RSVP"] == "TRUE"
    body = request_bytes(invitation(), ANNA)
    assert property_names(body).count("ATTENDEE") == 1
    assert property_names(body).count("ORGANIZER") == 1
    assert "".join(content_lines(body)).lower().count("mailto:") == 2


def test_calendar_03_publish_has_no_attendee_and_asks_nothing() -> None:
    body = publish_bytes(invitation())
    assert "ATTENDEE" not in property_names(body)
    assert b"RSVP" not in body
    assert only_event(body)["STATUS"] == "CONFIRMED"
    assert only_event(publish_bytes(invitation(), cancelled=True))["STATUS"] == "CANCELLED"


def test_calendar_05_uid_sequence_and_stamp_are_those_given() -> None:
    event = only_event(request_bytes(invitation(sequence=7), ANNA))
    assert str(event["UID"]) == "0123456789abcdef0123456789abcdef@example.org"
    assert event["SEQUENCE"] == 7
    assert event["DTSTAMP"].dt == STAMP


def test_calendar_05_the_same_facts_give_the_same_bytes() -> None:
    assert request_bytes(invitation(), ANNA) == request_bytes(invitation(), ANNA)


def test_calendar_06_cancel_keeps_uid_organizer_start_and_says_cancelled() -> None:
    asked = only_event(request_bytes(invitation(), ANNA))
    body = cancel_bytes(invitation(sequence=1), ANNA)
    event = only_event(body)
    assert event["STATUS"] == "CANCELLED"
    assert (event["UID"], event["ORGANIZER"], event["DTSTART"].dt) == (
        asked["UID"],
        asked["ORGANIZER"],
        asked["DTSTART"].dt,
    )
    assert event["SEQUENCE"] == 1
    assert str(event["ATTENDEE"]) == "mailto:anna@example.org"
    assert b"RSVP" not in body


def test_calendar_07_warsaw_is_told_with_two_yearly_rules_and_nothing_else() -> None:
    lines = content_lines(request_bytes(invitation(), ANNA))
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE") + 1]
    assert zone == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Warsaw",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    assert "DTSTART;TZID=Europe/Warsaw:20261209T120000" in lines
    assert "DTEND;TZID=Europe/Warsaw:20261209T133000" in lines


@pytest.mark.parametrize("zone", ["America/New_York", "Africa/Casablanca", "Asia/Tbilisi", "UTC", "Europe/Istanbul"])
def test_calendar_07_zones_without_the_european_rule_are_told_in_utc(zone: str) -> None:
    body = request_bytes(invitation(times=times(timezone=zone)), ANNA)
    assert "DTSTART:20261209T110000Z" in content_lines(body)
    assert b"VTIMEZONE" not in body


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "Europe/Vilnius", "Europe/London", "Europe/Berlin", "Europe/Prague"])
def test_calendar_07_neighbours_get_their_own_zone_which_reads_back_to_the_same_moment(zone: str) -> None:
    for month in range(1, 13):
        start = datetime(2027, month, 15, 10, 0, tzinfo=UTC)
        body = request_bytes(
            invitation(times=times(starts_at=start, ends_at=start + timedelta(hours=1), timezone=zone)), ANNA
        )
        assert f"TZID:{zone}" in content_lines(body)
        assert only_event(body)["DTSTART"].dt == start


@pytest.mark.parametrize(
    ("minute", "told"),
    [
        (-61, "DTSTART;TZID=Europe/Warsaw:20261025T015900"),
        (-60, "DTSTART:20261025T000000Z"),  # 2:00 in Warsaw, for the first time
        (-30, "DTSTART:20261025T003000Z"),
        (0, "DTSTART:20261025T010000Z"),  # 2:00, for the second time
        (59, "DTSTART:20261025T015900Z"),
        (60, "DTSTART;TZID=Europe/Warsaw:20261025T030000"),
    ],
)
def test_calendar_07_the_hour_that_comes_twice_is_told_in_utc_both_times(minute: int, told: str) -> None:
    start = datetime(2026, 10, 25, 1, 0, tzinfo=UTC) + timedelta(minutes=minute)
    end = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)
    assert told in content_lines(request_bytes(invitation(times=times(starts_at=start, ends_at=end)), ANNA))
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    lines = content_lines(request_bytes(invitation(times=times(starts_at=before, ends_at=start)), ANNA))
    assert told.replace("DTSTART", "DTEND") in lines


def test_calendar_08_no_counter_proposals() -> None:
    assert "X-MICROSOFT-DISALLOW-COUNTER:TRUE" in content_lines(request_bytes(invitation(), ANNA))


def test_calendar_08_long_polish_text_is_folded_between_characters() -> None:
    body = request_bytes(invitation(summary="Zażółć gęślą jaźń " * 30, description="ąęłń\n" * 80), ANNA)
    content_lines(body)
    assert str(only_event(body)["SUMMARY"]) == ("Zażółć gęślą jaźń " * 30).strip()


@pytest.mark.parametrize("typed", ["C:\\Nowe\\notatki", "\\n\\N\\;\\,\\\\", "a;b,c\\"])
def test_calendar_08_a_typed_backslash_stays_one(typed: str) -> None:
    event = only_event(request_bytes(invitation(summary=typed, description=typed, location=typed), ANNA))
    assert [str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION")] == [typed] * 3


def test_calendar_14_all_day_has_dates_with_an_exclusive_end() -> None:
    # Three whole days in Warsaw, told as midnight to midnight.
    three = times(
        starts_at=datetime(2027, 2, 23, 23, tzinfo=UTC), ends_at=datetime(2027, 2, 26, 23, tzinfo=UTC), all_day=True
    )
    lines = content_lines(request_bytes(invitation(times=three), ANNA))
    assert "DTSTART;VALUE=DATE:20270224" in lines
    assert "DTEND;VALUE=DATE:20270227" in lines
    assert not [line for line in lines if "TZID" in line]


def test_calendar_14_an_all_day_end_within_the_last_day_counts_that_day() -> None:
    one = times(
        starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC), ends_at=datetime(2027, 2, 24, 15, tzinfo=UTC), all_day=True
    )
    lines = content_lines(request_bytes(invitation(times=one), ANNA))
    assert "DTSTART;VALUE=DATE:20270224" in lines
    assert "DTEND;VALUE=DATE:20270225" in lines


def test_abuse_04_line_breaks_and_controls_in_any_text_become_no_line_of_their_own() -> None:
    plain = request_bytes(
        invitation(summary="x", description="x", location="x", categories=("x",), online_label="x"), ANNA
    )
    hostile = request_bytes(
        invitation(
            summary=HOSTILE,
            description=HOSTILE,
            location=HOSTILE,
            categories=(HOSTILE,),
            online_label=HOSTILE,
            page_url=f"https://example.org/{HOSTILE}",
            online_url=f"https://example.org/{HOSTILE}",
            organizer=Party(HOSTILE, OFFICE.address),
        ),
        Party(HOSTILE, ANNA.address),
    )
    assert set(property_names(hostile)) - set(property_names(plain)) == {"URL", "CONFERENCE"}
    assert property_names(hostile).count("ATTENDEE") == 1
    assert b"\x00" not in hostile
    assert b"\x0b" not in hostile


def test_abuse_04_a_colon_or_quote_in_a_name_leaves_the_address_alone() -> None:
    event = only_event(request_bytes(invitation(), Party('Jan: "Eve" <eve@example.org>; x,y', "jan@example.org")))
    assert str(event["ATTENDEE"]) == "mailto:jan@example.org"
    assert event["ATTENDEE"].params["CN"] == "Jan: 'Eve' <eve@example.org>; x,y"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b\r\nX:1",
        "a b@example.org",
        'a"b@example.org',
        "a@example.org,b@example.org",
        "a@example.org;b@example.org",
        "a:b@example.org",
        "<a@example.org>",
        "ą@example.org",
        "a@example.org\n",
    ],
)
def test_abuse_04_an_address_that_could_break_its_line_is_refused(address: str) -> None:
    with pytest.raises(UnsafeAddressError):
        request_bytes(invitation(), Party("x", address))
    with pytest.raises(UnsafeAddressError):
        publish_bytes(replace(invitation(), organizer=Party("x", address)))


def test_an_international_domain_is_written_in_ascii() -> None:
    assert checked_address("biuro@gmina-łódź.pl") == "biuro@xn--gmina-d-q0a42esr.pl"


@settings(max_examples=150, deadline=None)
@given(any_text, any_text, any_text)
def test_abuse_04_whatever_is_typed_the_structure_stands(title: str, name: str, place: str) -> None:
    body = request_bytes(
        invitation(summary=title, location=place, description=place, organizer=Party(name, OFFICE.address)),
        Party(name, ANNA.address),
    )
    lines = content_lines(body)
    assert [line for line in lines if line.startswith("BEGIN:")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "BEGIN:DAYLIGHT",
        "BEGIN:STANDARD",
        "BEGIN:VEVENT",
    ]
    event = only_event(body)
    assert str(event["ATTENDEE"]) == "mailto:anna@example.org"
    assert str(event["ORGANIZER"]) == "mailto:biuro@example.org"
    assert str(event["SUMMARY"]) == clean_line(title)
    if clean_parameter(name):
        assert event["ATTENDEE"].params["CN"] == clean_parameter(name)


@settings(max_examples=200, deadline=None)
@given(any_text)
def test_cleaned_text_holds_no_control_character(text: str) -> None:
    assert not [c for c in clean_text(text) if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert "\n" not in clean_line(text)
    assert clean_url(f"https://example.org/{text}").isascii()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://example.org", "//example.org", "", "https://[", "mailto:a@b.pl"]
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert clean_url(address) == ""


def test_the_online_link_is_the_place_of_an_online_event() -> None:
    body = request_bytes(invitation(online_url="https://meet.example.org/abc", online_label="Spotkanie"), ANNA)
    lines = content_lines(body)
    assert "LOCATION:https://meet.example.org/abc" in lines
    assert "CONFERENCE;FEATURE=VIDEO;LABEL=Spotkanie;VALUE=URI:https://meet.example.org/abc" in lines


def test_version_and_product_stand_first_as_outlook_wants() -> None:
    assert content_lines(request_bytes(invitation(), ANNA))[:3] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//eventreg//invitations 1//EN",
    ]
    assert Calendar.from_ical(publish_bytes(invitation()))["CALSCALE"] == "GREGORIAN"
