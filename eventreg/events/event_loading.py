"""An event row, its frozen fields and its rules of signing up."""

from collections.abc import Iterable

from eventreg.events.event_rules import FIELD_NAMES, EventFields
from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import POLICY_NAMES, SignUpPolicy


def fields_of(event: Event) -> EventFields:
    """What an organiser set, as a frozen value."""
    return EventFields(**{name: getattr(event, name) for name in FIELD_NAMES})


def policy_of(event: Event) -> SignUpPolicy:
    """How the event takes sign-ups, as a frozen value."""
    return SignUpPolicy(**{name: getattr(event, name) for name in POLICY_NAMES})


def set_fields(event: Event, fields: EventFields) -> None:
    """Write the values into the row. Assigns what differs only, so that no other column is touched."""
    _assign(event, fields, FIELD_NAMES)


def set_policy(event: Event, policy: SignUpPolicy) -> None:
    """The same for the rules of signing up."""
    _assign(event, policy, POLICY_NAMES)


def _assign(event: Event, values: EventFields | SignUpPolicy, names: Iterable[str]) -> None:
    for name in names:
        value = getattr(values, name)
        if getattr(event, name) != value:
            setattr(event, name, value)
