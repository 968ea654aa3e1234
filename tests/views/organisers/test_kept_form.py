"""A session that expires while somebody writes loses no text, and stores nothing without a valid token."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.database import db
from eventreg.organisers.models import Account, Organiser
from eventreg.organisers.sign_in import close_all_sessions
from eventreg.privacy.models import InformationClause
from tests.factories import Factory, sign_in
from tests.panel_steps import PASSWORD, token, token_in, try_to_sign_in

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
TEXT = "\nPierwszy wiersz <b>&amp;\r\n\r\n  drugi „wiersz”"


@pytest.fixture
def organiser(factory: Factory) -> Organiser:
    return factory.organiser(slug="urzad")


@pytest.fixture
def alice(alice: Account, organiser: Organiser) -> Account:
    from tests.factories import Membership, transaction

    with transaction() as session:
        session.add(Membership(account_id=alice.id, organiser_id=organiser.id, role="owner"))
    return alice


CLAUSE = "/panel/organisers/urzad/clause/"


def write_clause(client: FlaskClient, csrf_token: str, **headers: str) -> TestResponse:
    data = {
        "csrf_token": csrf_token,
        "controller": "Gmina",
        "address": "Rynek 1",
        "contact": "um@example.org",
        "retention_months": "12",
        "text_pl": TEXT,
        "action": "save",
    }
    return client.post(CLAUSE, data=data, headers=headers or SAME_ORIGIN)


def versions() -> int:
    db.session.rollback()
    return db.session.query(InformationClause).filter_by(organiser_id=_id()).count()


def _id() -> int:
    return db.session.query(Organiser.id).filter_by(slug="urzad").scalar()


def kept_fields(page: str) -> dict[str, str]:
    """What a browser would send back: the parser drops one line feed right after the tag."""
    found = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, flags=re.S)
    return {name: html.unescape(value) for name, value in found}


def normal(text: str) -> str:
    return text.replace("\r\n", "\n")


def test_signed_out_meanwhile_the_text_comes_back_and_is_saved_after_signing_in(app: Flask, alice: Account) -> None:
    client = sign_in(app, alice)
    csrf_token = token(client, CLAUSE)
    close_all_sessions(alice.id)  # on another machine
    answer = write_clause(client, csrf_token)
    assert answer.status_code == 401
    assert versions() == 1
    fields = kept_fields(answer.text)
    assert normal(fields["text_pl"]) == normal(TEXT)
    assert fields["controller"] == "Gmina"
    assert "csrf_token" not in fields
    assert f'action="{CLAUSE}"' in answer.text
    assert 'href="/panel/sign-in" target="_blank"' in answer.text

    try_to_sign_in(client, alice.email, PASSWORD)  # in another tab: the token of the kept page is stale now
    again = client.post(CLAUSE, data={**fields, "csrf_token": token_in(answer.text)}, headers=SAME_ORIGIN)
    assert again.status_code == 400
    assert versions() == 1
    assert normal(kept_fields(again.text)["text_pl"]) == normal(TEXT)
    saved = client.post(
        CLAUSE, data={**kept_fields(again.text), "csrf_token": token_in(again.text)}, headers=SAME_ORIGIN
    )
    assert saved.status_code == 303
    assert versions() == 2


def test_a_cookie_that_is_gone_loses_nothing_either(app: Flask, alice: Account) -> None:
    client = sign_in(app, alice)
    csrf_token = token(client, CLAUSE)
    client.delete_cookie("eventreg_panel")
    answer = write_clause(client, csrf_token)
    assert answer.status_code == 400
    assert normal(kept_fields(answer.text)["text_pl"]) == normal(TEXT)
    assert versions() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-Nothing": "said"},
    ],
)
def test_abuse_37_a_strangers_text_is_never_shown_to_be_sent_on(
    app: Flask, alice: Account, headers: dict[str, str]
) -> None:
    client = sign_in(app, alice)
    answer = write_clause(client, "forged", **headers)
    assert answer.status_code == 400
    assert "Pierwszy wiersz" not in answer.text
    assert "<form" not in answer.text.split("<main", 1)[1]
    assert versions() == 1


def test_passwords_and_codes_are_never_shown_again(app: Flask, alice: Account) -> None:
    client = sign_in(app, alice)
    for path, fields in (
        ("/panel/password", {"current_password": PASSWORD, "password": "sekret sekret sekret"}),
        ("/panel/account/second-factor", {"code": "123456"}),
        ("/panel/sign-in", {"email": alice.email, "password": PASSWORD}),
    ):
        answer = client.post(path, data={"csrf_token": "stale", **fields}, headers=SAME_ORIGIN)
        assert answer.status_code in (303, 400)
        for secret in fields.values():
            assert secret not in answer.text


def test_a_button_pressed_after_the_session_ended_leads_to_signing_in(client: FlaskClient) -> None:
    answer = client.post("/panel/sign-out", data={"csrf_token": "stale"}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.location) == (303, "/panel/sign-in")
