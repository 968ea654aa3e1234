"""Dates as people read them, in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.events.when_rules import (
    DayBlock,
    WhenWords,
    city_of,
    day_block,
    deadline,
    deadline_day,
    long_date,
    machine_time,
    month_heading,
    month_of,
    on_weekday,
    table_moment,
    timestamp,
    when_in_full,
    when_words,
    zone_note,
)

WARSAW = "Europe/Warsaw"
NBSP = "\u00a0"


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, zone: str = WARSAW) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def full(start: datetime, end: datetime, language: str, *, zone: str = WARSAW, all_day: bool = False) -> str:
    return when_in_full(start, end, zone, language, all_day=all_day).replace(NBSP, " ")


WORKSHOP = (local(2016, 10, 26, 12, 0), local(2016, 10, 26, 13, 30))
CONFERENCE = (local(2027, 2, 24, 9, 0), local(2027, 2, 25, 15, 0))


def test_one_day_in_full() -> None:
    assert when_in_full(*WORKSHOP, WARSAW, "pl") == "środa, 26\u00a0października 2016\u00a0r., godz.\u00a012.00–13.30"
    assert when_in_full(*WORKSHOP, WARSAW, "en") == "Wednesday, 26\u00a0October 2016, 12:00–13:30"


def test_the_parts_stand_on_separate_lines() -> None:
    assert when_words(*WORKSHOP, WARSAW, "pl") == WhenWords(
        "środa, 26\u00a0października 2016\u00a0r.", "godz.\u00a012.00–13.30", ""
    )


def test_two_days_name_both_ends() -> None:
    assert full(*CONFERENCE, "pl") == (
        "środa–czwartek, 24–25 lutego 2027 r., początek o godz. 9.00, zakończenie o godz. 15.00"
    )
    assert full(*CONFERENCE, "en") == ("Wednesday–Thursday, 24–25 February 2027, starts at 9:00, ends at 15:00")


def test_across_months_and_years() -> None:
    months = (local(2027, 3, 31), local(2027, 4, 2))
    assert full(*months, "pl", all_day=True) == "środa–czwartek, 31 marca – 1 kwietnia 2027 r."
    assert full(*months, "en", all_day=True) == "Wednesday–Thursday, 31 March – 1 April 2027"
    years = (local(2026, 12, 31), local(2027, 1, 2))
    assert full(*years, "pl", all_day=True) == ("czwartek–piątek, 31 grudnia 2026 r. – 1 stycznia 2027 r.")
    assert full(*years, "en", all_day=True) == "Thursday–Friday, 31 December 2026 – 1 January 2027"


def test_all_day_and_midnight() -> None:
    assert full(local(2026, 12, 9), local(2026, 12, 10), "pl", all_day=True) == "środa, 9 grudnia 2026 r."
    evening = (local(2026, 12, 9, 18, 0), local(2026, 12, 10, 0, 0))
    assert full(*evening, "pl") == "środa, 9 grudnia 2026 r., godz. 18.00–24.00"
    night = (local(2026, 12, 9, 19, 0), local(2026, 12, 10, 2, 0))
    assert full(*night, "pl") == "środa, 9 grudnia 2026 r., godz. 19.00–2.00"


def test_day_block() -> None:
    assert day_block(*WORKSHOP, WARSAW, "pl") == DayBlock("26", "środa", "12.00–13.30")
    assert day_block(*CONFERENCE, WARSAW, "pl") == DayBlock("24", "środa i\u00a0czwartek", "24–25\u00a0lutego")
    assert day_block(*CONFERENCE, WARSAW, "en") == DayBlock("24", "Wednesday and Thursday", "24–25\u00a0February")
    three = (local(2027, 3, 30), local(2027, 4, 2))
    assert day_block(*three, WARSAW, "pl", all_day=True) == DayBlock(
        "30", "wtorek–czwartek", "30\u00a0marca\u00a0– 1\u00a0kwietnia"
    )
    assert day_block(local(2027, 3, 30), local(2027, 3, 31), WARSAW, "pl", all_day=True).line == ""


def test_headings_and_moments() -> None:
    moment = local(2026, 11, 18, 9, 12)
    assert month_heading(2026, 12, "pl") == "grudzień 2026"
    assert month_heading(2026, 12, "en") == "December 2026"
    assert timestamp(moment, WARSAW, "pl") == "18\u00a0listopada 2026\u00a0r., godz.\u00a09.12"
    assert timestamp(moment, WARSAW, "en") == "18\u00a0November 2026, 9:12"
    assert long_date(moment, WARSAW, "pl") == "18\u00a0listopada 2026\u00a0r."
    assert table_moment(moment, WARSAW, "pl") == "18.11, 9.12"
    assert table_moment(moment, WARSAW, "pl", with_year=True) == "18.11.2026, 9.12"
    assert table_moment(moment, WARSAW, "en") == "18\u00a0Nov, 9:12"
    assert machine_time(moment, WARSAW) == "2026-11-18T09:12:00+01:00"


def test_the_month_is_the_one_at_the_venue() -> None:
    assert month_of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), WARSAW) == (2026, 12)


def test_deadline_at_midnight_is_told_as_the_day_before() -> None:
    assert deadline(local(2026, 10, 20, 23, 59), WARSAW, "pl") == (
        "20\u00a0października 2026\u00a0r., godz.\u00a023.59"
    )
    assert deadline(local(2026, 10, 21), WARSAW, "pl") == ("20\u00a0października 2026\u00a0r., godz.\u00a024.00")
    assert deadline_day(local(2026, 10, 21), WARSAW, "en") == "20\u00a0October 2026"


@pytest.mark.parametrize(
    ("day", "polish", "english"),
    [
        (7, "w\u00a0poniedziałek", "on\u00a0Monday"),
        (8, "we\u00a0wtorek", "on\u00a0Tuesday"),
        (9, "w\u00a0środę", "on\u00a0Wednesday"),
        (13, "w\u00a0niedzielę", "on\u00a0Sunday"),
    ],
)
def test_on_weekday(day: int, polish: str, english: str) -> None:
    moment = local(2026, 12, day, 12, 0)
    assert on_weekday(moment, WARSAW, "pl") == polish
    assert on_weekday(moment, WARSAW, "en") == english


def test_zone_note_only_where_the_clock_differs() -> None:
    noon = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    assert zone_note(noon, WARSAW, "pl") == ""
    assert zone_note(noon, "Europe/Prague", "pl") == ""
    assert zone_note(noon, "Europe/Kyiv", "pl") == "czas lokalny: Kijów; w\u00a0Polsce godz.\u00a011.00"
    assert zone_note(noon, "Europe/Kyiv", "en") == "local time: Kyiv; 11:00 in Poland"
    end = noon + timedelta(hours=1)
    assert full(noon, end, "pl", zone="Europe/Kyiv") == (
        "poniedziałek, 12 października 2026 r., godz. 12.00–13.00 (czas lokalny: Kijów; w Polsce godz. 11.00)"
    )


def test_zone_note_names_the_day_when_it_differs() -> None:
    evening = datetime(2026, 10, 12, 23, 0, tzinfo=UTC)
    assert zone_note(evening, "America/Chicago", "en") == ("local time: Chicago; 1:00 on 13\u00a0October in Poland")


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        when_in_full(local(2026, 1, 1).replace(tzinfo=None), local(2026, 1, 2), WARSAW, "pl")


@given(
    start=st.timedeltas(timedelta(0), timedelta(days=36_500)).map(lambda age: local(2000, 1, 1) + age),
    length=st.timedeltas(timedelta(0), timedelta(days=40)),
    zone=st.sampled_from([WARSAW, "Europe/London", "Asia/Kathmandu", "America/New_York"]),
    language=st.sampled_from(["pl", "en"]),
    all_day=st.booleans(),
)
def test_every_term_can_be_told(start: datetime, length: timedelta, zone: str, language: str, all_day: bool) -> None:
    words = when_words(start, start + length, zone, language, all_day=all_day)
    block = day_block(start, start + length, zone, language, all_day=all_day)
    year = str(start.astimezone(ZoneInfo(zone)).year)
    assert year in words.day
    assert block.numeral == str(start.astimezone(ZoneInfo(zone)).day)
    assert (words.hours == "") == all_day


def test_cities_of_zones_have_their_names_in_the_language() -> None:
    assert [city_of(zone, "pl") for zone in ("Europe/Kyiv", "Asia/Kolkata", "Europe/Vilnius", "America/New_York")] == [
        "Kijów",
        "Kalkuta",
        "Wilno",
        "Nowy Jork",
    ]
    assert city_of("America/New_York", "en") == "New York"
