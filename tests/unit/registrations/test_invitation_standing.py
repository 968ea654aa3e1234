"""What an organiser is told of a person's invitation."""

from datetime import UTC, datetime

import pytest

from eventreg.registrations.invitation_standing_rules import InvitationStanding, invitation_state, is_cancel_owed

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "written", "sent", "standing", "version", "lacks"),
    [
        ("confirmed", 0, None, InvitationStanding.NOT_SENT, None, True),
        ("confirmed", 0, 0, InvitationStanding.SENT, 1, False),
        ("confirmed", 3, 2, InvitationStanding.BEHIND, 3, True),
        ("cancelled", 1, 0, InvitationStanding.BEHIND, 1, True),
        ("cancelled", 1, 1, InvitationStanding.WITHDRAWN, 2, False),
        ("cancelled", 1, None, InvitationStanding.NONE, None, False),
        ("waitlisted", 2, 2, InvitationStanding.WITHDRAWN, 3, False),
        ("waitlisted", 0, None, InvitationStanding.NONE, None, False),
        ("pending", 0, None, InvitationStanding.NONE, None, False),
        ("unconfirmed", 0, None, InvitationStanding.NONE, None, False),
        ("declined", 0, None, InvitationStanding.NONE, None, False),
    ],
)
def test_standing(
    state: str, written: int, sent: int | None, standing: InvitationStanding, version: int | None, lacks: bool
) -> None:
    seen = invitation_state(state, written, sent, AT if sent is not None else None)
    assert (seen.standing, seen.version, seen.lacks_newest) == (standing, version, lacks)
    assert (seen.newest, seen.sequence) == (written + 1, sent)


@pytest.mark.parametrize(
    ("state", "written", "sent", "owed"),
    [
        ("waitlisted", 1, 0, True),
        ("pending", 2, 0, True),
        ("waitlisted", 1, 1, False),
        ("waitlisted", 1, None, False),
        ("confirmed", 1, 0, False),
    ],
)
def test_a_cancel_is_owed_to_who_has_no_place_and_an_older_version(
    state: str, written: int, sent: int | None, owed: bool
) -> None:
    assert is_cancel_owed(state, written, sent) is owed
