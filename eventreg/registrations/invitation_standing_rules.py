"""Which version of her invitation a person was last sent, and whether a newer one is still to leave.

SEQUENCE counts from 0 (RFC 5545 3.8.7.4), people count versions from 1. A number may be left out: a version that was
replaced before it was sent.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InvitationStanding(StrEnum):
    """Where a person stands with her invitation."""

    NONE = "none"  # nothing was sent, and nothing is due
    NOT_SENT = "not_sent"  # she has a place and no invitation has left yet
    SENT = "sent"  # she has the newest version
    BEHIND = "behind"  # a newer version has not left yet
    WITHDRAWN = "withdrawn"  # the newest one took the entry out of her calendar


@dataclass(frozen=True, slots=True)
class InvitationState:
    """What the organiser sees. Versions from 1; None: none. `sequence` is the SEQUENCE last sent."""

    standing: InvitationStanding
    version: int | None
    newest: int
    sequence: int | None
    sent_at: datetime | None

    @property
    def lacks_newest(self) -> bool:
        """Whether something is still to leave."""
        return self.standing in (InvitationStanding.NOT_SENT, InvitationStanding.BEHIND)


def invitation_state(
    state: str, ical_sequence: int, sent_sequence: int | None, sent_at: datetime | None
) -> InvitationState:
    """From a registration's columns. `sent_at` may be unknown for what was sent before it was kept."""
    version = None if sent_sequence is None else sent_sequence + 1
    return InvitationState(
        _standing(state, ical_sequence, sent_sequence), version, ical_sequence + 1, sent_sequence, sent_at
    )


def is_cancel_owed(state: str, ical_sequence: int, sent_sequence: int | None) -> bool:
    """Whether somebody without a place still has an entry in her calendar that was to be taken out.

    Her cancel had not left when a newer mail replaced it, for instance because she came back to the waiting list.
    """
    return state != "confirmed" and sent_sequence is not None and sent_sequence < ical_sequence


def _standing(state: str, ical_sequence: int, sent_sequence: int | None) -> InvitationStanding:
    if sent_sequence is None:
        return InvitationStanding.NOT_SENT if state == "confirmed" else InvitationStanding.NONE
    if sent_sequence < ical_sequence:
        return InvitationStanding.BEHIND
    return InvitationStanding.SENT if state == "confirmed" else InvitationStanding.WITHDRAWN
