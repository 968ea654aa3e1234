"""The organiser gives a person another address: the person's page in the panel over HTTP."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import token

LIST = "/panel/events/praktyki/registrations"
FOLD = re.compile(r'<details class="govuk-details"( open)?>\s*<summary[^>]*><span[^>]*>Inny adres e-mail<')


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(slug="praktyki", capacity=5)


@pytest.fixture
def bob(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "editor", name="Bogdan Lis"))


def change(client: FlaskClient, person: Registration, email: str) -> TestResponse:
    return client.post(f"{LIST}/{person.id}/address", data={"csrf_token": token(client), "email": email})


def address_of(person: Registration) -> str:
    db.session.rollback()
    return db.session.get_one(Registration, person.id, populate_existing=True).email


def plain(page: str) -> str:
    """With simple spaces."""
    return page.replace("\u00a0", " ")


def told(page: str) -> list[str]:
    """What stands in the banners on top."""
    heads = re.findall(r'class="govuk-notification-banner__heading">([^<]+)<', plain(page))
    return [text.strip() for text in heads]


def after(client: FlaskClient, answer: TestResponse) -> list[str]:
    assert answer.status_code == 303
    return told(client.get(answer.location).text)


def test_the_page_offers_it_and_says_who_is_told(bob: FlaskClient, event: Event, factory: Factory) -> None:
    page = plain(bob.get(f"{LIST}/{factory.registration(event).id}").text)
    fold = FOLD.search(page)
    assert fold is not None
    assert fold[1] is None  # folded
    assert "Wiadomości trafiają do obu skrzynek." in page


def test_the_address_is_changed_and_the_page_and_the_trail_say_so(
    bob: FlaskClient, event: Event, factory: Factory
) -> None:
    person = factory.registration(event, email="anna@example.org")
    answer = change(bob, person, " anna.nowa@Example.org ")
    assert after(bob, answer) == ["Adres e-mail zmieniono. Wiadomość na nowy adres jest już w drodze."]
    assert address_of(person) == "anna.nowa@example.org"
    assert list(db.session.scalars(select(Mail.to_address).order_by(Mail.id))) == [
        "anna@example.org",
        "anna.nowa@example.org",
    ]
    history = bob.get("/panel/events/praktyki/history").text
    assert "Adres osoby zmieniony" in history
    assert "Bogdan Lis" in history


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Proszę podać adres e-mail."),
        ("anna@", "sprawdzić adres e-mail"),
        ("żółć@example.org", "Adres e-mail zawiera litery"),
    ],
)
def test_what_is_no_address_comes_back_with_what_was_typed(
    bob: FlaskClient, event: Event, factory: Factory, typed: str, words: str
) -> None:
    person = factory.registration(event, email="anna@example.org")
    answer = change(bob, person, typed)
    assert answer.status_code == 422
    page = plain(answer.text)
    fold = FOLD.search(page)
    assert fold is not None
    assert fold[1] == " open"
    assert '<a href="#email">' in page  # the summary leads to the field
    assert words in page
    assert f'type="email" value="{typed}"' in page or not typed
    assert address_of(person) == "anna@example.org"


def test_the_same_person_at_the_new_address_is_said_at_the_field(
    bob: FlaskClient, event: Event, factory: Factory
) -> None:
    factory.registration(event, name="Anna Nowak", email="anna.nowa@example.org")
    person = factory.registration(event, name="Anna Nowak", email="anna@example.org")
    answer = change(bob, person, "anna.nowa@example.org")
    assert answer.status_code == 422
    assert "Osoba o tym imieniu i nazwisku oraz adresie e-mail jest już na liście." in plain(answer.text)
    assert 'type="email" value="anna.nowa@example.org"' in answer.text
    assert address_of(person) == "anna@example.org"


def test_the_address_that_she_has_changes_nothing(bob: FlaskClient, event: Event, factory: Factory) -> None:
    person = factory.registration(event, email="anna@example.org")
    assert after(bob, change(bob, person, "anna@example.org")) == ["Zgłoszenie ma już ten adres."]
    assert db.session.scalar(select(Mail)) is None


def test_an_old_page_of_who_cancelled_meanwhile_changes_nothing(
    bob: FlaskClient, event: Event, factory: Factory
) -> None:
    person = factory.registration(event, email="anna@example.org", state="cancelled", cancelled_by="person")
    assert FOLD.search(bob.get(f"{LIST}/{person.id}").text) is None
    assert after(bob, change(bob, person, "anna.nowa@example.org")) == [
        "Zgłoszenie jest już nieaktualne, dlatego adres pozostaje bez zmian."
    ]
    assert address_of(person) == "anna@example.org"


def test_who_has_to_confirm_is_asked_at_the_new_address(bob: FlaskClient, event: Event, factory: Factory) -> None:
    person = factory.registration(
        event,
        email="anna@example.org",
        state="unconfirmed",
        hold_until=NOW + timedelta(hours=4),
        confirmed_at=None,
        ical_sequence=-1,
    )
    page = plain(bob.get(f"{LIST}/{person.id}").text)
    assert "Na nowy adres wysyłana jest prośba o" in page
    assert "do obu skrzynek" not in page
    assert change(bob, person, "anna.nowa@example.org").status_code == 303
    db.session.rollback()
    assert [(mail.occasion, mail.to_address) for mail in db.session.scalars(select(Mail))] == [
        ("address_to_confirm", "anna.nowa@example.org")
    ]


def test_abuse_28_a_person_of_another_event_is_not_there(bob: FlaskClient, event: Event, factory: Factory) -> None:
    stranger = factory.registration(factory.event(), email="obca@example.org")
    assert change(bob, stranger, "anna.nowa@example.org").status_code == 404
    assert address_of(stranger) == "obca@example.org"
