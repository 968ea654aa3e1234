"""Rules of signing up: what is asked, what may come of it, who may have a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.events.sign_up_window_rules import SignUpStatus, SignUpWindow, sign_up_status


class Source(StrEnum):
    """The way a registration came."""

    WEB = "web"
    PANEL = "panel"


@dataclass(frozen=True)
class SignUpRequest:
    """A sign-up whose name and address passed name_rules.check_name and address_rules.check_address."""

    name: str
    email: str
    language: str
    source: Source = Source.WEB
    over_capacity: bool = False  # the organiser ticked that one more may come


class Refusal(StrEnum):
    """Why nobody was signed up."""

    NO_SUCH_EVENT = "no_such_event"
    NOT_OPEN = "not_open"
    FULL = "full"
    ADDRESS_CAP = "address_cap"


@dataclass(frozen=True)
class Confirmed:
    """A place was taken."""

    registration_id: int


@dataclass(frozen=True)
class AlreadyRegistered:
    """This person holds a place already; nothing changed but a mail to the owner of the mailbox."""

    registration_id: int


@dataclass(frozen=True)
class Refused:
    """Nothing was taken. `status` tells what the event's window said."""

    reason: Refusal
    status: SignUpStatus


SignUpResult = Confirmed | AlreadyRegistered | Refused


@dataclass(frozen=True)
class MailboxRow:
    """One registration of the same event whose address folds to the same quota key."""

    id: int
    address_key: str
    name_key: str
    state: str


@dataclass(frozen=True)
class Mailbox:
    """What is known of an address within one event."""

    same_person: MailboxRow | None  # the same name and address, whatever its state
    live: int  # registrations that hold a place under any variant of the address
    live_same_address: int  # ... under exactly this address


def read_mailbox(rows: Sequence[MailboxRow], address_key: str, name_key: str) -> Mailbox:
    """Sum up the rows of one mailbox for a person who signs up."""
    live = [row for row in rows if row.state == "confirmed"]
    return Mailbox(
        same_person=next((r for r in rows if r.address_key == address_key and r.name_key == name_key), None),
        live=len(live),
        live_same_address=sum(1 for row in live if row.address_key == address_key),
    )


def judge_sign_up(
    window: SignUpWindow, mailbox: Mailbox, cap_per_address: int, request: SignUpRequest, now: datetime
) -> Refused | None:
    """Why a sign-up must be refused, or None.

    A full event is full to everyone, registered or not (abuse 16). The cap per mailbox (abuse 18) counts new people
    only; an organiser who adds somebody by hand is bound by neither window nor cap, and by the capacity unless she
    ticked otherwise.
    """
    status = sign_up_status(window, now)
    if request.source is Source.PANEL:
        full = window.capacity is not None and window.places_taken >= window.capacity
        if window.state not in ("draft", "published"):
            return Refused(Refusal.NOT_OPEN, status)
        if full and not request.over_capacity and not _is_live(mailbox.same_person):
            return Refused(Refusal.FULL, status)
        return None
    if status is SignUpStatus.FULL:
        return Refused(Refusal.FULL, status)
    if status is not SignUpStatus.OPEN:
        return Refused(Refusal.NOT_OPEN, status)
    if mailbox.live >= cap_per_address and not _is_live(mailbox.same_person):
        return Refused(Refusal.ADDRESS_CAP, status)
    return None


def _is_live(row: MailboxRow | None) -> bool:
    return row is not None and row.state == "confirmed"
