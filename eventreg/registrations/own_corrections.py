"""A person corrects her own name and answers, from her page."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.questions import correcting_answers
from eventreg.questions.correcting_answers import OptionsFull, correct_answers
from eventreg.questions.queries import answers_of
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations import queries
from eventreg.registrations.cancelling import CannotChange, changeable
from eventreg.registrations.correcting import CannotCorrect, Corrected, keep_name
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import name_key
from eventreg.registrations.standing_rules import TOLD_STATES
from eventreg.registrations.surname_rules import surname_of


def correct_own(
    registration_id: int, name: str, answers: tuple[GivenAnswer, ...], now: datetime
) -> Corrected | CannotCorrect | OptionsFull | CannotChange:
    """Keep another spelling of the name (checked by name_rules) and the answers; nobody is written to.

    All or nothing. The surname is guessed anew for a new name.
    """
    with transaction():
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, registration = found
        if registration.state not in TOLD_STATES:
            return CannotCorrect.NOT_FOUND
        if queries.same_person_exists(event.id, registration.address_key, name_key(name), registration.id):
            return CannotCorrect.SAME_PERSON
        before = answers_of(registration.id, "pl", access_needs=True)
        outcome = correct_answers(registration.id, answers, now)
        if not isinstance(outcome, correcting_answers.Corrected):
            return outcome if isinstance(outcome, OptionsFull) else CannotCorrect.NOT_FOUND
        fields = _keep_name(registration, name)
        if answers_of(registration.id, "pl", access_needs=True) != before:
            fields += ("answers",)
        if fields:
            detail = {"fields": list(fields)}
            action = "registration_corrected_by_person"
            audit.record(None, action, event.organiser_id, event.id, registration.id, detail, now)
        return Corrected(fields)


def _keep_name(registration: Registration, name: str) -> tuple[str, ...]:
    if name == registration.name:
        return ()
    return keep_name(registration, name, surname_of(name))
