"""The sign-up form over HTTP: what it answers, what it keeps, what it refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from eventreg.database import db, transaction
from eventreg.events.models import Event, FormerSlug
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event()


def post(client: FlaskClient, event: Event, path: str = "", **fields: str) -> TestResponse:
    data = {"name": "Anna Kowalska", "email": "anna@example.org", **fields}
    return client.post(f"{path}/events/{event.slug}", data=data)


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def test_one_post_and_the_thanks_page(client: FlaskClient, event: Event) -> None:
    answer = post(client, event)
    assert (answer.status_code, answer.location) == (303, f"/events/{event.slug}/thanks")
    thanks = client.get(answer.location)
    assert thanks.status_code == 200
    assert "Przyjęliśmy zgłoszenie." in thanks.text
    assert "/registrations/" not in thanks.text
    assert "anna@example.org" not in thanks.text
    assert people() == 1


def test_in_english_the_registration_speaks_english(client: FlaskClient, event: Event) -> None:
    answer = post(client, event, path="/en")
    assert answer.location == f"/en/events/{event.slug}/thanks"
    assert "We have received the registration.</h1>" in client.get(answer.location).text
    assert db.session.scalars(select(Registration.language)).one() == "en"
    assert db.session.scalars(select(Mail.language)).one() == "en"


def test_abuse_16_the_second_time_looks_like_the_first(client: FlaskClient, event: Event) -> None:
    first, second = post(client, event), post(client, event)
    assert (first.status_code, first.location, first.data) == (second.status_code, second.location, second.data)
    without = {"X-Request-Id", "Date"}
    assert {k: v for k, v in first.headers if k not in without} == {k: v for k, v in second.headers if k not in without}
    assert people() == 1


def test_abuse_16_a_full_event_answers_everybody_alike(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=1)
    post(client, event)
    known, stranger = post(client, event), post(client, event, name="Jan Łoś", email="jan@example.org")
    assert known.status_code == stranger.status_code == 422
    assert "Wszystkie miejsca są zajęte" in known.text

    def neutral(page: str) -> str:
        for typed in ("Anna Kowalska", "anna@example.org", "Jan Łoś", "jan@example.org"):
            page = page.replace(typed, "…")
        return page

    assert neutral(known.text) == neutral(stranger.text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Proszę podać imię i nazwisko."),
        ({"email": ""}, "Proszę podać adres e-mail."),
        ({"email": "anna(at)example.org"}, "Proszę sprawdzić adres e-mail."),
        ({"name": "x" * 121}, "najwyżej 120 znaków"),
    ],
)
def test_an_error_is_told_beside_the_field_and_nothing_is_lost(
    client: FlaskClient, event: Event, fields: dict[str, str], words: str
) -> None:
    answer = post(client, event, **fields)
    assert answer.status_code == 422
    assert answer.text.count(words) >= 2, "in the summary and beside the field"
    assert "<title>Błąd: " in answer.text
    for name, value in {"name": "Anna Kowalska", "email": "anna@example.org", **fields}.items():
        if value:
            assert f'name="{name}"' in answer.text
            assert f'value="{value}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert people() == 0


@pytest.mark.parametrize(
    "name",
    [
        "https://spam.example.org",
        "Wygraj na www.example.org",
        "Kup teraz example.com",
        "Anna\u202eKowalska",
        "Anna\u200bKowalska",
        "Anna\x00Kowalska",
        "12345",
    ],
)
def test_abuse_03_07_names_that_carry_links_or_unseen_characters(client: FlaskClient, event: Event, name: str) -> None:
    assert post(client, event, name=name).status_code == 422
    assert people() == 0


@pytest.mark.parametrize("name", ["dr inż.Jan Kowalski", "Agata Nijander-Dudzińska", "O’Brien Łucja", "Ян Ковальский"])
def test_abuse_03_07_honest_names_pass(client: FlaskClient, event: Event, name: str) -> None:
    assert post(client, event, name=name).status_code == 303


def test_abuse_03_html_in_a_name_is_escaped(client: FlaskClient, event: Event) -> None:
    answer = post(client, event, name="<script>alert(1)</script>", email="")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_abuse_08_a_cyrillic_look_alike_address(client: FlaskClient, event: Event) -> None:
    assert post(client, event, email="аnna@example.org").status_code == 422  # a Cyrillic a
    assert people() == 0


def test_abuse_09_bodies_over_the_limit(client: FlaskClient, event: Event) -> None:
    assert post(client, event, name="x" * 1_000_000).status_code == 413
    many = client.post(f"/events/{event.slug}", data={f"f{n}": "" for n in range(10_000)})
    assert many.status_code in (400, 413)
    assert people() == 0


def test_abuse_18_a_filled_trap_is_told_and_keeps_what_was_typed(client: FlaskClient, event: Event) -> None:
    answer = post(client, event, website="https://example.org")
    assert answer.status_code == 422
    assert 'value="Anna Kowalska"' in answer.text
    assert people() == 0


def test_abuse_18_the_cap_per_mailbox_explains_itself(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(cap_per_address=2)
    for name in ("Jan Łoś", "Ewa Ćwik"):
        assert post(client, event, name=name).status_code == 303
    answer = post(client, event, name="Maria Ścisło")
    assert answer.status_code == 422
    assert "tyle osób, na ile pozwala organizator" in answer.text


def test_abuse_18_a_client_that_posts_without_end_is_slowed(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_RATE_LIMITS="on")
    with app.app_context():
        slug = Factory(NOW).event().slug
        client = app.test_client()
        codes = [client.post(f"/events/{slug}", data={"name": ""}).status_code for _ in range(70)]
    assert codes[0] == 422
    assert codes[-1] == 429
    assert codes.count(422) == 60


def test_who_comes_in_a_bad_moment_loses_nothing(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_RATE_LIMITS="on")
    with app.app_context():
        slug = Factory(NOW).event().slug
        client = app.test_client()
        for _ in range(60):
            client.post(f"/events/{slug}", data={"name": ""})
        page = client.post(f"/events/{slug}", data={"name": 'Jan "Łoś"', "email": "jan@example.org"})
    assert (page.status_code, page.headers["Retry-After"]) == (429, "60")
    assert f'<form method="post" action="/events/{slug}">' in page.text
    assert 'name="name" value="Jan &#34;Łoś&#34;"' in page.text
    assert 'name="email" value="jan@example.org"' in page.text


def test_a_form_that_was_open_while_the_address_changed_still_signs_up(
    client: FlaskClient, factory: Factory, event: Event
) -> None:
    old = event.slug
    with transaction() as session:
        session.get_one(Event, event.id).slug = "nowy-adres"
        session.add(FormerSlug(slug=old, event_id=event.id))
    answer = client.post(f"/events/{old}", data={"name": "Anna Kowalska", "email": "anna@example.org"})
    assert (answer.status_code, answer.location) == (303, "/events/nowy-adres/thanks")
    assert client.get(f"/events/{old}/thanks").status_code == 200
    assert people() == 1


def test_abuse_22_a_draft_is_not_there_and_a_closed_one_refuses(client: FlaskClient, factory: Factory) -> None:
    assert post(client, factory.event(state="draft")).status_code == 404
    closed = factory.event(sign_up_closes_at=NOW - timedelta(seconds=1))
    answer = post(client, closed)
    assert answer.status_code == 422
    assert people() == 0


def test_abuse_33_extra_fields_are_ignored(client: FlaskClient, factory: Factory, event: Event) -> None:
    other = factory.event()
    fields = {"event_id": str(other.id), "state": "cancelled", "id": "7", "surname": "X", "source": "panel"}
    assert post(client, event, **fields).status_code == 303
    row = db.session.scalars(select(Registration)).one()
    assert (row.event_id, row.state, row.surname, row.source) == (event.id, "confirmed", "Kowalska", "web")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_abuse_37_a_post_from_another_site_is_refused(
    client: FlaskClient, event: Event, headers: dict[str, str]
) -> None:
    data = {"name": "Anna Kowalska", "email": "anna@example.org"}
    assert client.post(f"/events/{event.slug}", data=data, headers=headers).status_code == 400
    assert people() == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
def test_a_post_from_our_own_page_or_an_old_browser_passes(
    client: FlaskClient, event: Event, headers: dict[str, str]
) -> None:
    data = {"name": "Anna Kowalska", "email": "anna@example.org"}
    assert client.post(f"/events/{event.slug}", data=data, headers=headers).status_code == 303


def test_abuse_40_a_foreign_host_header_is_refused(client: FlaskClient, event: Event) -> None:
    assert client.get(f"/events/{event.slug}", headers={"Host": "evil.example"}).status_code == 400


def test_abuse_39_40_visitors_get_no_cookie_and_no_frame(client: FlaskClient, event: Event) -> None:
    for answer in (client.get(f"/events/{event.slug}"), post(client, event), client.get("/"), client.get("/nothing")):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_locked_database_is_503_and_nothing_is_half_done(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from eventreg import database

    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0)
    app = make_app()
    with app.app_context():
        slug = Factory(NOW).event().slug
        blocker = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        answer = app.test_client().post(f"/events/{slug}", data={"name": "Anna Kowalska", "email": "a@example.org"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
        blocker.execute("ROLLBACK")
        assert people() == 0
        again = app.test_client().post(f"/events/{slug}", data={"name": "Anna Kowalska", "email": "a@example.org"})
        assert again.status_code == 303
        blocker.close()


@pytest.mark.parametrize("query", ["language=x", "endpoint=x", "slug=other", "token=x", "self=1"])
def test_any_query_string_is_harmless(client: FlaskClient, event: Event, query: str) -> None:
    for path in (f"/events/{event.slug}/thanks", f"/events/{event.slug}", "/", "/panel/sign-in"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_archived_events_are_nobodys_business(client: FlaskClient, factory: Factory) -> None:
    archived = factory.event(state="archived")
    assert post(client, archived).status_code == 404
    assert client.get(f"/events/{archived.slug}/thanks").status_code == 404
