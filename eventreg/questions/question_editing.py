"""An organiser changes what an event's form asks.

A question that somebody answered is only taken off the form, and an option that somebody chose only off the question:
the answers stay in the list and in the exports. A question's kind never changes. Each saved change raises the
event's revision, on which the cached page hangs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import func, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.questions import queries
from eventreg.questions.editing_rules import (
    MOST_QUESTIONS,
    OptionDraft,
    QuestionDraft,
    mark_of,
    order_after_move,
    ready_made_draft,
)
from eventreg.questions.models import Question, QuestionOption
from eventreg.questions.question_rules import AskedQuestion
from eventreg.registrations.queries import lock_event


class CannotEdit(Enum):
    """Why nothing was changed."""

    GONE = auto()  # the question is no longer there or not on the form, or the event is archived
    CHANGED_MEANWHILE = auto()
    TOO_MANY = auto()


@dataclass(frozen=True, slots=True)
class Saved:
    """Done. `over_limit` are labels of options that more people hold than there are places now."""

    question_id: int
    over_limit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """Done: `kept` says that there are answers, which stay; otherwise the question is deleted."""

    kept: bool


def add_question(event_id: int, draft: QuestionDraft, account_id: int | None, now: datetime) -> Saved | CannotEdit:
    """Put a question (without problems, editing_rules.problems_of) at the end of the form."""
    with transaction():
        event = _editable(event_id)
        if event is None:
            return CannotEdit.GONE
        if len(queries.question_rows(event_id)) >= MOST_QUESTIONS:
            return CannotEdit.TOO_MANY
        question = _add(event_id, draft)
        _note(event, "question_added", question.id, account_id, now)
        return Saved(question.id)


def add_ready_made(event_id: int, keys: Sequence[str], account_id: int | None, now: datetime) -> int | CannotEdit:
    """Put the ready-made questions that are not on the form yet at its end; returns how many."""
    with transaction():
        event = _editable(event_id)
        if event is None:
            return CannotEdit.GONE
        asked = {question.ready_made for question in queries.question_rows(event_id)}
        wanted = [key for key in dict.fromkeys(keys) if key not in asked]
        if len(queries.question_rows(event_id)) + len(wanted) > MOST_QUESTIONS:
            return CannotEdit.TOO_MANY
        for key in wanted:
            question = _add(event_id, ready_made_draft(key, event.language))
            _note(event, "question_added", question.id, account_id, now)
        return len(wanted)


def change_question(
    event_id: int, question_id: int, draft: QuestionDraft, mark: str, account_id: int | None, now: datetime
) -> Saved | CannotEdit:
    """Save an organiser's changes if the question still reads as `mark` (editing_rules.mark_of) says.

    The draft's kind is passed over. Options it does not name are taken away; ids of other questions' options are new
    options (abuse 33).
    """
    with transaction() as session:
        event = _editable(event_id)
        question = queries.question_row(event_id, question_id)
        if event is None or question is None or question.removed_at is not None:
            return CannotEdit.GONE
        if mark_of(_asked(event_id, question_id)) != mark:
            return CannotEdit.CHANGED_MEANWHILE
        question.label, question.hint, question.purpose = draft.label, draft.hint, draft.purpose
        question.required = draft.required
        question.required_purpose = draft.required_purpose if draft.required else ""
        _change_options(question, draft.options, now)
        session.flush()
        _note(event, "question_changed", question_id, account_id, now)
        options = _asked(event_id, question_id).options
    over = (o.label for o in options if o.places is not None and o.taken > o.places and not o.is_removed)
    return Saved(question_id, tuple(over))


def remove_question(event_id: int, question_id: int, account_id: int | None, now: datetime) -> Removed | CannotEdit:
    """Take a question off the form; it is deleted only when nobody ever answered it."""
    with transaction() as session:
        event = _editable(event_id)
        question = queries.question_row(event_id, question_id)
        if event is None or question is None or question.removed_at is not None:
            return CannotEdit.GONE
        kept = question_id in queries.answered_question_ids(event_id)
        if kept:
            question.removed_at = now
        else:
            session.delete(question)
        session.flush()
        _note(event, "question_removed", question_id, account_id, now)
    return Removed(kept)


def restore_question(event_id: int, question_id: int, account_id: int | None, now: datetime) -> Saved | CannotEdit:
    """Put a question that was taken off back on the form, at its end."""
    with transaction() as session:
        event = _editable(event_id)
        question = queries.question_row(event_id, question_id)
        if event is None or question is None or question.removed_at is None:
            return CannotEdit.GONE
        if len(queries.question_rows(event_id)) >= MOST_QUESTIONS:
            return CannotEdit.TOO_MANY
        question.removed_at, question.position = None, _last_position(event_id) + 1
        session.flush()
        _note(event, "question_added", question_id, account_id, now)
    return Saved(question_id)


def move_question(
    event_id: int, question_id: int, step: int, account_id: int | None, now: datetime
) -> Saved | CannotEdit:
    """One place up (step -1) or down (step 1)."""
    with transaction() as session:
        event = _editable(event_id)
        rows = {row.id: row for row in queries.question_rows(event_id)}
        if event is None or question_id not in rows:
            return CannotEdit.GONE
        for position, id_ in enumerate(order_after_move(list(rows), question_id, step), start=1):
            rows[id_].position = position
        session.flush()
        _note(event, "question_moved", question_id, account_id, now)
    return Saved(question_id)


def copy_questions(from_event_id: int, to_event_id: int) -> None:
    """Ask at one event what the form of another asks now; in the caller's transaction."""
    with transaction():
        for asked in queries.live_questions(from_event_id):
            _add(
                to_event_id,
                QuestionDraft(
                    kind=asked.kind,
                    label=asked.label,
                    purpose=asked.purpose,
                    hint=asked.hint,
                    required=asked.required,
                    required_purpose=asked.required_purpose,
                    ready_made=asked.ready_made,
                    options=tuple(OptionDraft(option.label, option.places) for option in asked.options),
                ),
            )


