"""The office's own note about a person: for the eyes of those who work with the list."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations import queries


def keep_note(registration_id: int, event_id: int, note: str, account_id: int, now: datetime) -> bool:
    """Keep the note (at most 2000 characters, empty: none); False when there is no such registration.

    It stands in no mail and not on the person's page; the trail tells who changed it and not what it says.
    """
    with transaction():
        event = queries.lock_event(event_id)
        registration = queries.registration_of_event(registration_id, event_id)
        if event is None or registration is None:
            return False
        if registration.note != note:
            registration.note = note
            audit.record(account_id, "registration_noted", event.organiser_id, event_id, registration_id, now=now)
        return True
