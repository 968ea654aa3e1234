"""What organisers type into date fields."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.events.date_typing_rules import (
    TypingRefusal,
    all_day_span,
    check_order,
    moment_of,
    read_clock,
    read_date,
    typed_clock,
    typed_date,
    typed_last_day,
)

WARSAW = "Europe/Warsaw"


@pytest.mark.parametrize(
    "typed",
    [
        "26.10.2026",
        " 26.10.2026 ",
        "26-10-2026",
        "26/10/2026",
        "2026-10-26",
        "26 października 2026",
        "26\u00a0Października 2026 r.",
        "26.10.2026 r.",
        "26 października 2026 roku",
        "26 paź 2026",
        "26 październik 2026",
        "26 October 2026",
        "26 Oct 2026",
    ],
)
def test_days(typed: str) -> None:
    assert read_date(typed) == date(2026, 10, 26)


def test_one_digit_days() -> None:
    assert read_date("3.5.2026") == date(2026, 5, 3)
    assert read_date("3 maja 2026") == date(2026, 5, 3)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", TypingRefusal.EMPTY),
        ("  ", TypingRefusal.EMPTY),
        ("jutro", TypingRefusal.NOT_A_DATE),
        ("26.10", TypingRefusal.NOT_A_DATE),
        ("26.10.26", TypingRefusal.NOT_A_DATE),
        ("26.10-2026", TypingRefusal.NOT_A_DATE),
        ("26 smarca 2026", TypingRefusal.NOT_A_DATE),
        ("٢٦.١٠.٢٠٢٦", TypingRefusal.NOT_A_DATE),
        ("31.02.2026", TypingRefusal.NO_SUCH_DAY),
        ("10.26.2026", TypingRefusal.NO_SUCH_DAY),
        ("29.02.2027", TypingRefusal.NO_SUCH_DAY),
        ("26.10.0226", TypingRefusal.YEAR_OUT_OF_RANGE),
        ("26.10.2206", TypingRefusal.YEAR_OUT_OF_RANGE),
    ],
)
def test_no_days(typed: str, why: TypingRefusal) -> None:
    assert read_date(typed) is why


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("12.00", time(12)),
        ("12:00", time(12)),
        ("12", time(12)),
        ("9.05", time(9, 5)),
        ("09:30", time(9, 30)),
        ("godz. 13.30", time(13, 30)),
        ("0.00", time(0)),
    ],
)
def test_clocks(typed: str, clock: time) -> None:
    assert read_clock(typed) == clock


@pytest.mark.parametrize("typed", ["9.5", "24.00", "12.60", "12,30", "południe", "-1", "12:00:00", "١٢"])
def test_no_clocks(typed: str) -> None:
    assert read_clock(typed) is TypingRefusal.NOT_A_TIME


def test_an_empty_clock() -> None:
    assert read_clock(" ") is TypingRefusal.EMPTY


def test_summer_and_winter_in_warsaw() -> None:
    assert moment_of(date(2026, 7, 1), time(12), WARSAW) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert moment_of(date(2026, 12, 1), time(12), WARSAW) == datetime(2026, 12, 1, 11, tzinfo=UTC)


def test_the_skipped_hour_is_refused() -> None:
    assert moment_of(date(2026, 3, 29), time(2, 30), WARSAW) is TypingRefusal.SKIPPED_HOUR
    assert moment_of(date(2026, 3, 29), time(3, 0), WARSAW) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_the_hour_that_comes_twice_means_its_first_coming() -> None:
    assert moment_of(date(2026, 10, 25), time(2, 30), WARSAW) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_whole_days() -> None:
    span = all_day_span(date(2026, 10, 24), date(2026, 10, 25), WARSAW)
    assert span == (datetime(2026, 10, 23, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    assert typed_last_day(span[1], WARSAW) == "25.10.2026"
    assert all_day_span(date(2026, 1, 2), date(2026, 1, 1), WARSAW) is TypingRefusal.END_NOT_AFTER_START


def test_the_end_comes_after_the_start() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert check_order(noon, noon.replace(hour=13)) is None
    assert check_order(noon, noon) is TypingRefusal.END_NOT_AFTER_START


@given(
    day=st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    clock=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from([WARSAW, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    language=st.sampled_from(["pl", "en"]),
)
def test_what_is_written_back_reads_the_same(day: date, clock: time, zone: str, language: str) -> None:
    moment = moment_of(day, clock, zone)
    if isinstance(moment, TypingRefusal):
        assert moment is TypingRefusal.SKIPPED_HOUR
        return
    assert read_date(typed_date(moment, zone)) == day
    assert read_clock(typed_clock(moment, zone, language)) == clock
