"""What stands in a person's calendar, and as what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eventreg.registrations.personal_calendar_rules import EntryStanding, OwnEntry, entry_standing

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def entry(**values: Any) -> OwnEntry:
    return OwnEntry(
        **{
            "state": "confirmed",
            "was_confirmed": True,
            "has_offer": False,
            "cancelled_by": None,
            "cancelled_at": None,
            "event_state": "published",
            "event_ends_at": NOW + 17 * DAY,
            "event_cancelled_at": None,
            **values,
        }
    )


def cancelled(at: datetime, **values: Any) -> OwnEntry:
    return entry(**{"state": "cancelled", "cancelled_by": "person", "cancelled_at": at, **values})


@pytest.mark.parametrize(
    ("one", "standing"),
    [
        (entry(), EntryStanding.CONFIRMED),
        (entry(state="pending", was_confirmed=False), EntryStanding.PENDING),
        (entry(state="waitlisted", was_confirmed=False), EntryStanding.WAITING),
        (entry(state="waitlisted", was_confirmed=False, has_offer=True), EntryStanding.OFFERED),
        (cancelled(NOW - DAY), EntryStanding.CANCELLED),
        (cancelled(NOW - DAY, state="declined"), EntryStanding.CANCELLED),  # had a place and lost it
        (cancelled(NOW - DAY, cancelled_by="substituted"), EntryStanding.CANCELLED),
        (entry(event_state="cancelled", event_cancelled_at=NOW - DAY), EntryStanding.EVENT_CANCELLED),
        (
            entry(event_state="cancelled", event_cancelled_at=NOW - DAY, state="waitlisted"),
            EntryStanding.EVENT_CANCELLED,
        ),
    ],
)
def test_each_standing_is_told(one: OwnEntry, standing: EntryStanding) -> None:
    assert entry_standing(one, NOW) is standing


@pytest.mark.parametrize(
    "one",
    [
        entry(state="unconfirmed", was_confirmed=False),
        cancelled(NOW - DAY, cancelled_by="unconfirmed", was_confirmed=False),
        cancelled(NOW - DAY, state="declined", was_confirmed=False),
        entry(event_state="draft"),
        entry(event_state="archived"),
        entry(event_state="archived", event_ends_at=NOW - DAY),
    ],
)
def test_what_is_nobodys_business_or_never_was_hers_is_not_in_it(one: OwnEntry) -> None:
    assert entry_standing(one, NOW) is None


@pytest.mark.parametrize(
    "one",
    [
        cancelled(NOW - 30 * DAY + SECOND),
        entry(event_state="cancelled", event_cancelled_at=NOW - 30 * DAY + SECOND),
    ],
)
def test_what_was_cancelled_stays_for_thirty_days(one: OwnEntry) -> None:
    assert entry_standing(one, NOW) is not None
    assert entry_standing(one, NOW + SECOND) is None


def test_what_took_place_stays_for_half_a_year() -> None:
    assert entry_standing(entry(event_ends_at=NOW - 180 * DAY + SECOND), NOW) is EntryStanding.CONFIRMED
    assert entry_standing(entry(event_ends_at=NOW - 180 * DAY), NOW) is None


@pytest.mark.parametrize("state", ["pending", "waitlisted"])
def test_what_came_to_nothing_goes_with_the_end_of_the_event(state: str) -> None:
    one = entry(state=state, was_confirmed=False, event_ends_at=NOW)
    assert entry_standing(one, NOW - SECOND) is not None
    assert entry_standing(one, NOW) is None
