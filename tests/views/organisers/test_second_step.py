"""The second step of signing in: codes of an authenticator."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.organisers.models import Account
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import PASSWORD, post, token_in, try_to_sign_in

SCREEN = "/panel/account/second-factor"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def authenticator(page: str) -> TOTP:
    """A telephone that typed in the key of the page."""
    found = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    assert found is not None
    return TOTP(key=found[1], format="base32")


def code_of(telephone: TOTP) -> str:
    return str(telephone.generate().token)


@pytest.fixture
def telephone(app: Flask, alice: Account) -> TOTP:
    """Alice's, with the second step turned on a minute ago."""
    client = sign_in(app, alice)
    page = client.get(SCREEN).text
    telephone = authenticator(page)
    assert "data:image/svg+xml" in page
    answer = client.post(SCREEN, data={"csrf_token": token_in(page), "code": code_of(telephone)})
    assert answer.status_code == 303
    db.session.rollback()
    return telephone


def to_second_step(client: FlaskClient, email: str) -> str:
    answer = try_to_sign_in(client, email, PASSWORD, next="/panel/account")
    assert answer.location == "/panel/second-factor?next=/panel/account"
    return client.get(answer.location).text


def test_password_and_code_open_the_panel(
    app: Flask, alice: Account, telephone: TOTP, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    client = app.test_client()
    page = to_second_step(client, alice.email)
    assert client.get("/panel/account").status_code == 302, "the password alone opens nothing"
    digits = code_of(telephone)
    data = {"csrf_token": token_in(page), "code": f"{digits[:3]} {digits[3:]}", "next": "/panel/account"}
    assert client.post("/panel/second-factor", data=data).location == "/panel/account"
    assert client.get("/panel/account").status_code == 200


def test_no_code_works_twice(app: Flask, alice: Account, telephone: TOTP, clock: time_machine.Traveller) -> None:
    clock.shift(60)
    first, second = app.test_client(), app.test_client()
    pages = [to_second_step(client, alice.email) for client in (first, second)]
    code = code_of(telephone)
    answers = [
        client.post("/panel/second-factor", data={"csrf_token": token_in(page), "code": code})
        for client, page in zip((first, second), pages, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [303, 422]


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦"])
def test_a_wrong_code_is_refused(app: Flask, alice: Account, telephone: TOTP, code: str) -> None:
    assert telephone is not None
    client = app.test_client()
    data = {"csrf_token": token_in(to_second_step(client, alice.email)), "code": code}
    assert client.post("/panel/second-factor", data=data).status_code == 422
    assert client.get("/panel/account").status_code == 302


def test_the_second_step_waits_ten_minutes(
    app: Flask, alice: Account, telephone: TOTP, clock: time_machine.Traveller
) -> None:
    client = app.test_client()
    page = to_second_step(client, alice.email)
    clock.shift(601)
    data = {"csrf_token": token_in(page), "code": code_of(telephone)}
    assert client.post("/panel/second-factor", data=data).location == "/panel/sign-in"


def test_without_a_password_there_is_no_second_step(app: Flask, telephone: TOTP) -> None:
    client = app.test_client()
    assert client.get("/panel/second-factor").location == "/panel/sign-in"
    answer = post(client, "/panel/second-factor", form_on="/panel/sign-in", code=code_of(telephone))
    assert answer.location == "/panel/sign-in"


def test_abuse_34_guessing_codes_waits(limited_app: Flask) -> None:
    owner = limited_app.test_client()
    try_to_sign_in(owner, "alice@example.org", PASSWORD)
    page = owner.get(SCREEN).text
    owner.post(SCREEN, data={"csrf_token": token_in(page), "code": code_of(authenticator(page))})
    guesser = limited_app.test_client()
    token = token_in(to_second_step(guesser, "alice@example.org"))
    statuses = [
        guesser.post("/panel/second-factor", data={"csrf_token": token, "code": f"{n:06}"}).status_code
        for n in range(7)
    ]
    assert statuses == [422] * 5 + [429] * 2


def test_the_secret_is_stored_encrypted(alice: Account, telephone: TOTP) -> None:
    stored = db.session.get_one(Account, alice.id, populate_existing=True).tf_totp_secret
    assert stored is not None
    assert telephone.base32_key not in stored.replace("-", "")
    assert '"enckey"' in stored


def test_turning_it_off_needs_the_password(app: Flask, alice: Account, telephone: TOTP) -> None:
    assert telephone is not None
    client = sign_in(app, db.session.get_one(Account, alice.id, populate_existing=True))
    off = SCREEN + "/off"
    assert post(client, off, form_on=SCREEN, current_password="nie to hasło").status_code == 422
    assert try_to_sign_in(app.test_client(), alice.email, PASSWORD).location == "/panel/second-factor"
    assert post(client, off, form_on=SCREEN, current_password=PASSWORD).status_code == 303
    assert try_to_sign_in(app.test_client(), alice.email, PASSWORD).location == "/panel/"


def test_the_administrator_resets_it_for_a_lost_telephone(
    app: Flask, factory: Factory, alice: Account, telephone: TOTP
) -> None:
    assert telephone is not None
    client = sign_in(app, factory.administrator())
    screen = f"/panel/administration/accounts/{alice.id}"
    assert post(client, f"{screen}/second-factor/reset", form_on=screen).status_code == 303
    assert try_to_sign_in(app.test_client(), alice.email, PASSWORD).location == "/panel/"


def test_turning_it_on_ends_other_sessions_and_a_wrong_code_changes_nothing(app: Flask, alice: Account) -> None:
    here, elsewhere = sign_in(app, alice), sign_in(app, alice)
    page = here.get(SCREEN).text
    assert here.post(SCREEN, data={"csrf_token": token_in(page), "code": "000000"}).status_code == 422
    assert elsewhere.get("/panel/account").status_code == 200
    code = code_of(authenticator(here.get(SCREEN).text))
    assert here.post(SCREEN, data={"csrf_token": token_in(page), "code": code}).status_code == 303
    assert here.get("/panel/account").status_code == 200
    assert elsewhere.get("/panel/account").status_code == 302


def test_a_closed_account_gets_no_second_step(app: Flask, alice: Account, telephone: TOTP) -> None:
    client = app.test_client()
    page = to_second_step(client, alice.email)
    with transaction() as session:
        session.get_one(Account, alice.id).active = False
    data = {"csrf_token": token_in(page), "code": code_of(telephone)}
    assert client.post("/panel/second-factor", data=data).location == "/panel/sign-in"


def test_abuse_34_codes_cannot_be_guessed_from_many_addresses(limited_app: Flask) -> None:
    """Each address is new, so only the account's own limit stands between the guesser and a million codes."""
    account = db.session.scalars(select(Account).where(Account.email == "alice@example.org")).one()
    client = sign_in(limited_app, account)
    page = client.get(SCREEN).text
    client.post(SCREEN, data={"csrf_token": token_in(page), "code": code_of(authenticator(page))})
    answers = []
    for number in range(22):
        guesser = limited_app.test_client()
        where = f"198.51.100.{number + 1}"
        try_to_sign_in(guesser, account.email, PASSWORD, client_address=where)
        form = guesser.get("/panel/second-factor", environ_base={"REMOTE_ADDR": where})
        code = {"csrf_token": token_in(form.text), "code": "000000"}
        answers.append(guesser.post("/panel/second-factor", data=code, environ_base={"REMOTE_ADDR": where}).status_code)
    assert answers == [422] * 20 + [429] * 2
