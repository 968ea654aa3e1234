from datetime import UTC, datetime, timedelta

import pytest

from eventreg.events.sign_up_window_rules import SignUpStatus, SignUpWindow
from eventreg.registrations.standing_rules import (
    LIVE_STATES,
    STATES,
    Entry,
    EntryTerms,
    entry,
    occasion_of,
    place_or_line,
)
from eventreg.registrations.waiting_list_rules import gives_places_by_itself

START = datetime(2026, 12, 9, 11, 0, tzinfo=UTC)


def window(capacity: int | None, taken: int, waiting_list: str = "when_full", waiting: int = 0) -> SignUpWindow:
    return SignUpWindow("published", "here", None, None, START, START, capacity, taken, waiting_list, waiting)


@pytest.mark.parametrize(
    ("status", "approval", "confirms", "expected"),
    [
        (SignUpStatus.OPEN, False, False, Entry.CONFIRMED),
        (SignUpStatus.WAITING, False, False, Entry.WAITLISTED),
        (SignUpStatus.OPEN, True, False, Entry.PENDING),
        (SignUpStatus.WAITING, True, False, Entry.PENDING),
        (SignUpStatus.OPEN, False, True, Entry.HELD),
        (SignUpStatus.WAITING, False, True, Entry.TO_CONFIRM),
        (SignUpStatus.OPEN, True, True, Entry.TO_CONFIRM),  # no place before the organiser's decision
    ],
)
def test_where_a_sign_up_comes_to_stand(status: SignUpStatus, approval: bool, confirms: bool, expected: Entry) -> None:
    assert entry(status, EntryTerms(approval, confirms)) is expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (window(3, 2), Entry.CONFIRMED),
        (window(None, 200), Entry.CONFIRMED),
        (window(3, 3), Entry.WAITLISTED),
        (window(3, 2, waiting=1), Entry.WAITLISTED),
        (window(3, 2, "always"), Entry.WAITLISTED),
        (window(3, 3, "off"), Entry.NO_PLACE),
        (window(3, 2, "off"), Entry.CONFIRMED),
    ],
)
def test_a_place_or_the_line(of: SignUpWindow, expected: Entry) -> None:
    assert place_or_line(of) is expected


def test_every_standing_has_its_mail() -> None:
    mails = {state: occasion_of(state, has_offer=False) for state in STATES}
    assert len(set(mails.values())) == len(STATES)
    assert occasion_of("waitlisted", has_offer=True) == "place_offered"
    assert set(LIVE_STATES) < set(STATES)


@pytest.mark.parametrize(
    ("state", "waiting_list", "promotion", "minutes", "expected"),
    [
        ("published", "when_full", "at_once", -1, True),
        ("published", "when_full", "offer", -1, True),
        ("published", "when_full", "by_hand", -1, False),
        ("published", "always", "at_once", -1, False),
        ("published", "off", "at_once", -1, True),  # who is in line stays in line
        ("published", "when_full", "at_once", 0, False),
        ("draft", "when_full", "at_once", -1, False),
        ("cancelled", "when_full", "at_once", -1, False),
    ],
)
def test_when_places_pass_on_by_themselves(
    state: str, waiting_list: str, promotion: str, minutes: int, expected: bool
) -> None:
    now = START + timedelta(minutes=minutes)
    assert gives_places_by_itself(state, waiting_list, promotion, START, now) is expected
