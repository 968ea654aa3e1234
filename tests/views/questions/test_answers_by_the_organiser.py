"""What a person answers by telephone is written down in the panel."""

from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.questions.answering import keep_answers
from eventreg.questions.queries import answers_of
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import token
from tests.question_steps import ask


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(slug="dobre-praktyki")


@pytest.fixture
def bob(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "editor"))


@pytest.fixture
def person(factory: Factory, event: Event) -> Registration:
    return factory.registration(event, name="Jan Łoś")


def person_path(person: Registration) -> str:
    return f"/panel/events/dobre-praktyki/registrations/{person.id}"


def save(client: FlaskClient, person: Registration, **fields: Any) -> Any:
    return client.post(f"{person_path(person)}/answers", data={"csrf_token": token(client), **fields})


def words(person: Registration) -> dict[str, str]:
    db.session.rollback()
    return {answer.label: answer.words for answer in answers_of(person.id, "pl", access_needs=True)}


def test_what_she_said_on_the_telephone_is_kept_and_nobody_is_written_to(
    bob: FlaskClient, event: Event, person: Registration
) -> None:
    office = ask(event, "institution", "Urząd")
    bus = ask(event, "one_of", "Autokar", "Kraków", "Tarnów", required=True, required_purpose="Zamówienie")
    assert f'href="{person_path(person)}/answers">Zapisz odpowiedzi' in bob.get(person_path(person)).text
    done = save(bob, person, **{f"q{office.id}": "Urząd Gminy", f"q{bus.id}": str(bus.options[1].id)})
    assert (done.status_code, done.location) == (303, person_path(person))
    assert words(person) == {"Urząd": "Urząd Gminy", "Autokar": "Tarnów"}
    page = bob.get(f"{person_path(person)}/answers").text
    assert 'value="Urząd Gminy"' in page
    assert list(db.session.scalars(select(Mail.id))) == []
    assert "answers_corrected" in db.session.scalars(select(AuditEntry.action)).all()


def test_the_organiser_may_leave_open_what_the_form_requires(
    bob: FlaskClient, event: Event, person: Registration
) -> None:
    office = ask(event, "institution", "Urząd", required=True, required_purpose="Wstęp")
    diet = ask(event, "short_text", "Dieta")
    assert save(bob, person, **{f"q{office.id}": "", f"q{diet.id}": "wegańska"}).status_code == 303
    assert words(person) == {"Dieta": "wegańska"}


def test_a_limit_binds_the_organiser_too_and_nothing_typed_is_lost(
    bob: FlaskClient, event: Event, person: Registration, factory: Factory
) -> None:
    bus = ask(event, "one_of", "Autokar", ("Kraków", 1), "Tarnów")
    diet = ask(event, "short_text", "Dieta")
    other = factory.registration(event)
    keep_answers(other.id, (GivenAnswer(bus.id, option_ids=(bus.options[0].id,)),))
    db.session.commit()
    refused = save(bob, person, **{f"q{bus.id}": str(bus.options[0].id), f"q{diet.id}": "wegańska"})
    assert refused.status_code == 422
    assert 'value="wegańska"' in refused.text
    assert words(person) == {}


def test_access_needs_are_no_business_of_this_page(bob: FlaskClient, event: Event, person: Registration) -> None:
    needs, diet = ask(event, "access_needs", "Wsparcie"), ask(event, "short_text", "Dieta")
    keep_answers(person.id, (GivenAnswer(needs.id, "pętla indukcyjna"),))
    db.session.commit()
    page = bob.get(f"{person_path(person)}/answers").text
    assert "pętla" not in page
    assert f'name="q{needs.id}"' not in page
    save(bob, person, **{f"q{needs.id}": "inne", f"q{diet.id}": "wegańska"})
    assert words(person) == {"Wsparcie": "pętla indukcyjna", "Dieta": "wegańska"}


def test_who_cancelled_meanwhile_keeps_what_she_answered(bob: FlaskClient, event: Event, factory: Factory) -> None:
    diet = ask(event, "short_text", "Dieta")
    gone = factory.registration(event, state="cancelled")
    assert "/answers" not in bob.get(person_path(gone)).text
    answer = save(bob, gone, **{f"q{diet.id}": "wegańska"})
    assert (answer.status_code, words(gone)) == (303, {})
    assert "odpowiedzi pozostają bez zmian" in bob.get(answer.location).text


def test_an_event_without_questions(bob: FlaskClient, person: Registration) -> None:
    assert "/answers" not in bob.get(person_path(person)).text
    assert "Formularz pyta tylko o" in bob.get(f"{person_path(person)}/answers").text
