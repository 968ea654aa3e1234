"""An event row and its frozen fields."""

from eventreg.events.event_rules import FIELD_NAMES, EventFields
from eventreg.events.models import Event


def fields_of(event: Event) -> EventFields:
    """What an organiser set, as a frozen value."""
    return EventFields(**{name: getattr(event, name) for name in FIELD_NAMES})


def set_fields(event: Event, fields: EventFields) -> None:
    """Write the values into the row. Assigns what differs only, so that no other column is touched."""
    for name in FIELD_NAMES:
        value = getattr(fields, name)
        if getattr(event, name) != value:
            setattr(event, name, value)
