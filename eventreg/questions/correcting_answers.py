"""A person, or the organiser for her, corrects what she answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.questions.answering import full_options, keep_answers
from eventreg.questions.queries import chosen_options
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.queries import event_id_of, lock_event, registration_by_id
from eventreg.registrations.standing_rules import LIVE_STATES


class CannotCorrectAnswers(Enum):
    """Why nothing was changed."""

    NOT_FOUND = auto()
    NOT_SIGNED_UP = auto()  # cancelled or declined meanwhile
    EVENT_CLOSED = auto()  # over, cancelled or in the archive


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answers are as they were given."""


@dataclass(frozen=True, slots=True)
class OptionsFull:
    """Nothing was changed: these options got full meanwhile."""

    labels: tuple[str, ...]


def correct_answers(
    registration_id: int, answers: Sequence[GivenAnswer], now: datetime, *, account_id: int | None = None
) -> Corrected | OptionsFull | CannotCorrectAnswers:
    """Replace the answers to the questions that are named; an option she holds already stays hers when it is full.

    `account_id`: the organiser who does it for her, which stands in the trail; None when the person does it herself.
    """
    event_id = event_id_of(registration_id)
    if event_id is None:
        return CannotCorrectAnswers.NOT_FOUND
    with transaction():
        event = lock_event(event_id)
        registration = registration_by_id(registration_id)
        if event is None or registration is None:
            return CannotCorrectAnswers.NOT_FOUND
        if event.state not in ("draft", "published") or event.ends_at <= now:
            return CannotCorrectAnswers.EVENT_CLOSED
        if registration.state not in LIVE_STATES:
            return CannotCorrectAnswers.NOT_SIGNED_UP
        full = full_options(event_id, _newly_chosen(registration_id, answers), registration_id)
        if full:
            return OptionsFull(full)
        keep_answers(registration_id, answers)
        if account_id is not None:
            audit.record(account_id, "answers_corrected", event.organiser_id, event_id, registration_id, now=now)
    return Corrected()


def _newly_chosen(registration_id: int, answers: Sequence[GivenAnswer]) -> list[GivenAnswer]:
    """The answers with new options alone: what she held before stays hers, even where a limit was lowered."""
    held = set(chosen_options(registration_id))
    return [
        GivenAnswer(answer.question_id, option_ids=tuple(id_ for id_ in answer.option_ids if id_ not in held))
        for answer in answers
    ]
