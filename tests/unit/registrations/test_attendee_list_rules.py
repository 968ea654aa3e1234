"""The panel's list: chart, pages, states."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventreg.registrations.attendee_list_rules import (
    CHART_DAYS,
    Bar,
    first_day_of_chart,
    read_page,
    read_state,
    sign_ups_per_day,
)

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the 23rd in Warsaw
WARSAW = "Europe/Warsaw"


def test_fourteen_days_that_end_today() -> None:
    bars = sign_ups_per_day([], NOW, WARSAW)
    assert [bar.day for bar in bars] == [date(2026, 11, 10) + timedelta(days=n) for n in range(CHART_DAYS)]
    assert {(bar.count, bar.height) for bar in bars} == {(0, 1)}
    assert first_day_of_chart(NOW, WARSAW).isoformat() == "2026-11-10T00:00:00+01:00"


def test_the_busiest_day_fills_the_chart() -> None:
    moments = [NOW] * 4 + [NOW - timedelta(days=1)] + [NOW - timedelta(days=20)] * 9
    bars = sign_ups_per_day(moments, NOW, WARSAW)
    assert bars[-1] == Bar(date(2026, 11, 23), 4, x=260, y=4, height=52)
    assert bars[-2] == Bar(date(2026, 11, 22), 1, x=240, y=43, height=13)
    assert sum(bar.count for bar in bars) == 5


@pytest.mark.parametrize(
    ("text", "page"), [("2", 2), ("9", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("٣", 1), ("9" * 9, 1)]
)
def test_pages_asked_for(text: str, page: int) -> None:
    assert read_page(text, 3) == page


def test_states_asked_for() -> None:
    assert read_state("cancelled") == "cancelled"
    assert read_state("unknown") is None
    assert read_state("") is None
