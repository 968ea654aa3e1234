"""What people answer: kept with their registration; an option with few places is given out under the event's lock."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from eventreg.database import db, transaction
from eventreg.questions import queries
from eventreg.questions.models import Answer, ChosenOption
from eventreg.questions.question_rules import GivenAnswer, full_labels
from eventreg.registrations.models import Registration


def full_options(
    event_id: int, answers: Sequence[GivenAnswer], except_registration_id: int | None = None
) -> tuple[str, ...]:
    """Labels of the chosen options that have no place left; () when all of them can be had.

    Call it with the event locked, so that nobody takes the last place in between. Counts live registrations but
    `except_registration_id`, which may hold the option already. Options of other events count for nothing.
    """
    chosen = {id_ for answer in answers for id_ in answer.option_ids}
    if not chosen:
        return ()
    return full_labels(queries.limited_options(event_id, chosen, except_registration_id))


def keep_answers(registration_id: int, answers: Sequence[GivenAnswer]) -> None:
    """Write the answers of a registration, in the caller's transaction.

    An answer replaces the one given to the same question before; an empty one takes it away. Questions that are not
    named keep theirs. Questions and options that are not of the registration's event are passed over (abuse 33).
    """
    if not answers:
        return
    with transaction() as session:
        known = queries.option_ids_by_question(registration_id, [answer.question_id for answer in answers])
        by_question = {answer.question_id: answer for answer in answers if answer.question_id in known}
        session.execute(
            delete(Answer).where(Answer.registration_id == registration_id, Answer.question_id.in_(by_question)),
            execution_options={"synchronize_session": False},
        )
        for answer in by_question.values():
            options = [id_ for id_ in dict.fromkeys(answer.option_ids) if id_ in known[answer.question_id]]
            if answer.text or options:
                _write(registration_id, answer, options)


def drop_full_options(registration_id: int) -> tuple[str, ...]:
    """Take out of a person's answers what got full while she was away; returns the labels of what was taken out.

    For somebody who cancelled and comes back; call it with the event locked.
    """
    event_id = db.session.scalar(select(Registration.event_id).where(Registration.id == registration_id))
    if event_id is None:
        return ()
    chosen = set(queries.chosen_options(registration_id))
    full = [option for option in queries.limited_options(event_id, chosen, registration_id) if option.is_full]
    if full:
        _take_out(registration_id, [option.id for option in full])
    return full_labels(full)


def _write(registration_id: int, answer: GivenAnswer, option_ids: Sequence[int]) -> None:
    answer_id = db.session.scalar(
        insert(Answer)
        .values(registration_id=registration_id, question_id=answer.question_id, text=answer.text)
        .returning(Answer.id)
    )
    if option_ids:
        db.session.execute(
            insert(ChosenOption), [{"answer_id": answer_id, "option_id": option_id} for option_id in option_ids]
        )


def _take_out(registration_id: int, option_ids: Sequence[int]) -> None:
    own = select(Answer.id).where(Answer.registration_id == registration_id)
    unsynchronised = {"synchronize_session": False}
    with transaction() as session:
        session.execute(
            delete(ChosenOption).where(ChosenOption.answer_id.in_(own), ChosenOption.option_id.in_(option_ids)),
            execution_options=unsynchronised,
        )
        session.execute(
            delete(Answer).where(
                Answer.registration_id == registration_id,
                Answer.text == "",
                ~select(ChosenOption.option_id).where(ChosenOption.answer_id == Answer.id).exists(),
            ),
            execution_options=unsynchronised,
        )
