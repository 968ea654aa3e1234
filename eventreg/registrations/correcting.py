"""Correcting how a person is called, the surname that sorting guessed, and what the office keeps about her."""

from dataclasses import asdict, dataclass
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
class OfficeDetails:
    """What the organiser says of a person besides her name."""

    academic_title: str  # at most 60 characters: 'dr hab.'
    category: str  # attendee_list_rules.CATEGORIES
    channel: str  # how she was signed up by hand (attendee_list_rules.CHANNELS); '': by herself
    case_number: str  # at most 60 characters; of the letter in the office's register


@dataclass(frozen=True)
class Corrected:
    """Saved; `fields` are those that differ now, maybe none."""

    fields: tuple[str, ...]


def correct_name(
    registration_id: int,
    event_id: int,
    name: str,
    surname: str,
    account_id: int,
    now: datetime,
    office: OfficeDetails | None = None,
) -> Corrected | CannotCorrect:
    """Keep another name (checked by name_rules) and surname, and the office's details if given. Nobody is written
    to."""
    with transaction():
        event = queries.lock_event(event_id)
        registration = queries.registration_of_event(registration_id, event_id)
        if event is None or registration is None:
            return CannotCorrect.NOT_FOUND
        key = name_key(name)
        if queries.same_person_exists(event_id, registration.address_key, key, registration_id):
            return CannotCorrect.SAME_PERSON
        fields = keep_name(registration, name, corrected_surname(name, surname, registration.surname))
        fields += _write_office(registration, office) if office is not None else ()
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


def keep_name(registration: Registration, name: str, surname: str) -> tuple[str, ...]:
    """Write a checked name and its surname; returns which of the two differ now. Nobody else is asked or told."""
    wanted = {"name": name, "surname": surname}
    changed = tuple(field for field, value in wanted.items() if getattr(registration, field) != value)
    registration.name, registration.surname = name, surname
    registration.name_key = name_key(name)
    registration.sort_key = sort_key(surname, name)
    return changed


def _write_office(registration: Registration, office: OfficeDetails) -> tuple[str, ...]:
    changed = tuple(field for field, value in asdict(office).items() if getattr(registration, field) != value)
    for field in changed:
        setattr(registration, field, getattr(office, field))
    return changed
