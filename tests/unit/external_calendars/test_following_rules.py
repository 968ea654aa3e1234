"""When another look at a calendar may be asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from eventreg.external_calendars.following_rules import may_look_again

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("checked_at", "next_check_at", "may"),
    [
        (None, NOW + MINUTE, True),
        (None, NOW, False),
        (NOW - MINUTE, NOW + MINUTE, True),
        (NOW - MINUTE + SECOND, NOW + MINUTE, False),
        (NOW - 60 * MINUTE, NOW, False),
        (NOW - 60 * MINUTE, NOW - SECOND, False),
        (NOW - 60 * MINUTE, NOW + SECOND, True),
    ],
)
def test_a_look_may_be_asked_for_a_minute_after_the_last_one_and_not_while_one_is_due(
    checked_at: datetime | None, next_check_at: datetime, may: bool
) -> None:
    assert may_look_again(checked_at, next_check_at, NOW) is may
