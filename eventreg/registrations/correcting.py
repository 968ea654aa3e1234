"""Correcting how a person is called, and the surname that sorting guessed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations import queries
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import name_key
from eventreg.registrations.surname_rules import corrected_surname, sort_key


class CannotCorrect(StrEnum):
    """Why a name stays as it is."""

    NOT_FOUND = "not_found"
    SAME_PERSON = "same_person"  # somebody with this name and address is on the list already


@dataclass(frozen=True)
class Corrected:
    """Saved; `fields` are those that differ now, maybe none."""

    fields: tuple[str, ...]


def correct_name(
    registration_id: int, event_id: int, name: str, surname: str, account_id: int, now: datetime
) -> Corrected | CannotCorrect:
    """Keep another name (checked by name_rules) and surname. Nobody is written to."""
    with transaction():
        event = queries.lock_event(event_id)
        registration = queries.registration_of_event(registration_id, event_id)
        if event is None or registration is None:
            return CannotCorrect.NOT_FOUND
        key = name_key(name)
        if queries.same_person_exists(event_id, registration.address_key, key, registration_id):
            return CannotCorrect.SAME_PERSON
        fields = _write(registration, name, corrected_surname(name, surname, registration.surname))
        if fields:
            audit.record(
                account_id,
                "registration_corrected",
                event.organiser_id,
                event_id,
                registration_id,
                {"fields": list(fields)},
                now,
            )
        return Corrected(fields)


def _write(registration: Registration, name: str, surname: str) -> tuple[str, ...]:
    wanted = {"name": name, "surname": surname}
    changed = tuple(field for field, value in wanted.items() if getattr(registration, field) != value)
    registration.name, registration.surname = name, surname
    registration.name_key = name_key(name)
    registration.sort_key = sort_key(surname, name)
    return changed
