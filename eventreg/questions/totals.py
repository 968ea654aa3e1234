"""How many chose what: for the caterer, the hotel and the coach."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from eventreg.database import db
from eventreg.questions import queries
from eventreg.questions.models import Answer, Question
from eventreg.questions.question_rules import CHOICE_KINDS, AskedQuestion
from eventreg.questions.ready_made_rules import YES_NO, in_language, yes_or_no
from eventreg.registrations.models import Registration
from eventreg.registrations.standing_rules import LIVE_STATES


@dataclass(frozen=True, slots=True)
class Total:
    """How many gave one answer: of those who hold a place, and of everybody who is signed up."""

    label: str
    placed: int
    live: int
    places: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionTotals:
    """The totals of one question. `totals` is empty for questions that are answered in words."""

    question: AskedQuestion
    totals: tuple[Total, ...]
    answered: Total  # its label is empty
    silent: Total


def totals_of(event_id: int, language: str) -> list[QuestionTotals]:
    """The totals of each question, in the form's order, ready-made words in `language`.

    Access needs are left out: they are not for counting, and few may see them.
    """
    placed_people, live_people = _people(event_id)
    answered = _answered(event_id)
    yes_no = _yes_no(event_id)
    found = []
    for stored in queries.all_questions(event_id):
        placed, live = answered.get(stored.id, (0, 0))
        if stored.kind == "access_needs" or (stored.is_removed and not live):
            continue
        question = in_language(stored, language)
        found.append(
            QuestionTotals(
                question,
                _totals(question, yes_no, language),
                Total("", placed, live),
                Total("", placed_people - placed, live_people - live),
            )
        )
    return found


def _totals(
    question: AskedQuestion, yes_no: dict[tuple[int, str], tuple[int, int]], language: str
) -> tuple[Total, ...]:
    if question.kind == "yes_no":
        return tuple(Total(yes_or_no(key, language), *yes_no.get((question.id, key), (0, 0))) for key in YES_NO)
    if question.kind not in CHOICE_KINDS:
        return ()
    ids = [option.id for option in question.options]
    live, placed = queries.taken_counts(ids), queries.taken_counts(ids, placed_only=True)
    return tuple(
        Total(option.label, placed.get(option.id, 0), live.get(option.id, 0), option.places)
        for option in question.options
        if not option.is_removed or live.get(option.id)
    )


def _placed_and_live() -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.count().filter(Registration.holds_place), func.count()


def _people(event_id: int) -> tuple[int, int]:
    row = db.session.execute(
        select(*_placed_and_live()).where(Registration.event_id == event_id, Registration.state.in_(LIVE_STATES))
    ).one()
    return row[0], row[1]


def _answered(event_id: int) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(
        select(Answer.question_id, *_placed_and_live())
        .join(Registration, Registration.id == Answer.registration_id)
        .where(Registration.event_id == event_id, Registration.state.in_(LIVE_STATES))
        .group_by(Answer.question_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _yes_no(event_id: int) -> dict[tuple[int, str], tuple[int, int]]:
    rows = db.session.execute(
        select(Answer.question_id, Answer.text, *_placed_and_live())
        .join(Registration, Registration.id == Answer.registration_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Registration.event_id == event_id, Registration.state.in_(LIVE_STATES), Question.kind == "yes_no")
        .group_by(Answer.question_id, Answer.text)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}
