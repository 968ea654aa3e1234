"""When people are reminded and thanked: calendar days in the event's zone, lateness, moved dates, late sign-up."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eventreg.events.sign_up_policy_rules import MOST_REMIND_DAYS, MOST_REMIND_HOURS
from eventreg.messages.reminder_rules import (
    LONGEST_AHEAD,
    ReminderKind,
    ReminderTerms,
    due_reminder,
    due_thanks,
    next_reminder,
    reminders_of,
    thanks_of,
)

WARSAW = ZoneInfo("Europe/Warsaw")
DAYS, HOURS, THANKS = ReminderKind.DAYS, ReminderKind.HOURS, ReminderKind.THANKS


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WARSAW)


START = local(2026, 12, 9, 12)


def terms(**values: Any) -> ReminderTerms:
    starts_at = values.pop("starts_at", START)
    return ReminderTerms(
        **{
            "state": "published",
            "starts_at": starts_at.astimezone(UTC),
            "ends_at": (starts_at + timedelta(minutes=90)).astimezone(UTC),
            "time_zone": "Europe/Warsaw",
            "all_day": False,
            "remind_days": 1,
            "remind_hours": 2,
            "sends_thanks": False,
            "published_at": local(2026, 11, 1),
            **values,
        }
    )


def moments(of: ReminderTerms) -> list[tuple[str, datetime]]:
    return [(reminder.kind.value, reminder.due_at.astimezone(WARSAW)) for reminder in reminders_of(of)]


def test_a_day_and_two_hours_before() -> None:
    assert moments(terms()) == [("days", local(2026, 12, 8, 12)), ("hours", local(2026, 12, 9, 10))]


@pytest.mark.parametrize(
    ("starts_at", "days", "expected"),
    [
        (local(2026, 10, 26, 12), 1, local(2026, 10, 25, 12)),  # the clocks went back on the 25th at 3:00
        (local(2026, 10, 26, 12), 3, local(2026, 10, 23, 12)),
        (local(2027, 3, 29, 9, 30), 2, local(2027, 3, 27, 9, 30)),  # forward on the 28th
    ],
)
def test_days_before_keep_the_hour_when_the_clocks_change(starts_at: datetime, days: int, expected: datetime) -> None:
    found = moments(terms(starts_at=starts_at, remind_days=days, remind_hours=None))
    assert found == [("days", expected)]
    assert found[0][1].utcoffset() != starts_at.utcoffset() or starts_at.astimezone(UTC) - found[0][1] == timedelta(
        days
    )


def test_hours_before_are_real_hours_when_the_clocks_change() -> None:
    of = terms(starts_at=local(2026, 10, 25, 9), remind_days=None, remind_hours=8)
    (reminder,) = reminders_of(of)
    assert of.starts_at - reminder.due_at == timedelta(hours=8)
    assert reminder.due_at.astimezone(WARSAW).hour == 2


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (local(2026, 12, 9, 6), local(2026, 12, 8, 8)),
        (local(2026, 12, 9, 8), local(2026, 12, 8, 8)),
        (local(2026, 12, 9, 20), local(2026, 12, 8, 20)),
        (local(2026, 12, 9, 21, 30), local(2026, 12, 8, 20)),
    ],
)
def test_days_before_nobody_is_written_to_at_night(starts_at: datetime, expected: datetime) -> None:
    assert moments(terms(starts_at=starts_at, remind_hours=None)) == [("days", expected)]


def test_the_clock_is_that_of_the_place() -> None:
    of = terms(
        starts_at=datetime(2026, 12, 9, 7, tzinfo=ZoneInfo("Asia/Tokyo")), time_zone="Asia/Tokyo", remind_hours=0
    )
    (reminder,) = reminders_of(of)
    assert reminder.due_at == datetime(2026, 12, 8, 8, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_an_all_day_event_is_reminded_of_at_nine_and_has_no_hours() -> None:
    assert moments(terms(starts_at=local(2026, 12, 9), all_day=True)) == [("days", local(2026, 12, 8, 9))]


@pytest.mark.parametrize("off", [None, 0, -1])
def test_switched_off(off: int | None) -> None:
    assert reminders_of(terms(remind_days=off, remind_hours=off)) == []


def test_no_reminder_is_due_earlier_than_the_worker_looks() -> None:
    for hour in range(24):
        for day in (25, 26, 27):  # around the change of the clocks
            of = terms(
                starts_at=local(2026, 10, day, hour),
                ends_at=local(2026, 10, 28),
                remind_days=MOST_REMIND_DAYS,
                remind_hours=MOST_REMIND_HOURS,
            )
            assert all(of.starts_at - reminder.due_at < LONGEST_AHEAD for reminder in reminders_of(of))


def kind_due(of: ReminderTerms, at: datetime, *ran: ReminderKind) -> ReminderKind | None:
    due = due_reminder(of, set(ran), at)
    return due.kind if due is not None else None


def test_each_goes_at_its_moment_and_once() -> None:
    assert kind_due(terms(), local(2026, 12, 8, 11, 59)) is None
    assert kind_due(terms(), local(2026, 12, 8, 12)) is DAYS
    assert kind_due(terms(), local(2026, 12, 8, 12, 1), DAYS) is None
    assert kind_due(terms(), local(2026, 12, 9, 10), DAYS) is HOURS
    assert kind_due(terms(), local(2026, 12, 9, 10, 1), DAYS, HOURS) is None


def test_a_worker_that_was_away_sends_the_days_reminder_late() -> None:
    assert kind_due(terms(), local(2026, 12, 9, 9, 59)) is DAYS


def test_when_both_are_due_only_the_later_goes() -> None:
    assert kind_due(terms(), local(2026, 12, 9, 11)) is HOURS
    assert kind_due(terms(), local(2026, 12, 9, 11), HOURS) is None


def test_when_the_hours_come_before_the_days_the_days_are_the_later() -> None:
    of = terms(remind_days=1, remind_hours=48)
    assert [kind for kind, _ in moments(of)] == ["hours", "days"]
    assert kind_due(of, local(2026, 12, 8, 12)) is DAYS
    assert kind_due(of, local(2026, 12, 8, 12), DAYS) is None


def test_both_at_one_moment_are_one_reminder() -> None:
    of = terms(remind_days=1, remind_hours=24)
    first = kind_due(of, local(2026, 12, 8, 12))
    assert first is not None
    assert kind_due(of, local(2026, 12, 8, 12), first) is None


def test_never_after_the_start() -> None:
    assert kind_due(terms(), START - timedelta(seconds=1)) is HOURS
    assert kind_due(terms(), START) is None


@pytest.mark.parametrize("state", ["draft", "cancelled", "archived"])
def test_only_of_a_published_event(state: str) -> None:
    of = terms(state=state, sends_thanks=True)
    assert kind_due(of, local(2026, 12, 9, 11)) is None
    assert next_reminder(of, set(), local(2026, 12, 1)) is None
    assert due_thanks(of, local(2026, 12, 10, 10)) is None


def test_not_for_a_moment_before_the_event_was_published() -> None:
    of = terms(published_at=local(2026, 12, 8, 15))
    assert kind_due(of, local(2026, 12, 8, 16)) is None
    assert kind_due(of, local(2026, 12, 9, 10)) is HOURS


def test_who_was_just_mailed_a_new_date_is_not_reminded_of_it_at_once() -> None:
    of = terms(dates_told_at=local(2026, 12, 8, 15))
    assert kind_due(of, local(2026, 12, 8, 16)) is None
    assert kind_due(of, local(2026, 12, 9, 10)) is HOURS
    assert kind_due(terms(dates_told_at=local(2026, 12, 8, 12)), local(2026, 12, 8, 12)) is DAYS


def test_the_next_one_for_the_organiser_to_see() -> None:
    def coming(at: datetime, *ran: ReminderKind) -> ReminderKind | None:
        found = next_reminder(terms(), set(ran), at)
        return found.kind if found is not None else None

    assert coming(local(2026, 12, 1)) is DAYS
    assert coming(local(2026, 12, 8, 13)) is DAYS  # late, in a moment
    assert coming(local(2026, 12, 8, 13), DAYS) is HOURS
    assert coming(local(2026, 12, 9, 11), DAYS, HOURS) is None
    assert coming(local(2026, 12, 9, 12)) is None


def test_thanks_go_out_from_the_next_morning_for_two_weeks() -> None:
    of = terms(sends_thanks=True)
    assert thanks_of(of).due_at == local(2026, 12, 10, 9)
    assert due_thanks(of, local(2026, 12, 10, 8, 59)) is None
    assert due_thanks(of, local(2026, 12, 10, 9)) == thanks_of(of)
    assert due_thanks(of, local(2026, 12, 24, 8, 59)) == thanks_of(of)
    assert due_thanks(of, local(2026, 12, 24, 9)) is None
    assert due_thanks(terms(), local(2026, 12, 10, 9)) is None


@pytest.mark.parametrize(
    ("ends_at", "all_day", "expected"),
    [
        (local(2026, 12, 10, 0), True, local(2026, 12, 10, 9)),  # the 9th, all day
        (local(2026, 12, 10, 0), False, local(2026, 12, 10, 9)),  # an evening until midnight
        (local(2026, 12, 10, 1), False, local(2026, 12, 10, 9)),  # until one at night
        (local(2026, 12, 9, 23), False, local(2026, 12, 10, 9)),
    ],
)
def test_the_day_after_is_the_day_after(ends_at: datetime, all_day: bool, expected: datetime) -> None:
    assert thanks_of(terms(starts_at=local(2026, 12, 9), ends_at=ends_at, all_day=all_day)).due_at == expected
