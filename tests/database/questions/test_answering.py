"""Answers on both databases: what is kept, and who gets the last seat on the bus."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.questions.answering import drop_full_options, full_options, keep_answers
from eventreg.questions.models import Answer, ChosenOption
from eventreg.questions.queries import answers_by_registration, answers_of, full_option_ids, live_questions
from eventreg.questions.question_rules import AskedQuestion, GivenAnswer
from eventreg.registrations.cancelling import cancel_registration, restore_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.queries import lock_event
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import Confirmed, Refusal, Refused, SignUpRequest
from tests.factories import Factory
from tests.question_steps import ask

pytestmark = pytest.mark.usefixtures("each_database")


def words(registration_id: int, language: str = "pl", *, access_needs: bool = False) -> dict[str, str]:
    db.session.rollback()
    answers = answers_of(registration_id, language, access_needs=access_needs)
    return {answer.label: answer.words for answer in answers}


def chosen(question: AskedQuestion, *labels: str) -> GivenAnswer:
    ids = {option.label: option.id for option in question.options}
    return GivenAnswer(question.id, option_ids=tuple(ids[label] for label in labels))


def count(model: type[Answer] | type[ChosenOption]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_answers_are_kept_replaced_and_taken_away(factory: Factory) -> None:
    event = factory.event()
    person = factory.registration(event)
    where = ask(event, "short_text", "Skąd?")
    meal = ask(event, "several_of", "Posiłek", "zupa", "ryba", "deser")
    bus = ask(event, "yes_no", "Autokar?")
    keep_answers(
        person.id, [GivenAnswer(where.id, "z Gdańska"), chosen(meal, "deser", "zupa"), GivenAnswer(bus.id, "yes")]
    )
    assert words(person.id) == {"Skąd?": "z Gdańska", "Posiłek": "zupa; deser", "Autokar?": "tak"}
    assert words(person.id, "en")["Autokar?"] == "yes"
    keep_answers(person.id, [GivenAnswer(where.id), chosen(meal, "ryba")])
    assert words(person.id) == {"Posiłek": "ryba", "Autokar?": "tak"}
    assert (count(Answer), count(ChosenOption)) == (2, 1)


def test_no_answers_change_nothing(factory: Factory) -> None:
    event = factory.event()
    person = factory.registration(event)
    where = ask(event)
    keep_answers(person.id, [GivenAnswer(where.id, "z Gdańska")])
    keep_answers(person.id, [])
    assert words(person.id) == {"Skąd?": "z Gdańska"}


def test_abuse_33_questions_and_options_of_another_event_are_passed_over(factory: Factory) -> None:
    event, other = factory.event(), factory.event()
    person = factory.registration(event)
    mine = ask(event, "one_of", "Nocleg", "tak", "nie")
    second = ask(event, "one_of", "Posiłek", "zupa", "ryba")
    theirs = ask(other, "one_of", "Nocleg u innych", "tak", "nie")
    forged = [
        GivenAnswer(theirs.id, option_ids=(theirs.options[0].id,)),
        GivenAnswer(mine.id, option_ids=(theirs.options[0].id, second.options[0].id)),
        GivenAnswer(999_999, "x"),
    ]
    keep_answers(person.id, forged)
    assert count(Answer) == 0
    assert full_options(event.id, forged) == ()


def test_an_answer_dies_with_its_registration(factory: Factory) -> None:
    event = factory.event()
    person = factory.registration(event)
    meal = ask(event, "several_of", "Posiłek", "zupa")
    keep_answers(person.id, [chosen(meal, "zupa")])
    with transaction() as session:
        session.delete(session.get_one(Registration, person.id))
    assert (count(Answer), count(ChosenOption)) == (0, 0)


@pytest.mark.parametrize("state", ["unconfirmed", "pending", "waitlisted"])
def test_everybody_who_is_signed_up_counts_against_a_limit(factory: Factory, now: datetime, state: str) -> None:
    event = factory.event()
    times = {"unconfirmed": {"hold_until": now}, "waitlisted": {"waiting_order": 1}}.get(state, {})
    person = factory.registration(event, state=state, **times)
    bus = ask(event, "one_of", "Autokar", ("jadę", 1), "nie jadę")
    keep_answers(person.id, [chosen(bus, "jadę")])
    assert full_options(event.id, [chosen(bus, "jadę")]) == ("jadę",)
    assert full_options(event.id, [chosen(bus, "nie jadę")]) == ()
    assert full_options(event.id, [chosen(bus, "jadę")], person.id) == ()
    assert full_option_ids(event.id) == (bus.options[0].id,)


def test_who_cancelled_leaves_the_seat(factory: Factory) -> None:
    event = factory.event()
    person = factory.registration(event, state="cancelled")
    bus = ask(event, "one_of", "Autokar", ("jadę", 1), "nie jadę")
    keep_answers(person.id, [chosen(bus, "jadę")])
    assert full_options(event.id, [chosen(bus, "jadę")]) == ()
    assert full_option_ids(event.id) == ()
    assert [option.taken for option in live_questions(event.id)[0].options] == [0, 0]


def test_who_comes_back_loses_what_got_full(factory: Factory, now: datetime) -> None:
    event = factory.event()
    bus = ask(event, "one_of", "Autokar", ("jadę", 1), "nie jadę")
    meal = ask(event, "several_of", "Posiłek", ("zupa", 5), ("ryba", 1))
    first = factory.registration(event)
    keep_answers(first.id, [chosen(bus, "jadę"), chosen(meal, "zupa", "ryba")])
    cancel_registration(first.id, now, by="person")
    second = factory.registration(event)
    keep_answers(second.id, [chosen(bus, "jadę"), chosen(meal, "ryba")])
    restore_registration(first.id, now, by="person")
    assert words(first.id) == {"Posiłek": "zupa"}
    assert words(second.id) == {"Autokar": "jadę", "Posiłek": "ryba"}


def test_dropping_tells_what_was_dropped(factory: Factory) -> None:
    event = factory.event()
    bus = ask(event, "one_of", "Autokar", ("jadę", 1), "nie jadę")
    for _time in range(2):
        person = factory.registration(event)
        keep_answers(person.id, [chosen(bus, "jadę")])
    assert drop_full_options(person.id) == ("jadę",)
    assert drop_full_options(person.id) == ()
    assert count(Answer) == 1
    assert drop_full_options(999_999) == ()


def test_access_needs_are_told_only_when_asked_for(factory: Factory) -> None:
    event = factory.event()
    person = factory.registration(event)
    needs = ask(event, "access_needs", "Wsparcie")
    keep_answers(person.id, [GivenAnswer(needs.id, "pętla indukcyjna")])
    assert words(person.id) == {}
    assert words(person.id, access_needs=True) == {"Wsparcie": "pętla indukcyjna"}
    assert answers_by_registration([person.id]) == {}


def test_abuse_20_forty_people_for_five_seats(each_database: Flask, factory: Factory) -> None:
    event = factory.event(capacity=None)
    bus = ask(event, "one_of", "Autokar", ("jadę", 5), "nie jadę")
    seat = chosen(bus, "jadę")
    people = [factory.registration(event).id for _number in range(40)]
    event_id = event.id

    def take(registration_id: int) -> str:
        with each_database.app_context(), transaction():
            lock_event(event_id)
            if full_options(event_id, [seat], registration_id):
                return "full"
            keep_answers(registration_id, [seat])
            return "seat"

    with ThreadPoolExecutor(40) as pool:
        results = Counter(pool.map(take, people))
    assert results == {"seat": 5, "full": 35}
    assert count(ChosenOption) == 5


def test_abuse_20_forty_sign_ups_for_five_seats(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=None)
    bus = ask(event, "one_of", "Autokar", ("jadę", 5), "nie jadę")
    seat, event_id = chosen(bus, "jadę"), event.id

    def come(number: int) -> object:
        request = SignUpRequest(
            f"Osoba {chr(65 + number % 26)}{number}", f"o{number}@example.org", "pl", answers=(seat,)
        )
        with each_database.app_context():
            return sign_up(event_id, request, now)

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(come, range(40)))
    assert sum(isinstance(result, Confirmed) for result in results) == 5
    refused = [result for result in results if isinstance(result, Refused)]
    assert [(result.reason, result.detail) for result in refused] == [(Refusal.OPTION_FULL, ("jadę",))] * 35
    db.session.rollback()
    assert db.session.scalar(select(Event.places_taken).where(Event.id == event_id)) == 5
    assert count(ChosenOption) == 5
