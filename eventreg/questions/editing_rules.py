"""What an organiser may make of a question: pure rules, and how many there may be."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eventreg.questions.question_rules import CHOICE_KINDS, AskedQuestion
from eventreg.questions.ready_made_rules import READY_MADE

MOST_QUESTIONS = 25
MOST_OPTIONS = 30
"""A form that asks for more is one that people leave."""


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """One option as the organiser wants it. `id` names the stored option that it changes; None: a new one."""

    label: str
    places: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question as the organiser wants it."""

    kind: str
    label: str
    purpose: str
    hint: str = ""
    required: bool = False
    required_purpose: str = ""
    ready_made: str = ""
    options: tuple[OptionDraft, ...] = ()


class DraftProblem(StrEnum):
    """What a question lacks. Purposes: RODO art. 5(1)(c), duties.md 4."""

    NO_LABEL = "no_label"
    NO_PURPOSE = "no_purpose"
    NO_REQUIRED_PURPOSE = "no_required_purpose"
    TOO_FEW_OPTIONS = "too_few_options"
    SAME_OPTION_TWICE = "same_option_twice"
    NEVER_REQUIRED = "never_required"


def problems_of(draft: QuestionDraft) -> tuple[DraftProblem, ...]:
    """Everything that keeps a draft from being saved; () when it may be."""
    labels = [option.label.casefold() for option in draft.options]
    fewest = {"one_of": 2, "several_of": 1}.get(draft.kind, 0)
    found = {
        DraftProblem.NO_LABEL: not draft.label,
        DraftProblem.NO_PURPOSE: not draft.purpose,
        DraftProblem.NO_REQUIRED_PURPOSE: draft.required and not draft.required_purpose,
        DraftProblem.TOO_FEW_OPTIONS: len(labels) < fewest,
        DraftProblem.SAME_OPTION_TWICE: len(set(labels)) < len(labels),
        DraftProblem.NEVER_REQUIRED: draft.required and draft.kind == "access_needs",
    }
    return tuple(problem for problem, is_there in found.items() if is_there)


def ready_made_draft(key: str, language: str) -> QuestionDraft:
    """The draft of a ready-made question in the event's language ('pl', 'en'); KeyError for an unknown key."""
    made = READY_MADE[key]
    return QuestionDraft(
        kind=made.kind,
        label=made.label[language],
        purpose=made.purpose[language],
        hint=made.hint[language],
        ready_made=key,
        options=tuple(OptionDraft(option[language]) for option in made.options),
    )


def mark_of(question: AskedQuestion) -> str:
    """A short mark of how a question reads, to see whether somebody changed it while a form was open."""
    options = [(option.id, option.label, option.places) for option in question.options if not option.is_removed]
    told = (question.label, question.hint, question.required, question.purpose, question.required_purpose, options)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def order_after_move(ids: Sequence[int], moved: int, step: int) -> list[int]:
    """The ids with `moved` one place up (step -1) or down (step 1); unchanged at either end."""
    order = list(ids)
    if moved not in order:
        return order
    place = order.index(moved)
    target = place + step
    if 0 <= target < len(order):
        order[place], order[target] = order[target], order[place]
    return order


def has_choices(kind: str) -> bool:
    """Whether a question of this kind has options."""
    return kind in CHOICE_KINDS
