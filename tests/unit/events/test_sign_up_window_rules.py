from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventreg.events.sign_up_window_rules import (
    Places,
    SignUpStatus,
    SignUpWindow,
    places_of,
    sign_up_status,
)

START = datetime(2026, 12, 9, 11, 0, tzinfo=UTC)
WINDOW = SignUpWindow(
    state="published",
    mode="here",
    opens_at=START - timedelta(days=20),
    closes_at=START - timedelta(days=2),
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    capacity=30,
    places_taken=0,
)
DURING = START - timedelta(days=10)


@pytest.mark.parametrize(
    ("capacity", "taken", "expected"),
    [
        (None, 10_000, Places.UNLIMITED),
        (30, 0, Places.FREE),
        (30, 26, Places.FREE),
        (30, 27, Places.LAST),
        (200, 179, Places.FREE),
        (200, 180, Places.LAST),
        (1, 0, Places.FREE),
        (3, 0, Places.FREE),
        (3, 1, Places.LAST),
        (30, 30, Places.NONE),
        (30, 35, Places.NONE),
    ],
)
def test_places(capacity: int | None, taken: int, expected: Places) -> None:
    assert places_of(capacity, taken) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (START - timedelta(days=20, seconds=1), SignUpStatus.NOT_YET),
        (START - timedelta(days=20), SignUpStatus.OPEN),
        (START - timedelta(days=2, seconds=1), SignUpStatus.OPEN),
        (START - timedelta(days=2), SignUpStatus.CLOSED),
        (START + timedelta(minutes=89), SignUpStatus.CLOSED),
        (START + timedelta(minutes=90), SignUpStatus.PAST),
    ],
)
def test_abuse_22_opening_and_closing_to_the_second(moment: datetime, expected: SignUpStatus) -> None:
    assert sign_up_status(WINDOW, moment) is expected


def test_without_times_sign_up_is_open_until_the_start() -> None:
    window = replace(WINDOW, opens_at=None, closes_at=None)
    assert sign_up_status(window, START - timedelta(days=300)) is SignUpStatus.OPEN
    assert sign_up_status(window, START - timedelta(seconds=1)) is SignUpStatus.OPEN
    assert sign_up_status(window, START) is SignUpStatus.CLOSED


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"state": "draft"}, SignUpStatus.NOT_PUBLISHED),
        ({"state": "cancelled"}, SignUpStatus.CANCELLED),
        ({"state": "archived"}, SignUpStatus.PAST),
        ({"mode": "elsewhere"}, SignUpStatus.ELSEWHERE),
        ({"mode": "open_entry"}, SignUpStatus.OPEN_ENTRY),
        ({"places_taken": 30}, SignUpStatus.FULL),
    ],
)
def test_what_the_event_itself_says(change: dict[str, object], expected: SignUpStatus) -> None:
    assert sign_up_status(replace(WINDOW, **change), DURING) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("waiting_list", "capacity", "taken", "waiting", "expected"),
    [
        ("off", 30, 30, 0, SignUpStatus.FULL),
        ("off", 30, 29, 0, SignUpStatus.OPEN),
        ("off", 30, 29, 2, SignUpStatus.FULL),  # switched off with people in line: they go first
        ("when_full", 30, 29, 0, SignUpStatus.OPEN),
        ("when_full", 30, 30, 0, SignUpStatus.WAITING),
        ("when_full", 30, 31, 0, SignUpStatus.WAITING),
        ("when_full", 30, 29, 1, SignUpStatus.WAITING),  # nobody overtakes the line
        ("when_full", None, 500, 0, SignUpStatus.OPEN),
        ("always", 30, 0, 0, SignUpStatus.WAITING),
        ("always", None, 0, 0, SignUpStatus.WAITING),
    ],
)
def test_when_sign_ups_go_to_the_waiting_list(
    waiting_list: str, capacity: int | None, taken: int, waiting: int, expected: SignUpStatus
) -> None:
    window = replace(WINDOW, waiting_list=waiting_list, capacity=capacity, places_taken=taken, waiting=waiting)
    assert sign_up_status(window, DURING) is expected


@pytest.mark.parametrize("moment", [START - timedelta(days=30), START - timedelta(days=1), START + timedelta(hours=2)])
def test_the_waiting_list_opens_and_closes_with_sign_up(moment: datetime) -> None:
    window = replace(WINDOW, waiting_list="always")
    assert sign_up_status(window, moment) is sign_up_status(WINDOW, moment) is not SignUpStatus.WAITING
