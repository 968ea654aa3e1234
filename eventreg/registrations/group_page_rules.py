"""What the contact of a group sees of each person, and may do for her: pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventreg.registrations.standing_rules import LIVE_STATES


class Control(StrEnum):
    """How much of a person is the contact's business."""

    OWN_MAILBOX = "own_mailbox"  # her messages come to the contact: everything, by the link of her own page
    SIGNED_UP = "signed_up"  # she has an address of her own: name and standing; the contact may cancel
    GONE = "gone"  # somebody stands in for her, or she took her registration to another address: name and standing


def control_of(address_key: str, contact_key: str, *, is_substitute: bool, has_moved: bool) -> Control:
    """What the contact under `contact_key` may do for a person under `address_key`."""
    if address_key == contact_key:
        return Control.OWN_MAILBOX
    return Control.GONE if is_substitute or has_moved else Control.SIGNED_UP


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person of the group stands, and whose she is."""

    id: int
    state: str
    control: Control
    has_offer: bool = False


def may_cancel(person: Standing) -> bool:
    """Whether the contact may cancel for her."""
    return person.state in LIVE_STATES and person.control is not Control.GONE


def may_take_place(person: Standing) -> bool:
    """Whether the contact may take the place that is offered to her."""
    return person.has_offer and person.control is Control.OWN_MAILBOX


def may_confirm(person: Standing) -> bool:
    """Whether the contact may say that the address is hers; people with an own address say it themselves."""
    return person.state == "unconfirmed" and person.control is Control.OWN_MAILBOX


def cancellable(people: Sequence[Standing], asked: Sequence[int] | None) -> list[int]:
    """Ids of those whom the contact may cancel, of all (None) or of those asked for; strangers' ids are passed over."""
    return [one.id for one in people if may_cancel(one) and (asked is None or one.id in asked)]
