"""What a person may do with her registration: pure rules."""

from datetime import datetime
from enum import StrEnum

from eventreg.events.sign_up_window_rules import SignUpWindow


class OwnPageState(StrEnum):
    """What the person's own page shows."""

    CONFIRMED = "confirmed"  # may cancel
    CANCELLED = "cancelled"  # may undo, if there are places
    CANCELLED_BY_ORGANISER = "cancelled_by_organiser"
    EVENT_CANCELLED = "event_cancelled"
    EVENT_OVER = "event_over"


def own_page_state(window: SignUpWindow, state: str, by_organiser: bool, now: datetime) -> OwnPageState:
    """The state for a registration in `state` of an event; `by_organiser` says who cancelled it."""
    if window.state == "cancelled":
        return OwnPageState.EVENT_CANCELLED
    if window.state == "archived" or now >= window.ends_at:
        return OwnPageState.EVENT_OVER
    if state == "confirmed":
        return OwnPageState.CONFIRMED
    return OwnPageState.CANCELLED_BY_ORGANISER if by_organiser else OwnPageState.CANCELLED
