"""'Find my registration': the same answer for everybody (abuse 16)."""

from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventreg.database import db
from eventreg.outbox.models import Mail
from tests.conftest import NOW
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def mails() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(Mail)).one()


def test_it_is_found_from_every_page(client: FlaskClient) -> None:
    assert 'href="/find-registration"' in client.get("/").text
    assert "Odszukaj zgłoszenie" in client.get("/find-registration").text
    assert "Find my registration" in client.get("/en/find-registration").text


def test_abuse_16_the_same_bytes_known_or_not_and_whatever_was_mailed(client: FlaskClient, factory: Factory) -> None:
    factory.registration(factory.event(), email="anna@example.org")
    answers = [
        client.post("/find-registration", data={"email": typed})
        for typed in ("anna@example.org", "nikt@example.org", "anna@example.org")  # known, unknown, within the hour
    ]
    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1
    headers = [{key: value for key, value in answer.headers if key != "X-Request-Id"} for answer in answers]
    assert headers[0] == headers[1] == headers[2]
    assert "Set-Cookie" not in headers[0]
    assert mails() == 1
    sent = client.get(answers[0].location)
    assert "Prosimy zajrzeć do skrzynki" in sent.text
    assert "raz na 60 minut" in sent.text


def test_abuse_18_the_trap_and_what_is_no_address(client: FlaskClient, factory: Factory) -> None:
    factory.registration(factory.event(), email="anna@example.org")
    trapped = client.post("/find-registration", data={"email": "anna@example.org", "website": "x"})
    assert trapped.status_code == 422
    assert 'value="anna@example.org"' in trapped.text
    for typed in ("", "nic", "a" * 300 + "@example.org"):
        assert client.post("/find-registration", data={"email": typed}).status_code == 422
    assert mails() == 0


def test_abuse_24_opening_the_pages_sends_nothing(client: FlaskClient, factory: Factory) -> None:
    factory.registration(factory.event(), email="anna@example.org")
    for path in ("/find-registration?email=anna@example.org", "/find-registration/sent"):
        assert client.get(path).status_code == 200
    assert mails() == 0


def test_posts_from_other_sites_are_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/find-registration", data={"email": "anna@example.org"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400


def test_it_is_rate_limited_by_client(make_app: Any) -> None:
    client = make_app(EVENTREG_RATE_LIMITS="on").test_client()
    answers = [client.post("/find-registration", data={"email": "x@example.org"}).status_code for _number in range(21)]
    assert answers == [303] * 20 + [429]