def _editable(event_id: int) -> Event | None:
    event = lock_event(event_id)
    return None if event is None or event.state == "archived" else event


def _note(event: Event, action: str, question_id: int, account_id: int | None, now: datetime) -> None:
    event.revision += 1
    event.updated_at = now
    audit.record(account_id, action, event.organiser_id, event.id, detail={"question": question_id}, now=now)


def _last_position(event_id: int) -> int:
    return db.session.scalar(select(func.max(Question.position)).where(Question.event_id == event_id)) or 0


def _asked(event_id: int, question_id: int) -> AskedQuestion:
    return next(question for question in queries.all_questions(event_id) if question.id == question_id)


def _add(event_id: int, draft: QuestionDraft) -> Question:
    with transaction() as session:
        question = Question(
            event_id=event_id,
            position=_last_position(event_id) + 1,
            kind=draft.kind,
            ready_made=draft.ready_made,
            label=draft.label,
            hint=draft.hint,
            required=draft.required,
            purpose=draft.purpose,
            required_purpose=draft.required_purpose if draft.required else "",
        )
        for position, option in enumerate(draft.options, start=1):
            question.options.append(QuestionOption(position=position, label=option.label, places=option.places))
        session.add(question)
        session.flush()
    return question


def _change_options(question: Question, drafts: Sequence[OptionDraft], now: datetime) -> None:
    by_id = {option.id: option for option in question.options if option.removed_at is None}
    taken_off = {option.label.casefold(): option for option in question.options if option.removed_at is not None}
    named = {draft.id for draft in drafts}
    in_use = queries.chosen_option_ids(question.id)
    for option in [option for id_, option in by_id.items() if id_ not in named]:
        if option.id in in_use:
            option.removed_at = now
        else:
            question.options.remove(option)
    for position, draft in enumerate(drafts, start=1):
        known = by_id.pop(draft.id, None) if draft.id is not None else None
        known = known or taken_off.pop(draft.label.casefold(), None)  # back again, with those who chose it
        if known is None:
            question.options.append(QuestionOption(position=position, label=draft.label, places=draft.places))
        else:
            known.position, known.label, known.places, known.removed_at = position, draft.label, draft.places, None
