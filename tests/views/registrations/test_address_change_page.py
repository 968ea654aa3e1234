"""Changing the address over HTTP: the same answer for every address, a button for each mailbox (abuse 27)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db
from eventreg.links import signed_token
from eventreg.registrations.models import AddressChange, Registration
from tests.conftest import NOW
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def own_page(registration: Registration) -> str:
    return "/registrations/" + signed_token("registration", registration.link_key)


def pages() -> tuple[str, str]:
    """Addresses of the pages that ask the old and the new mailbox."""
    db.session.rollback()
    change = db.session.scalars(select(AddressChange).order_by(AddressChange.id.desc())).first()
    assert change is not None
    tokens = (signed_token("address_change", key) for key in (change.old_link_key, change.new_link_key))
    old, new = (f"/address-change/{token}" for token in tokens)
    return old, new


def email(registration: Registration) -> str:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True).email


def test_abuse_16_the_answer_is_the_same_whether_the_new_address_is_known(
    client: FlaskClient, factory: Factory
) -> None:
    event = factory.event()
    person = factory.registration(event, name="Anna Nowak")
    factory.registration(event, name="Anna Nowak", email="znana@example.org")
    answers = [
        client.post(own_page(person) + "/address", data={"email": mailbox})
        for mailbox in ("znana@example.org", "nieznana@example.org")
    ]
    assert [(answer.status_code, answer.location) for answer in answers] == [
        (303, own_page(person) + "/address/asked")
    ] * 2
    assert answers[0].data == answers[1].data
    assert "W\u00a0ciągu 48 godzin" in client.get(answers[0].location).text


def test_abuse_27_a_forwarded_link_alone_moves_nothing(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    form = client.get(own_page(person) + "/address")
    assert "anna@example.org" not in form.text
    client.post(own_page(person) + "/address", data={"email": "obcy@example.org"})
    _old, new = pages()
    assert client.post(new).status_code == 303
    assert "Zmianę potwierdzono z\u00a0tego adresu" in client.get(new).text
    assert email(person) == "anna@example.org"
    assert client.get(own_page(person)).status_code == 200


def test_abuse_24_opening_the_links_changes_nothing(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    client.post(own_page(person) + "/address", data={"email": "nowa@example.org"})
    for page in pages():
        for _time in range(2):
            shown = client.get(page)
            assert "Potwierdź zmianę" in shown.text
            assert "@example.org" not in shown.text.replace(person.event.organiser.contact_email, "")
            assert shown.headers["Cache-Control"] == "private, no-store"
        assert "Confirm the change" in client.get("/en" + page).text
    assert email(person) == "anna@example.org"


def test_when_both_have_agreed_the_old_link_is_dead(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    before = own_page(person)
    client.post(before + "/address", data={"email": "nowa@example.org"})
    for page in pages():
        assert client.post(page).status_code == 303
    for page in pages():
        assert "Adres został zmieniony" in client.get(page).text
    assert email(person) == "nowa@example.org"
    assert client.get(before).status_code == 404
    assert client.get(before + "/data.json").status_code == 404


def test_after_two_days_the_link_says_so(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    client.post(own_page(person) + "/address", data={"email": "nowa@example.org"})
    with time_machine.travel(NOW + timedelta(hours=48), tick=False):
        for page in pages():
            assert "Link stracił ważność" in client.get(page).text
            answer = client.post(page)
            assert answer.status_code == 409
            assert "Nic się nie zmieniło" in answer.text


@pytest.mark.parametrize("typed", ["", "nic", "anna@example.org", "ą@example.org"])
def test_what_cannot_be_an_address_is_explained_and_kept(client: FlaskClient, factory: Factory, typed: str) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    answer = client.post(own_page(person) + "/address", data={"email": typed})
    assert answer.status_code == 422
    assert "Proszę poprawić" in answer.text or "error-summary" in answer.text
    assert db.session.scalars(select(AddressChange)).all() == []


def test_who_is_not_signed_up_has_no_address_to_change(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(), state="cancelled", cancelled_by="person")
    assert client.get(own_page(person) + "/address").location == own_page(person)
    answer = client.post(own_page(person) + "/address", data={"email": "nowa@example.org"})
    assert answer.status_code == 422
    assert "Zgłoszenie jest już nieaktualne" in answer.text
