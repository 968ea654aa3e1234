"""What a person's own page shows, and what she may do there: pure rules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.events.sign_up_window_rules import SignUpWindow


class OwnPageState(StrEnum):
    """What the person's own page shows."""

    UNCONFIRMED = "unconfirmed"  # the address has to be confirmed
    PENDING = "pending"  # the organiser decides
    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # a place is held for her until she takes it
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"  # by herself
    CANCELLED_BY_ORGANISER = "cancelled_by_organiser"
    EXPIRED = "expired"  # the time to take the offered place has run out
    NOT_CONFIRMED = "not_confirmed"  # the time to confirm the address has run out
    SUBSTITUTED = "substituted"  # somebody comes instead
    MOVED = "moved"  # to another event of the organiser
    EVENT_CANCELLED = "event_cancelled"
    EVENT_OVER = "event_over"


class Deed(StrEnum):
    """What a person may do on her page."""

    CONFIRM = "confirm"
    ACCEPT = "accept"
    CANCEL = "cancel"
    RESTORE = "restore"
    SUBSTITUTE = "substitute"
    CORRECT = "correct"
    CHANGE_ADDRESS = "change_address"


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """What is known of a registration; the moments are aware, in UTC."""

    state: str
    cancelled_by: str | None = None
    offer_until: datetime | None = None
    hold_until: datetime | None = None


def own_page_state(window: SignUpWindow, standing: OwnStanding, now: datetime) -> OwnPageState:
    """What the page shows at `now`. What has run out is shown so, whether or not the worker has noticed."""
    if window.state == "cancelled":
        return OwnPageState.EVENT_CANCELLED
    if window.state == "archived" or now >= window.ends_at:
        return OwnPageState.EVENT_OVER
    until = standing.offer_until or standing.hold_until
    if until is not None and now >= until:
        return OwnPageState.EXPIRED if standing.offer_until is not None else OwnPageState.NOT_CONFIRMED
    if standing.state == "waitlisted" and standing.offer_until is not None:
        return OwnPageState.OFFERED
    if standing.state == "cancelled":
        return _CANCELLED.get(standing.cancelled_by or "", OwnPageState.CANCELLED)
    return OwnPageState(standing.state)


_CANCELLED = {
    "organiser": OwnPageState.CANCELLED_BY_ORGANISER,
    "event": OwnPageState.CANCELLED_BY_ORGANISER,
    "expired": OwnPageState.EXPIRED,
    "unconfirmed": OwnPageState.NOT_CONFIRMED,
    "substituted": OwnPageState.SUBSTITUTED,
    "moved": OwnPageState.MOVED,
}

_IN_PERSON = frozenset({Deed.CANCEL, Deed.CORRECT, Deed.CHANGE_ADDRESS})

_DEEDS = {
    OwnPageState.UNCONFIRMED: frozenset({Deed.CONFIRM, Deed.CANCEL}),
    OwnPageState.PENDING: _IN_PERSON,
    OwnPageState.WAITLISTED: _IN_PERSON | {Deed.SUBSTITUTE},
    OwnPageState.OFFERED: _IN_PERSON | {Deed.SUBSTITUTE, Deed.ACCEPT},
    OwnPageState.CONFIRMED: _IN_PERSON | {Deed.SUBSTITUTE},
    OwnPageState.CANCELLED: frozenset({Deed.RESTORE}),
    OwnPageState.EXPIRED: frozenset({Deed.RESTORE}),
    OwnPageState.NOT_CONFIRMED: frozenset({Deed.RESTORE}),
}


def deeds(state: OwnPageState) -> frozenset[Deed]:
    """What the person may do in a state. Her data she may download in each."""
    return _DEEDS.get(state, frozenset())


MAIL_LINKS_EVERY_MINUTES = 60
"""'Find my links' writes to one mailbox at most once in this time."""

MOST_LINKS_IN_A_MAIL = 50
"""An office's mailbox may stand behind many people; a mail of this length is still one that is read."""

ADDRESS_CHANGE_HOURS = 48
"""How long both mailboxes have for confirming a new address."""

MOST_ADDRESS_CHANGES_A_DAY = 3
"""New addresses one registration may be given in a day: each asks a mailbox that may be somebody else's (abuse 15)."""

MOST_ASKED_OF_A_MAILBOX_A_DAY = 10
"""How often one mailbox is asked in a day, whoever asks: who has many registrations must not fill up a stranger's
queue. An office that moves ten people to its common mailbox stays within."""
