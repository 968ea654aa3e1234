"""Two organisers with one list before them: a decision from a page older than the other one does nothing."""

import re
from collections.abc import Iterator
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


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def event(clock: time_machine.Traveller, factory: Factory) -> Event:
    return factory.event(slug="praktyki", capacity=5, approval=True)


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner"))


@pytest.fixture
def bob(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "editor"))


def seen(client: FlaskClient, path: str) -> str:
    """The moment that a page sends along with its buttons."""
    found = re.search(r'name="seen" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client), **fields})


def told(client: FlaskClient, answer: TestResponse) -> list[str]:
    assert answer.status_code == 303
    page = client.get(answer.location).text
    return re.findall(r'class="govuk-notification-banner__heading">\s*([^<]+?)\s*<', page)


def stands(person: Registration) -> str:
    db.session.rollback()
    return db.session.scalars(select(Registration.state).where(Registration.id == person.id)).one()


def occasions() -> list[str]:
    return list(db.session.scalars(select(Mail.occasion).order_by(Mail.id)))


@pytest.mark.parametrize("page", ["list", "person"])
def test_who_was_declined_meanwhile_is_not_admitted_from_an_old_page(
    page: str, alice: FlaskClient, bob: FlaskClient, event: Event, factory: Factory, clock: time_machine.Traveller
) -> None:
    person = factory.registration(event, state="pending", confirmed_at=None)
    before = seen(bob, LIST if page == "list" else f"{LIST}/{person.id}")
    clock.shift(timedelta(minutes=1))
    asked = seen(alice, f"{LIST}/decline?person={person.id}")
    post(alice, f"{LIST}/decline", person=str(person.id), reason="Za rok.", seen=asked)
    clock.shift(timedelta(minutes=1))
    answer = post(bob, f"{LIST}/chosen", person=str(person.id), doing="accept", seen=before)
    assert told(bob, answer)[0].startswith("W\u00a0przypadku 1 zgłoszenia decyzja zapadła już wcześniej")
    assert (stands(person), occasions()) == ("declined", ["registration_declined"])


def test_who_was_admitted_meanwhile_is_not_declined_from_an_old_page(
    alice: FlaskClient, bob: FlaskClient, event: Event, factory: Factory, clock: time_machine.Traveller
) -> None:
    person = factory.registration(event, state="pending", confirmed_at=None)
    before = seen(bob, f"{LIST}/decline?person={person.id}")
    clock.shift(timedelta(minutes=1))
    post(alice, f"{LIST}/chosen", person=str(person.id), doing="accept", seen=seen(alice, LIST))
    clock.shift(timedelta(minutes=1))
    answer = post(bob, f"{LIST}/decline", person=str(person.id), reason="Za rok.", seen=before)
    assert told(bob, answer)[0].startswith("W\u00a0przypadku 1 zgłoszenia decyzja zapadła już wcześniej")
    assert (stands(person), occasions()) == ("confirmed", ["registration_accepted"])


def test_who_sees_the_decision_may_change_it(
    alice: FlaskClient, event: Event, factory: Factory, clock: time_machine.Traveller
) -> None:
    person = factory.registration(event, state="pending", confirmed_at=None)
    post(alice, f"{LIST}/decline", person=str(person.id), seen=seen(alice, LIST))
    clock.shift(timedelta(minutes=1))
    asked = seen(alice, f"{LIST}/accept?person={person.id}")
    clock.shift(timedelta(minutes=1))
    post(alice, f"{LIST}/accept", person=str(person.id), reason="Jednak tak.", seen=asked)
    assert stands(person) == "confirmed"


@pytest.mark.parametrize("forged", ["", "x", "2026-11-22", "2026-11-22T10:00:00", "9" * 400])
def test_a_moment_that_is_none_guards_nothing_and_breaks_nothing(
    forged: str, alice: FlaskClient, event: Event, factory: Factory
) -> None:
    person = factory.registration(event, state="pending", confirmed_at=None)
    answer = post(alice, f"{LIST}/chosen", person=str(person.id), doing="accept", seen=forged)
    assert (answer.status_code, stands(person)) == (303, "confirmed")


def test_the_list_shows_who_stands_for_whom(alice: FlaskClient, event: Event, factory: Factory) -> None:
    away = factory.registration(event, state="cancelled", name="Ewa Ćwik", cancelled_by="substituted")
    factory.registration(event, name="Jan Łoś", stands_for_id=away.id)
    page = alice.get(LIST).text
    assert page.count("<small>w\u00a0zastępstwie za: Ewa Ćwik</small>") == 1
