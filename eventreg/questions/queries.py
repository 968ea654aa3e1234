"""Questions and answers: rows in, rows out."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from eventreg.database import db
from eventreg.questions.models import Answer, ChosenOption, Question, QuestionOption
from eventreg.questions.question_rules import AskedOption
from eventreg.registrations.models import Registration

LIVE = ("unconfirmed", "pending", "confirmed", "waitlisted")
"""States in which a chosen option is taken."""


def taken_counts(
    option_ids: Collection[int], except_registration_id: int | None = None, *, placed_only: bool = False
) -> dict[int, int]:
    """Option id -> how many live registrations (or only those that hold a place) chose it; 0 is left out."""
    statement = (
        select(ChosenOption.option_id, func.count())
        .join(Answer, Answer.id == ChosenOption.answer_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(ChosenOption.option_id.in_(option_ids), Registration.state.in_(LIVE))
        .group_by(ChosenOption.option_id)
    )
    if except_registration_id is not None:
        statement = statement.where(Registration.id != except_registration_id)
    if placed_only:
        statement = statement.where(Registration.holds_place)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def limited_options(
    event_id: int, option_ids: Collection[int], except_registration_id: int | None = None
) -> list[AskedOption]:
    """Those of the options that are the event's and have a limit, with how many took them."""
    if not option_ids:
        return []
    rows = db.session.execute(
        select(QuestionOption.id, QuestionOption.label, QuestionOption.places)
        .join(Question, Question.id == QuestionOption.question_id)
        .where(Question.event_id == event_id, QuestionOption.id.in_(option_ids), QuestionOption.places.is_not(None))
        .order_by(Question.position, QuestionOption.position)
    ).all()
    taken = taken_counts([row.id for row in rows], except_registration_id) if rows else {}
    return [AskedOption(row.id, row.label, row.places, taken.get(row.id, 0)) for row in rows]


def option_ids_by_question(registration_id: int, question_ids: Sequence[int]) -> dict[int, set[int]]:
    """Question id -> ids of all its options, for those of the questions that belong to the registration's event."""
    rows = db.session.execute(
        select(Question.id, QuestionOption.id)
        .join(Registration, Registration.event_id == Question.event_id)
        .outerjoin(QuestionOption, QuestionOption.question_id == Question.id)
        .where(Registration.id == registration_id, Question.id.in_(question_ids))
    )
    found: dict[int, set[int]] = {}
    for question_id, option_id in rows:
        found.setdefault(question_id, set())
        if option_id is not None:
            found[question_id].add(option_id)
    return found


def chosen_options(registration_id: int) -> list[int]:
    """Ids of every option a person chose."""
    return list(
        db.session.scalars(
            select(ChosenOption.option_id)
            .join(Answer, Answer.id == ChosenOption.answer_id)
            .where(Answer.registration_id == registration_id)
        )
    )
