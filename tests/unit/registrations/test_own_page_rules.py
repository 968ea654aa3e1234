"""What the person's own page shows, and what she may do there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventreg.events.sign_up_window_rules import SignUpWindow
from eventreg.registrations.own_page_rules import Deed, OwnPageState, OwnStanding, deeds, own_page_state

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WINDOW = SignUpWindow(
    state="published",
    mode="here",
    opens_at=None,
    closes_at=None,
    starts_at=NOW + timedelta(days=1),
    ends_at=NOW + timedelta(days=1, hours=2),
    capacity=30,
    places_taken=3,
)


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        (OwnStanding("unconfirmed", hold_until=NOW + timedelta(hours=1)), OwnPageState.UNCONFIRMED),
        (OwnStanding("unconfirmed", hold_until=NOW), OwnPageState.NOT_CONFIRMED),
        (OwnStanding("pending"), OwnPageState.PENDING),
        (OwnStanding("waitlisted"), OwnPageState.WAITLISTED),
        (OwnStanding("waitlisted", offer_until=NOW + timedelta(hours=1)), OwnPageState.OFFERED),
        (OwnStanding("waitlisted", offer_until=NOW), OwnPageState.EXPIRED),
        (OwnStanding("confirmed"), OwnPageState.CONFIRMED),
        (OwnStanding("declined", "organiser"), OwnPageState.DECLINED),
        (OwnStanding("cancelled", "person"), OwnPageState.CANCELLED),
        (OwnStanding("cancelled", "organiser"), OwnPageState.CANCELLED_BY_ORGANISER),
        (OwnStanding("cancelled", "event"), OwnPageState.CANCELLED_BY_ORGANISER),
        (OwnStanding("cancelled", "expired"), OwnPageState.EXPIRED),
        (OwnStanding("cancelled", "unconfirmed"), OwnPageState.NOT_CONFIRMED),
        (OwnStanding("cancelled", "substituted"), OwnPageState.SUBSTITUTED),
        (OwnStanding("cancelled", "moved"), OwnPageState.MOVED),
    ],
)
def test_each_standing_has_its_page(standing: OwnStanding, shown: OwnPageState) -> None:
    assert own_page_state(WINDOW, standing, NOW) is shown


def test_what_the_event_is_comes_before_where_she_stands() -> None:
    here = OwnStanding("confirmed")
    assert own_page_state(replace(WINDOW, state="cancelled"), here, NOW) is OwnPageState.EVENT_CANCELLED
    assert own_page_state(replace(WINDOW, state="archived"), here, NOW) is OwnPageState.EVENT_OVER
    assert own_page_state(WINDOW, here, WINDOW.ends_at) is OwnPageState.EVENT_OVER
    assert own_page_state(WINDOW, here, WINDOW.ends_at - timedelta(seconds=1)) is OwnPageState.CONFIRMED


def test_deeds_are_those_that_make_sense() -> None:
    assert deeds(OwnPageState.UNCONFIRMED) == {Deed.CONFIRM, Deed.CANCEL}
    assert deeds(OwnPageState.PENDING) == {Deed.CANCEL, Deed.CORRECT, Deed.CHANGE_ADDRESS}
    with_substitute = {Deed.CANCEL, Deed.CORRECT, Deed.CHANGE_ADDRESS, Deed.SUBSTITUTE}
    assert deeds(OwnPageState.WAITLISTED) == deeds(OwnPageState.CONFIRMED) == with_substitute
    assert deeds(OwnPageState.OFFERED) == with_substitute | {Deed.ACCEPT}
    assert deeds(OwnPageState.CANCELLED) == {Deed.RESTORE}
    assert deeds(OwnPageState.EXPIRED) == deeds(OwnPageState.NOT_CONFIRMED) == {Deed.RESTORE}


@pytest.mark.parametrize(
    "state",
    [
        OwnPageState.DECLINED,
        OwnPageState.CANCELLED_BY_ORGANISER,
        OwnPageState.SUBSTITUTED,
        OwnPageState.MOVED,
        OwnPageState.EVENT_CANCELLED,
        OwnPageState.EVENT_OVER,
    ],
)
def test_what_others_decided_she_cannot_undo(state: OwnPageState) -> None:
    assert deeds(state) == frozenset()
