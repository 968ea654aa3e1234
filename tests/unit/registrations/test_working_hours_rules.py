from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from eventreg.registrations.working_hours_rules import after_working_hours, is_working_day, offer_deadline

WARSAW = ZoneInfo("Europe/Warsaw")


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 11), False),  # Independence Day
        (date(2026, 1, 6), False),  # Epiphany
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 6, 4), False),  # Corpus Christi
        (date(2025, 12, 24), False),  # Christmas Eve, free since 2025
        (date(2024, 12, 24), True),
        (date(2026, 5, 4), True),
    ],
)
def test_working_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(18, 10), 4, at(18, 14)),
        (at(18, 10), 6, at(18, 16)),  # the end of the day still belongs to it
        (at(18, 10), 7, at(19, 9)),
        (at(18, 6), 8, at(18, 16)),  # before the office opens
        (at(18, 21), 8, at(19, 16)),  # in the evening
        (at(20, 15), 8, at(23, 15)),  # Friday afternoon: Monday
        (at(20, 16), 1, at(23, 9)),
        (at(21, 12), 16, at(24, 16)),  # Saturday: Tuesday
        (at(10, 15), 2, at(12, 9)),  # over Independence Day
        (at(23, 15, month=12), 8, at(28, 15, month=12)),  # over Christmas and a weekend
        (at(30, 12, month=4), 16, at(5, 12, month=5)),  # over 1 May (Friday), a weekend; 3 May is a Sunday
        (at(23, 12, month=10), 8, at(26, 12, month=10)),  # over the change of clocks on 25 October
        (at(18, 10, 17), 80, at(2, 10, 17, month=12)),
    ],
)
def test_working_hours_pass(start: datetime, hours: int, end: datetime) -> None:
    assert after_working_hours(start, hours) == end


def test_moments_in_utc_come_out_in_utc() -> None:
    out = after_working_hours(datetime(2026, 11, 20, 14, 0, tzinfo=UTC), 8)
    assert out == at(23, 15)
    assert out.tzinfo is UTC


def test_an_offer_never_lasts_past_the_start() -> None:
    assert offer_deadline(at(20, 15), 8, at(23, 9)) == at(23, 9)
    assert offer_deadline(at(20, 15), 8, at(24, 9)) == at(23, 15)
