"""The mail log over HTTP: whose it is, what it shows and hides, trying again."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.organisers import account_mails
from eventreg.organisers.models import Account, AuditEntry
from eventreg.outbox import queue
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.heartbeat import beat
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory, confirm_sign_up, sign_in


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(title="Dobre praktyki", slug="dobre-praktyki")


@pytest.fixture
def jan(factory: Factory, event: Event) -> Registration:
    return factory.registration(event, name="Jan Łoś", email="jan@example.org")


@pytest.fixture
def mail_id(event: Event, jan: Registration) -> int:
    return confirm_sign_up(event, jan, NOW)


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner"))


@pytest.fixture
def administrator(app: Flask, factory: Factory) -> FlaskClient:
    return sign_in(app, factory.administrator())


def the_mail(mail_id: int) -> Mail:
    db.session.rollback()
    return db.session.get_one(Mail, mail_id, populate_existing=True)


def fail(mail_id: int, answer: str = "550 no such user jan@example.org") -> None:
    (claimed,) = queue.claim_due(NOW, "a:1:x", 10)
    assert claimed.id == mail_id
    queue.begin_try(mail_id, "a:1:x", NOW)
    queue.mark_failed(claimed, "a:1:x", answer)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_log_of_an_event_tells_recipient_occasion_state_and_answer(alice: FlaskClient, mail_id: int) -> None:
    fail(mail_id)
    page = alice.get("/panel/events/dobre-praktyki/mail").text
    for words in ("Jan Łoś", "jan@example.org", "Potwierdzenie", "550 no such user"):
        assert words in page
    assert "Jan Łoś" in alice.get("/panel/events/dobre-praktyki/mail?show=trouble").text
    assert "Jan Łoś" not in alice.get("/panel/events/dobre-praktyki/mail?show=waiting").text
    assert alice.get("/panel/events/dobre-praktyki/mail?show=nonsense&page=99").status_code == 200


def test_the_log_of_an_organiser_links_to_each_mail(alice: FlaskClient, event: Event, mail_id: int) -> None:
    page = alice.get(f"/panel/organisers/{event.organiser.slug}/mail").text
    assert f"/panel/events/dobre-praktyki/mail/{mail_id}" in page


@pytest.mark.parametrize("delivered", [False, True])
def test_the_preview_shows_the_words_and_masks_the_persons_link(
    alice: FlaskClient, jan: Registration, mail_id: int, delivered: bool
) -> None:
    if delivered:
        assert deliver_due(Delivery("a:1:x", lambda: NOW)).left == 1
        assert the_mail(mail_id).state == "filed"
    token = signed_token("registration", jan.link_key)
    for path in ("", "/html"):
        answer = alice.get(f"/panel/events/dobre-praktyki/mail/{mail_id}{path}")
        assert answer.status_code == 200
        assert "Dobre praktyki" in answer.text
        assert token not in answer.text
        assert jan.link_key not in answer.text
        assert "/registrations/…" in answer.text
    assert "invite.ics" in alice.get(f"/panel/events/dobre-praktyki/mail/{mail_id}").text


def test_the_mails_html_stands_in_a_sandbox_that_loads_and_runs_nothing(alice: FlaskClient, mail_id: int) -> None:
    page = alice.get(f"/panel/events/dobre-praktyki/mail/{mail_id}")
    assert re.search(r"<iframe[^>]* sandbox [^>]*src=", page.text)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    frame = alice.get(f"/panel/events/dobre-praktyki/mail/{mail_id}/html")
    assert frame.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in frame.headers["Cache-Control"]


def test_try_again_puts_a_failed_mail_back_and_leaves_a_trace(alice: FlaskClient, mail_id: int) -> None:
    fail(mail_id)
    page = alice.get(f"/panel/events/dobre-praktyki/mail/{mail_id}").text
    answer = alice.post(
        f"/panel/events/dobre-praktyki/mail/{mail_id}/again",
        data={"csrf_token": token_of(page)},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 303
    assert the_mail(mail_id).state == "queued"
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail_tried_again")).one()
    assert trail.detail == {"mail": mail_id}


def test_abuse_28_a_mail_of_another_organiser_is_not_there(
    app: Flask, factory: Factory, event: Event, mail_id: int
) -> None:
    other = factory.event(slug="inne")
    bob = sign_in(app, factory.account(other.organiser, "owner"))
    own_page = bob.get("/panel/events/inne/mail").text
    token = token_of(own_page)
    for path in (
        "/panel/events/dobre-praktyki/mail",
        f"/panel/events/dobre-praktyki/mail/{mail_id}",
        f"/panel/events/inne/mail/{mail_id}",
        f"/panel/events/inne/mail/{mail_id}/html",
        f"/panel/organisers/{event.organiser.slug}/mail",
        "/panel/administration/mail",
        f"/panel/administration/mail/{mail_id}",
    ):
        assert bob.get(path).status_code == 404, path
    for path in (f"/panel/events/inne/mail/{mail_id}/again", f"/panel/administration/mail/{mail_id}/again"):
        posted = bob.post(path, data={"csrf_token": token}, headers={"Origin": "http://localhost"})
        assert posted.status_code == 404, path
    assert "Jan Łoś" not in own_page


def test_abuse_28_door_staff_and_strangers_see_no_mail(
    app: Flask, factory: Factory, event: Event, mail_id: int, client: FlaskClient
) -> None:
    door = sign_in(app, factory.account(event.organiser, "door"))
    path = f"/panel/events/dobre-praktyki/mail/{mail_id}"
    assert door.get(path).status_code == 404
    assert client.get(path).status_code == 302


def test_abuse_28_the_administrator_sees_stuck_mails_without_recipient_and_content(
    administrator: FlaskClient, event: Event, jan: Registration, mail_id: int
) -> None:
    assert "Wszystkie wiadomości zostały wysłane." in administrator.get("/panel/administration/mail").text
    fail(mail_id)
    page = administrator.get("/panel/administration/mail").text
    assert event.organiser.name in page
    assert "550 no such user" in page
    for hidden in ("Jan Łoś", "jan@example.org", "Dobre praktyki", jan.link_key):
        assert hidden not in page
    assert administrator.get(f"/panel/administration/mail/{mail_id}").status_code == 404
    assert administrator.get(f"/panel/events/dobre-praktyki/mail/{mail_id}").status_code == 404


def test_the_administrator_sends_a_stuck_mail_again_unseen(administrator: FlaskClient, mail_id: int) -> None:
    fail(mail_id)
    page = administrator.get("/panel/administration/mail").text
    answer = administrator.post(
        f"/panel/administration/mail/{mail_id}/again",
        data={"csrf_token": token_of(page)},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 303
    assert the_mail(mail_id).state == "queued"


def test_a_late_mail_is_stuck_even_if_nothing_failed(administrator: FlaskClient, event: Event, mail_id: int) -> None:
    with transaction() as session:
        session.get_one(Mail, mail_id).next_try_at = NOW - timedelta(hours=1)
    assert event.organiser.name in administrator.get("/panel/administration/mail").text


def test_without_a_mail_server_the_administrator_hands_on_an_invitation_and_no_other_link(
    administrator: FlaskClient, app: Flask, factory: Factory
) -> None:
    account: Account = factory.account(email="nowa@example.org")
    account_mails.account_invited(account, "the-invitation", "Urząd", NOW)
    account_mails.password_reset(account, "the-reset", NOW)
    while deliver_due(Delivery("a:1:x", lambda: NOW)).left:
        pass
    invited, reset = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert (invited.state, invited.facts["link"], reset.facts["link"]) == ("filed", "", "")
    page = administrator.get("/panel/administration/mail").text
    assert f"/panel/administration/mail/{invited.id}" in page
    assert "the-invitation" in administrator.get(f"/panel/administration/mail/{invited.id}").text
    assert administrator.get(f"/panel/administration/mail/{reset.id}").status_code == 404


def test_readyz_tells_whether_the_mail_worker_lives(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"database": "ok", "worker": "silent"}
    beat("a:1:x", NOW, None)
    assert client.get("/readyz").json == {"database": "ok", "worker": "ok"}


@pytest.mark.parametrize(
    ("said", "polish", "english"),
    [
        (
            "ConnectionRefusedError: [Errno 111] Connection refused",
            "Serwer poczty nie odpowiada.",
            "The mail server does not answer.",
        ),
        (
            "550 5.1.1 No such user",
            "Serwer poczty nie przyjmuje adresu odbiorcy. Odpowiedź serwera:",
            "The mail server does not accept this recipient&#39;s address. It says:",
        ),
    ],
)
def test_what_went_wrong_is_told_in_the_readers_words_and_then_as_it_was_said(
    alice: FlaskClient, administrator: FlaskClient, mail_id: int, said: str, polish: str, english: str
) -> None:
    with transaction() as session:
        mail = session.get_one(Mail, mail_id)
        mail.state, mail.last_error = "failed", said
    log = "/panel/events/dobre-praktyki/mail"
    for client, path in ((alice, log), (alice, f"{log}/{mail_id}"), (administrator, "/panel/administration/mail")):
        for page, words in ((client.get(path).text, polish), (client.get(f"/en{path}").text, english)):
            assert 0 < page.find(words) < page.find(f'<small lang="en">{said}</small>')
