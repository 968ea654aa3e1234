"""A person corrects her name and answers, on both databases."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.questions.answering import keep_answers
from eventreg.questions.correcting_answers import OptionsFull
from eventreg.questions.models import Question, QuestionOption
from eventreg.questions.queries import answers_of
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.correcting import CannotCorrect, Corrected
from eventreg.registrations.models import Registration
from eventreg.registrations.own_corrections import correct_own
from eventreg.registrations.surname_rules import sort_key
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def trail() -> list[tuple[str, int | None, dict[str, Any] | None]]:
    db.session.rollback()
    return [(entry.action, entry.account_id, entry.detail) for entry in db.session.scalars(select(AuditEntry))]


def bus(event: Event, places: int) -> tuple[int, int]:
    """A question with one option that has few places: ids of both."""
    with transaction() as session:
        question = Question(
            event_id=event.id, position=1, kind="several_of", label="Dojazd", purpose="Zamówienie autobusu"
        )
        question.options = [QuestionOption(position=1, label="Autobus", places=places)]
        session.add(question)
        session.flush()
        return question.id, question.options[0].id


def test_a_married_name_sorts_anew_and_stands_in_the_trail(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), name="Anna Kowalska")
    assert correct_own(person.id, "Anna Żak", (), now) == Corrected(("name", "surname"))
    changed = row(person)
    assert (changed.name, changed.surname, changed.name_key) == ("Anna Żak", "Żak", "anna żak")
    assert changed.sort_key == sort_key("Żak", "Anna Żak")
    assert trail() == [("registration_corrected_by_person", None, {"fields": ["name", "surname"]})]
    assert db.session.scalars(select(Mail)).all() == []


def test_the_same_again_changes_nothing(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), name="Anna Kowalska", surname="Anna")
    assert correct_own(person.id, "Anna Kowalska", (), now) == Corrected(())
    assert row(person).surname == "Anna"  # what the organiser corrected stays
    assert trail() == []


def test_a_name_that_stands_there_already_is_refused(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, name="Anna Kowalska", email="biuro@example.org")
    factory.registration(event, name="Jan Bąk", email="biuro@example.org")
    assert correct_own(person.id, "jan bąk", (), now) is CannotCorrect.SAME_PERSON
    assert row(person).name == "Anna Kowalska"


def test_answers_change_and_a_held_option_stays(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question, option = bus(event, places=1)
    person = factory.registration(event, name="Anna Kowalska")
    rival = factory.registration(event, name="Jan Bąk")
    on_the_bus = (GivenAnswer(question, option_ids=(option,)),)
    assert correct_own(person.id, "Anna Kowalska", on_the_bus, now) == Corrected(("answers",))
    assert correct_own(person.id, "Anna Kowalska", on_the_bus, now) == Corrected(())
    assert correct_own(rival.id, "Jan Inny", on_the_bus, now) == OptionsFull(("Autobus",))
    assert row(rival).name == "Jan Bąk"  # all or nothing
    assert [answer.values for answer in answers_of(person.id, "pl")] == [("Autobus",)]


def test_abuse_33_answers_to_another_events_question_are_passed_over(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), name="Anna Kowalska")
    question, option = bus(factory.event(), places=1)
    assert correct_own(person.id, "Anna Kowalska", (GivenAnswer(question, option_ids=(option,)),), now) == Corrected(())
    assert answers_of(person.id, "pl") == []


@pytest.mark.parametrize("state", ["cancelled", "declined"])
def test_who_is_not_signed_up_corrects_nothing(factory: Factory, now: datetime, state: str) -> None:
    event = factory.event()
    question, option = bus(event, places=1)
    person = factory.registration(event, state=state)
    keep_answers(person.id, (GivenAnswer(question, option_ids=(option,)),))
    assert correct_own(person.id, "Inna Nazwa", (GivenAnswer(question),), now) is CannotCorrect.NOT_FOUND
    assert [answer.values for answer in answers_of(person.id, "pl")] == [("Autobus",)]


def test_after_the_event_the_list_stays(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, name="Anna Kowalska")
    assert correct_own(person.id, "Anna Żak", (), event.ends_at) is CannotChange.EVENT_OVER
