"""What no honest browser sends gets a calm answer, on both databases, and never an error of the database."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import create_environ

from eventreg.database import db
from eventreg.organisers.models import Account, Organiser
from tests.factories import Factory, sign_in
from tests.panel_steps import token

HUGE = 10**30


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{room}/a%00b" for room in ("events", "series", "organisers", "privacy", "registrations")),
        "/events/a%00b.ics",
        "/events/a%00b/thanks",
        "/panel/events/a%00b",
        "/panel/password/reset/a%00b0123456789",
    ],
)
def test_nul_in_a_path_is_not_found(each_database: Flask, path: str) -> None:
    assert each_database.test_client().get(path).status_code == 404


@pytest.mark.parametrize("query", ["organiser=a%00b", "series=%00", "q=%00", "month=%00", "%00=x"])
def test_nul_in_a_query_is_refused(each_database: Flask, query: str) -> None:
    for path in ("/", "/archive", "/panel/sign-in"):
        assert each_database.test_client().get(f"{path}?{query}").status_code == 400


def test_nul_in_a_form_is_refused_and_nothing_is_stored(each_database: Flask, factory: Factory) -> None:
    organiser = factory.organiser(slug="urzad")
    account = factory.account(organiser, "owner", name="Alicja")
    client = sign_in(each_database, account)
    for fields in ({"name": "a\x00b", "language": "pl"}, {"a\x00b": "x"}):
        answer = client.post("/panel/account", data={"csrf_token": token(client), **fields})
        assert answer.status_code == 400
    db.session.rollback()
    assert db.session.get_one(Account, account.id, populate_existing=True).name == "Alicja"
    asked = client.post("/panel/password/forgotten", data={"csrf_token": token(client), "email": "a\x00@example.org"})
    assert asked.status_code == 400


def test_numbers_that_no_database_holds_name_nothing(each_database: Flask, factory: Factory) -> None:
    organiser = factory.organiser(slug="urzad")
    factory.event(db.session.get_one(Organiser, organiser.id), slug="warsztaty")
    owner = sign_in(each_database, factory.account(organiser, "owner"))
    administrator = sign_in(each_database, factory.administrator())
    for number in (2**31, 2**63, HUGE):
        for path in (f"events/warsztaty/registrations/{number}", f"events/warsztaty/mail/{number}"):
            assert owner.get(f"/panel/{path}").status_code == 404
        assert owner.get(f"/panel/organisers/urzad/clause/versions/{number}").status_code == 404
        assert administrator.get(f"/panel/administration/accounts/{number}").status_code == 404
        assert administrator.get(f"/panel/administration/mail/{number}").status_code == 404
    for number in (-HUGE, HUGE, "x"):
        assert owner.get(f"/panel/organisers/urzad/trail?before={number}").status_code == 200
        assert owner.get(f"/panel/events/warsztaty/mail?page={number}").status_code == 200
        assert owner.get(f"/panel/events/warsztaty/registrations?page={number}").status_code == 200
        assert owner.get(f"/panel/events?page={number}").status_code == 200
        assert owner.get(f"/?page={number}").status_code == 200


@pytest.mark.parametrize(
    "environ",
    [
        {"PATH_INFO": "/events/\xff\xfe"},
        {"QUERY_STRING": "q=%ff%fe&month=%ed%a0%80"},
        {"HTTP_COOKIE": "eventreg_panel=\xff\xfe; a"},
        {"HTTP_X_REQUEST_ID": "a\xff{}<script>"},
        {"HTTP_IF_NONE_MATCH": '"\xff", W/"'},
        {"HTTP_ACCEPT_LANGUAGE": "\xff;q=x"},
        {"REQUEST_METHOD": "BREW"},
        {"REQUEST_METHOD": "TRACE"},
        {"CONTENT_TYPE": "multipart/form-data; boundary=", "REQUEST_METHOD": "POST"},
        {"CONTENT_LENGTH": "-1", "REQUEST_METHOD": "POST"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/panel/sign-in"])
def test_broken_requests_are_no_errors_of_ours(app: Flask, path: str, environ: dict[str, Any]) -> None:
    answer = app.test_client().open({**create_environ(path), **environ})
    assert answer.status_code < 500
    assert "<script>" not in answer.headers.get("X-Request-Id", "")
