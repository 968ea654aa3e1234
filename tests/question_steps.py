"""Questions for tests, put on a form as an organiser does it."""

from typing import Any

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.questions.editing_rules import OptionDraft, QuestionDraft
from eventreg.questions.models import Question
from eventreg.questions.queries import all_questions
from eventreg.questions.question_editing import Saved, add_question
from eventreg.questions.question_rules import AskedQuestion
from tests.conftest import NOW


def ask(event: Event, kind: str = "short_text", label: str = "Skąd?", *options: Any, **more: Any) -> AskedQuestion:
    """Adds a question; an option is its label, or (label, places)."""
    drafts = tuple(OptionDraft(*option) if isinstance(option, tuple) else OptionDraft(option) for option in options)
    draft = QuestionDraft(kind=kind, label=label, options=drafts, **{"purpose": "Organizacja", **more})
    outcome = add_question(event.id, draft, None, NOW)
    assert isinstance(outcome, Saved)
    return asked(event.id, outcome.question_id)


def asked(event_id: int, question_id: int) -> AskedQuestion:
    """The question as it is stored now."""
    db.session.rollback()
    return next(question for question in all_questions(event_id) if question.id == question_id)


def row(question_id: int) -> Question | None:
    """The stored row, None when it was deleted."""
    db.session.rollback()
    return db.session.get(Question, question_id, populate_existing=True)
