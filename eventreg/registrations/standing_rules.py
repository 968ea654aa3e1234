"""Where a person stands with an event, and where she comes to stand: pure rules.

The states of a registration: *unconfirmed* (her address has to be confirmed; a place may be held meanwhile), *pending*
(the organiser decides), *confirmed* (she has a place), *waitlisted* (in line; with an offer a place is held for her),
*declined*, *cancelled*.
"""

from dataclasses import dataclass
from enum import StrEnum

from eventreg.events.sign_up_window_rules import SignUpStatus, SignUpWindow, is_place_free

STATES = ("confirmed", "pending", "waitlisted", "unconfirmed", "declined", "cancelled")

LIVE_STATES = ("unconfirmed", "pending", "confirmed", "waitlisted")
"""Who is signed up: counts for the cap of a mailbox and cannot sign up a second time."""

TOLD_STATES = ("pending", "confirmed", "waitlisted")
"""Who is told what happens to the event. An address that nobody confirmed gets no further mail (abuse 15)."""


class Entry(StrEnum):
    """How somebody comes in."""

    HELD = "held"  # unconfirmed, a place is held
    TO_CONFIRM = "to_confirm"  # unconfirmed, without a place
    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    NO_PLACE = "no_place"


@dataclass(frozen=True, slots=True)
class EntryTerms:
    """What stands between a person and her place."""

    approval: bool = False
    confirms_address: bool = False


def entry(status: SignUpStatus, terms: EntryTerms) -> Entry:
    """Where a new sign-up comes to stand, for the statuses that take one (OPEN, WAITING).

    Without a decision of the organiser nobody holds a place of an event that asks for approval.
    """
    is_open = status is SignUpStatus.OPEN
    if terms.confirms_address:
        return Entry.HELD if is_open and not terms.approval else Entry.TO_CONFIRM
    if terms.approval:
        return Entry.PENDING
    return Entry.CONFIRMED if is_open else Entry.WAITLISTED


def place_or_line(window: SignUpWindow) -> Entry:
    """Where somebody comes to stand who is due a place: she has one, or goes to the end of the line."""
    if window.waiting_list != "always" and is_place_free(window):
        return Entry.CONFIRMED
    return Entry.NO_PLACE if window.waiting_list == "off" else Entry.WAITLISTED


def occasion_of(state: str, has_offer: bool) -> str:
    """The mail that tells a person where she stands; the folder in templates/mail."""
    if state == "waitlisted" and has_offer:
        return "place_offered"
    return {
        "unconfirmed": "address_to_confirm",
        "pending": "sign_up_pending",
        "confirmed": "sign_up_confirmed",
        "waitlisted": "sign_up_waitlisted",
        "declined": "registration_declined",
        "cancelled": "registration_cancelled",
    }[state]
