"""The site over HTTPS behind a reverse proxy that ends TLS and forwards to plain HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.sign_in import store_password
from tests.conftest import NOW
from tests.factories import Factory
from tests.panel_steps import PASSWORD, token_in

FORWARDED = {
    "Host": "127.0.0.1:8000",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "wydarzenia.urzad.example",
    "Sec-Fetch-Site": "same-origin",
    "Origin": "https://wydarzenia.urzad.example",
    "Referer": "https://wydarzenia.urzad.example/panel/sign-in",
}


@pytest.fixture
def proxied(make_app: Callable[..., Flask]) -> Any:
    app = make_app(EVENTREG_BASE_URL="https://wydarzenia.urzad.example", EVENTREG_TRUSTED_PROXIES="1")
    with app.app_context():
        factory = Factory(NOW)
        organiser = factory.organiser()
        account = factory.account(organiser, "owner", email="alice@example.org")
        store_password(account.id, PASSWORD)
        factory.event(organiser, slug="warsztaty")
        yield app


@pytest.fixture
def client(proxied: Flask) -> FlaskClient:
    client = proxied.test_client()
    client.environ_base.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in FORWARDED.items()})
    return client


def test_signing_in_and_editing_work(client: FlaskClient) -> None:
    page = client.get("/panel/sign-in", base_url="https://wydarzenia.urzad.example")
    assert page.status_code == 200
    assert "max-age" in page.headers["Strict-Transport-Security"]
    answer = client.post(
        "/panel/sign-in",
        base_url="https://wydarzenia.urzad.example",
        data={"csrf_token": token_in(page.text), "email": "alice@example.org", "password": PASSWORD},
    )
    assert answer.status_code in (302, 303)
    assert answer.location.startswith(("/panel", "https://wydarzenia.urzad.example/panel"))
    [cookie] = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    edit = client.get("/panel/events/warsztaty/edit", base_url="https://wydarzenia.urzad.example")
    assert edit.status_code == 200
    copied = client.post(
        "/panel/events/warsztaty/copy",
        base_url="https://wydarzenia.urzad.example",
        data={"csrf_token": token_in(edit.text)},
    )
    assert copied.status_code in (302, 303)
    db.session.rollback()
    assert db.session.query(Event).count() == 2


def test_a_sign_up_and_its_addresses(client: FlaskClient) -> None:
    page = client.get("/events/warsztaty")
    assert '<link rel="canonical" href="https://wydarzenia.urzad.example/events/warsztaty">' in page.text
    answer = client.post("/events/warsztaty", data={"name": "Anna Kowalska", "email": "anna@example.org"})
    assert answer.status_code == 303
    assert answer.location in ("/events/warsztaty/thanks", "https://wydarzenia.urzad.example/events/warsztaty/thanks")


def test_without_trusted_proxies_their_headers_are_not_believed(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_BASE_URL="https://wydarzenia.urzad.example")
    answer = app.test_client().get("/healthz", headers={"X-Forwarded-Host": "evil.example", "Host": "localhost"})
    assert answer.status_code == 200
    assert app.test_client().get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_a_forwarded_host_that_is_not_ours_is_refused(client: FlaskClient) -> None:
    client.environ_base["HTTP_X_FORWARDED_HOST"] = "evil.example"
    assert client.get("/events/warsztaty").status_code == 400


def test_abuse_40_a_visitor_cannot_choose_where_the_links_of_a_page_lead(client: FlaskClient) -> None:
    client.environ_base["HTTP_X_FORWARDED_PREFIX"] = "//evil.example"
    for path in ("/", "/events/warsztaty", "/panel/sign-in"):
        assert "evil.example" not in client.get(path).text
    assert "evil.example" not in client.get("/panel/account").location


def test_below_a_path_the_proxy_tells_the_prefix(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_BASE_URL="https://urzad.example/wydarzenia", EVENTREG_TRUSTED_PROXIES="1")
    headers = {"X-Forwarded-Host": "urzad.example", "X-Forwarded-Prefix": "/wydarzenia"}
    assert app.test_client().get("/panel/account", headers=headers).location.startswith("/wydarzenia/panel/sign-in")
