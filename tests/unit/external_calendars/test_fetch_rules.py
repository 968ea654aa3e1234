"""When a calendar is asked again, and what of an answer is remembered."""

from datetime import UTC, datetime, timedelta

import pytest

from eventreg.external_calendars.fetch_rules import (
    CLAIM_LASTS,
    LIMITS,
    LONGEST_PAUSE,
    MOST_IN_A_ROUND,
    SPREAD,
    Known,
    Outcome,
    known_from,
    next_check,
    outcome_of_status,
    read_retry_after,
    wants_everything,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("failures", "hours"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (5000, 24)])
def test_a_calendar_that_fails_is_asked_less_and_less_but_daily(failures: int, hours: int) -> None:
    for calendar_id in (1, 2, 500, 10**9):
        pause = next_check(NOW, calendar_id, failures) - NOW
        assert hours * HOUR <= pause < hours * HOUR + SPREAD


def test_calendars_are_asked_at_different_moments() -> None:
    assert len({next_check(NOW, calendar_id, 0) for calendar_id in range(100)}) == 100


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("120", timedelta(seconds=120)),
        (" 7200 ", 2 * HOUR),
        ("999999999", LONGEST_PAUSE),
        ("Sun, 22 Nov 2026 12:00:00 GMT", 3 * HOUR),
        ("Sun, 22 Nov 2026 12:00:00 -0000", 3 * HOUR),
        ("Sun, 22 Nov 2020 12:00:00 GMT", timedelta(0)),
        ("Sun, 22 Nov 9999 12:00:00 GMT", LONGEST_PAUSE),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("9" * 5000, None),
        ("Sun, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_a_server_may_ask_for_patience_but_for_a_day_at_most(value: str, pause: timedelta | None) -> None:
    assert read_retry_after(value, NOW) == pause


def test_the_longer_of_both_pauses_counts() -> None:
    spread = next_check(NOW, 7, 0) - NOW - HOUR
    assert next_check(NOW, 7, 1, timedelta(minutes=2)) == NOW + HOUR + spread
    assert next_check(NOW, 7, 1, 5 * HOUR) == NOW + 5 * HOUR + spread


def test_what_may_be_sent_back_to_the_server_is_short_and_printable() -> None:
    good = {"ETag": 'W/"abc"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}
    assert known_from(good) == Known('W/"abc"', "Sun, 22 Nov 2026 12:00:00 GMT")
    assert known_from({"ETag": "x" * 301, "Last-Modified": "y" * 101}) == Known()
    assert known_from({"ETag": "a\r\nX-Evil: 1", "Last-Modified": "żółw"}) == Known()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, Outcome.ACCESS_DENIED),
        (403, Outcome.ACCESS_DENIED),
        (404, Outcome.NOT_FOUND),
        (410, Outcome.NOT_FOUND),
        (204, Outcome.ANSWER_ERROR),
        (429, Outcome.ANSWER_ERROR),
        (500, Outcome.ANSWER_ERROR),
    ],
)
def test_what_a_status_comes_to(status: int, outcome: Outcome) -> None:
    assert outcome_of_status(status) is outcome


def test_a_calendar_that_was_not_taken_whole_is_read_in_full_once_a_day() -> None:
    assert not wants_everything(NOW, NOW - timedelta(days=3), something_was_left_out=False)
    assert not wants_everything(NOW, NOW - HOUR, something_was_left_out=True)
    assert wants_everything(NOW, NOW - 10 * HOUR, something_was_left_out=True)
    assert wants_everything(NOW, None, something_was_left_out=True)


def test_outcomes_fit_their_column_and_a_claim_outlasts_a_round() -> None:
    assert max(len(outcome.value) for outcome in Outcome) <= 20
    assert MOST_IN_A_ROUND * timedelta(seconds=LIMITS.total_seconds) < CLAIM_LASTS
