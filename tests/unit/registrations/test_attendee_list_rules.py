"""The panel's list: chart, pages, states."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventreg.registrations.attendance_rules import is_day_of_event
from eventreg.registrations.attendee_list_rules import (
    CHART_DAYS,
    Bar,
    first_day_of_chart,
    read_category,
    read_ids,
    read_page,
    read_state,
    sign_ups_per_day,
)
from eventreg.registrations.waiting_list_rules import position_asked_for

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


def test_categories_asked_for() -> None:
    assert read_category("speaker") == "speaker"
    assert read_category("boss") is None


def test_the_chosen_ids_each_once_in_their_order() -> None:
    assert read_ids(["7", "3", "7", "x", "", "-1", "²", "٣", "9" * 10]) == [7, 3]


@pytest.mark.parametrize(
    ("step", "typed", "position"),
    [
        ("up", "", 3),
        ("down", "", 5),
        ("to", " 12 ", 12),
        ("to", "0", None),
        ("to", "", None),
        ("", "x", None),
        ("to", "-1", None),
        ("to", "9" * 7, None),
        ("to", "٣", None),
    ],
)
def test_where_somebody_in_line_is_to_stand(step: str, typed: str, position: int | None) -> None:
    assert position_asked_for(4, step, typed) == position


def test_people_come_from_the_first_minute_of_the_day_on() -> None:
    starts = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)
    midnight = datetime(2026, 12, 8, 23, 0, tzinfo=UTC)  # in Warsaw
    assert not is_day_of_event(starts, WARSAW, midnight - timedelta(seconds=1))
    assert is_day_of_event(starts, WARSAW, midnight)
    assert is_day_of_event(starts, WARSAW, starts + timedelta(days=300))
