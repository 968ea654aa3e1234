"""When an event may be published, and what deleting it means."""

from dataclasses import replace
from datetime import timedelta

import pytest

from eventreg.events.event_life_rules import (
    PublishingObstacle,
    PublishingWarning,
    RemovalKind,
    publishing_obstacles,
    publishing_warnings,
    removal_of,
)
from tests.conftest import NOW
from tests.unit.events.test_event_rules import BEFORE

FULL = replace(
    BEFORE,
    venue_accessibility="Winda.",
    access_contact_until=BEFORE.starts_at,
    responsible_person="Jan Nowak",
)


def test_a_complete_draft_may_be_published() -> None:
    assert publishing_obstacles(FULL, "draft", True, NOW) == ()
    assert publishing_warnings(FULL, True) == ()


def test_sign_up_needs_an_information_clause() -> None:
    assert publishing_obstacles(FULL, "draft", False, NOW) == (PublishingObstacle.NO_CLAUSE,)
    elsewhere = replace(FULL, sign_up_mode="elsewhere", sign_up_url="https://example.org")
    assert publishing_obstacles(elsewhere, "draft", False, NOW) == ()


def test_the_past_is_not_published() -> None:
    over = replace(FULL, starts_at=NOW - timedelta(hours=2), ends_at=NOW)
    assert publishing_obstacles(over, "draft", True, NOW) == (PublishingObstacle.ALREADY_OVER,)
    running = replace(FULL, starts_at=NOW - timedelta(hours=2), ends_at=NOW + timedelta(minutes=1))
    assert publishing_obstacles(running, "draft", True, NOW) == ()


def test_a_sign_up_that_has_closed_already_is_said() -> None:
    closed = replace(FULL, sign_up_closes_at=NOW)
    assert publishing_obstacles(closed, "draft", True, NOW) == (PublishingObstacle.SIGN_UP_CLOSED,)


@pytest.mark.parametrize("state", ["published", "cancelled", "archived"])
def test_only_a_draft_is_published(state: str) -> None:
    assert publishing_obstacles(FULL, state, True, NOW) == (PublishingObstacle.NOT_A_DRAFT,)


def test_what_the_law_wants_is_a_warning() -> None:
    bare = replace(FULL, venue_accessibility=" ", access_contact_until=None, responsible_person="", programme="")
    assert publishing_warnings(bare, True) == (
        PublishingWarning.NO_ACCESSIBILITY,
        PublishingWarning.NO_ACCESS_DEADLINE,
        PublishingWarning.NO_RESPONSIBLE_PERSON,
        PublishingWarning.NO_PROGRAMME,
    )
    online = replace(bare, attendance="online")
    assert PublishingWarning.NO_ACCESSIBILITY not in publishing_warnings(online, True)
    assert PublishingWarning.NO_RESPONSIBLE_PERSON not in publishing_warnings(bare, False)


@pytest.mark.parametrize(
    ("state", "rows", "live", "hours_to_end", "kind"),
    [
        ("draft", 0, 0, 5, RemovalKind.DELETE),
        ("published", 0, 0, 5, RemovalKind.DELETE),
        ("published", 3, 1, 5, RemovalKind.CANCEL_FIRST),
        ("published", 3, 0, 5, RemovalKind.ARCHIVE),
        ("published", 3, 1, 0, RemovalKind.ARCHIVE),
        ("cancelled", 3, 3, 5, RemovalKind.ARCHIVE),
        ("draft", 3, 3, 5, RemovalKind.ARCHIVE),
    ],
)
def test_what_deleting_means(state: str, rows: int, live: int, hours_to_end: int, kind: RemovalKind) -> None:
    assert removal_of(state, rows, live, NOW + timedelta(hours=hours_to_end), NOW) is kind
