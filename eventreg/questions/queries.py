"""Questions and answers: rows in, rows out."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, func, select

from eventreg.database import db
from eventreg.questions.models import Answer, ChosenOption, Question, QuestionOption
from eventreg.questions.question_rules import AskedOption, AskedQuestion, ShownAnswer
from eventreg.questions.ready_made_rules import in_language, yes_or_no
from eventreg.registrations.models import Registration
from eventreg.registrations.standing_rules import LIVE_STATES


def taken_counts(
    option_ids: Collection[int], except_registration_id: int | None = None, *, placed_only: bool = False
) -> dict[int, int]:
    """Option id -> how many live registrations (or only those that hold a place) chose it; 0 is left out."""
    statement = (
        select(ChosenOption.option_id, func.count())
        .join(Answer, Answer.id == ChosenOption.answer_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(ChosenOption.option_id.in_(option_ids), Registration.state.in_(LIVE_STATES))
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


def live_questions(event_id: int) -> list[AskedQuestion]:
    """The questions on an event's form now, in order, with the options that stand on it; words as stored."""
    asked = [question for question in all_questions(event_id) if not question.is_removed]
    return [
        replace(question, options=tuple(option for option in question.options if not option.is_removed))
        for question in asked
    ]


def all_questions(event_id: int) -> list[AskedQuestion]:
    """Every question of an event, in order, with all their options; those taken off the form too."""
    rows = db.session.execute(_QUESTIONS, {"event_id": event_id}).all()
    limited = [option.id for _question, option in rows if option is not None and option.places is not None]
    taken = taken_counts(limited) if limited else {}
    questions: dict[int, Question] = {question.id: question for question, _option in rows}
    options: dict[int, list[AskedOption]] = {}
    for question, option in rows:
        if option is not None:
            options.setdefault(question.id, []).append(_asked_option(option, taken.get(option.id, 0)))
    return [_asked(question, options.get(id_, [])) for id_, question in questions.items()]


_QUESTIONS = (
    select(Question, QuestionOption)
    .outerjoin(QuestionOption, QuestionOption.question_id == Question.id)
    .where(Question.event_id == bindparam("event_id"))
    .order_by(Question.position, Question.id, QuestionOption.position, QuestionOption.id)
    .execution_options(populate_existing=True)
)
"""Built once: every form needs it."""


def _asked(question: Question, options: Sequence[AskedOption]) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        kind=question.kind,
        label=question.label,
        hint=question.hint,
        required=question.required,
        purpose=question.purpose,
        required_purpose=question.required_purpose,
        ready_made=question.ready_made,
        options=tuple(options),
        is_removed=question.removed_at is not None,
    )


def _asked_option(option: QuestionOption, taken: int) -> AskedOption:
    return AskedOption(option.id, option.label, option.places, taken, option.removed_at is not None)


def full_option_ids(event_id: int) -> tuple[int, ...]:
    """Which options on the event's form have no place left; one statement, which the cached page asks for each time."""
    taken = (
        select(func.count())
        .select_from(ChosenOption)
        .join(Answer, Answer.id == ChosenOption.answer_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(ChosenOption.option_id == QuestionOption.id, Registration.state.in_(LIVE_STATES))
        .scalar_subquery()
    )
    on_form = (Question.event_id == event_id, Question.removed_at.is_(None), QuestionOption.removed_at.is_(None))
    return tuple(
        db.session.scalars(
            select(QuestionOption.id)
            .join(Question, Question.id == QuestionOption.question_id)
            .where(*on_form, QuestionOption.places.is_not(None), QuestionOption.places <= taken)
            .order_by(QuestionOption.id)
        )
    )


def answered_question_ids(event_id: int) -> set[int]:
    """The event's questions that anybody answered, whatever became of the person's registration."""
    return set(
        db.session.scalars(
            select(Answer.question_id)
            .join(Question, Question.id == Answer.question_id)
            .where(Question.event_id == event_id)
            .distinct()
        )
    )


def chosen_option_ids(question_id: int) -> set[int]:
    """Those of the question's options that anybody chose, whatever became of the person's registration."""
    return set(
        db.session.scalars(
            select(ChosenOption.option_id)
            .join(QuestionOption, QuestionOption.id == ChosenOption.option_id)
            .where(QuestionOption.question_id == question_id)
            .distinct()
        )
    )


def question_row(event_id: int, question_id: int) -> Question | None:
    """The question if it is this event's."""
    return db.session.scalar(
        select(Question)
        .where(Question.id == question_id, Question.event_id == event_id)
        .execution_options(populate_existing=True)
    )


def question_rows(event_id: int) -> list[Question]:
    """The questions on the event's form, in order."""
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.event_id == event_id, Question.removed_at.is_(None))
            .order_by(Question.position, Question.id)
            .execution_options(populate_existing=True)
        )
    )


def answers_by_registration(
    registration_ids: Collection[int], language: str = "pl", *, access_needs: bool = False
) -> dict[int, list[ShownAnswer]]:
    """Registration id -> her answers in the form's order; who answered nothing is left out.

    Ready-made words are in `language`. Answers on access needs only when asked for: few may see them (duties.md 5).
    """
    rows = db.session.execute(
        select(Answer.id, Answer.registration_id, Answer.text, Question)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.registration_id.in_(registration_ids))
        .order_by(Question.position, Question.id)
    ).all()
    rows = [row for row in rows if access_needs or row.Question.kind != "access_needs"]
    chosen = _chosen_by_answer([row.id for row in rows])
    found: dict[int, list[ShownAnswer]] = {}
    for row in rows:
        shown = _shown(row.Question, row.text, chosen.get(row.id, []), language)
        found.setdefault(row.registration_id, []).append(shown)
    return found


def answers_of(registration_id: int, language: str, *, access_needs: bool = False) -> list[ShownAnswer]:
    """One person's answers, as answers_by_registration tells them."""
    return answers_by_registration([registration_id], language, access_needs=access_needs).get(registration_id, [])


def _chosen_by_answer(answer_ids: Collection[int]) -> dict[int, list[AskedOption]]:
    rows = db.session.execute(
        select(ChosenOption.answer_id, QuestionOption.id, QuestionOption.label)
        .join(QuestionOption, QuestionOption.id == ChosenOption.option_id)
        .where(ChosenOption.answer_id.in_(answer_ids))
        .order_by(QuestionOption.position, QuestionOption.id)
    )
    chosen: dict[int, list[AskedOption]] = {}
    for row in rows:
        chosen.setdefault(row.answer_id, []).append(AskedOption(row.id, row.label))
    return chosen


def _shown(question: Question, text: str, chosen: Sequence[AskedOption], language: str) -> ShownAnswer:
    asked = in_language(_asked(question, chosen), language)
    labels = tuple(option.label for option in asked.options)
    words = yes_or_no(text, language) if question.kind == "yes_no" else text
    return ShownAnswer(
        question_id=question.id,
        kind=question.kind,
        label=asked.label,
        values=labels or (words,),
        text=text,
        option_ids=tuple(option.id for option in chosen),
    )


def access_needs_of(event_id: int) -> list[tuple[Registration, str]]:
    """Who holds a place and said what support she needs, by name."""
    rows = db.session.execute(
        select(Registration, Answer.text)
        .join(Answer, Answer.registration_id == Registration.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Registration.event_id == event_id, Registration.holds_place, Question.kind == "access_needs")
        .order_by(Registration.sort_key, Registration.id, Question.position)
    )
    return [(row[0], row[1]) for row in rows]
