"""Answers beside the rows of an exported list: read in portions while the list itself is still being read."""

import pytest
from sqlalchemy import event as sqlalchemy_event

from eventreg.database import db
from eventreg.exports.answer_columns import answer_columns, answer_headings, with_answers
from eventreg.questions.answering import keep_answers
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.queries import registration_rows
from tests.factories import Factory
from tests.question_steps import ask

pytestmark = pytest.mark.usefixtures("each_database")


def test_rows_keep_their_order_and_have_their_own_answers(factory: Factory) -> None:
    event, other = factory.event(), factory.event()
    where, bus = ask(event, label="Skąd?"), ask(event, "yes_no", "Autokar?")
    ask(other, label="Inne")
    for letter in "CAB":
        person = factory.registration(event, name=f"Anna {letter}owalska")
        keep_answers(person.id, [GivenAnswer(where.id, f"z {letter}")])
    keep_answers(person.id, [GivenAnswer(bus.id, "no")])
    columns = answer_columns(event.id, "en", access_needs=False)
    assert answer_headings(columns) == ["Skąd?", "Autokar?"]
    rows = list(with_answers(registration_rows(event.id), columns, "en", access_needs=False))
    assert [(row.name[5], row.answers) for row in rows] == [
        ("A", ("z A", "")),
        ("B", ("z B", "no")),
        ("C", ("z C", "")),
    ]


def test_the_number_of_statements_does_not_grow_with_the_people(factory: Factory) -> None:
    event = factory.event()
    question = ask(event)
    columns = answer_columns(event.id, "pl", access_needs=False)

    def statements() -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
        try:
            list(with_answers(registration_rows(event.id), columns, "pl", access_needs=False))
        finally:
            sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        return len(seen)

    counts = []
    for number in (1, 20):
        for _person in range(number):
            keep_answers(factory.registration(event).id, [GivenAnswer(question.id, "x")])
        counts.append(statements())
    assert counts[0] == counts[1] <= 6
