"""Signing in and out, forgotten passwords, invitations: abuse cases 33 to 38."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.organisers import account_mails
from eventreg.organisers.models import Account, AuditEntry
from eventreg.organisers.sign_in import check_credentials, store_password
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import QUOTA_PER_ADDRESS
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import PASSWORD, post, token_in, try_to_sign_in


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def fresh(account: Account) -> Account:
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def last_mail() -> Mail:
    db.session.rollback()
    mail = db.session.scalar(select(Mail).order_by(Mail.id.desc()).limit(1))
    assert mail is not None
    return mail


def path_in(mail: Mail) -> str:
    return str(mail.facts["link"]).removeprefix("http://localhost")


def test_the_right_password_opens_the_panel(client: FlaskClient, alice: Account) -> None:
    answer = try_to_sign_in(client, " Alice@Example.org", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/panel/")
    assert client.get("/panel/account").status_code == 200
    assert "Alicja Nowak" in client.get("/panel/account").text


def test_a_wrong_password_and_an_unknown_account_look_the_same(client: FlaskClient, alice: Account) -> None:
    wrong = try_to_sign_in(client, alice.email, "wrong password 1")
    unknown = try_to_sign_in(client, "nobody@example.org", "wrong password 1")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(alice.email, "") == unknown.text.replace("nobody@example.org", "")
    assert "wrong password 1" not in wrong.text


def test_an_empty_form_is_explained(client: FlaskClient) -> None:
    answer = try_to_sign_in(client, "", "")
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'href="#password"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_same_password_typed_in_two_unicode_forms_is_one(factory: Factory, client: FlaskClient) -> None:
    account = factory.account(factory.organiser(), email="zofia@example.org")
    store_password(account.id, "zażółć gęślą jaźń")
    decomposed = "zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301"
    assert try_to_sign_in(client, "zofia@example.org", decomposed).status_code == 303


def test_a_closed_account_does_not_open(client: FlaskClient, alice: Account) -> None:
    with transaction() as session:
        session.get_one(Account, alice.id).active = False
    assert try_to_sign_in(client, alice.email, PASSWORD).status_code == 422


def test_abuse_33_extra_fields_give_nothing(client: FlaskClient, alice: Account) -> None:
    try_to_sign_in(client, alice.email, PASSWORD, is_admin="1", administrator="y", organiser_id="1")
    post(client, "/panel/account", name="Alicja", language="pl", active="", roles="administrator", email="x@y.z")
    account = fresh(alice)
    assert (account.email, account.active, account.roles, account.name) == (alice.email, True, [], "Alicja")
    assert client.get("/panel/administration/").status_code == 404


def test_abuse_34_guessing_waits_but_the_owner_elsewhere_does_not(limited_app: Flask) -> None:
    guesser, owner = limited_app.test_client(), limited_app.test_client()
    answers = [try_to_sign_in(guesser, "alice@example.org", f"wrong password {n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert try_to_sign_in(guesser, "alice@example.org", PASSWORD).status_code == 429
    entered = try_to_sign_in(owner, "alice@example.org", PASSWORD, client_address="198.51.100.4")
    assert entered.status_code == 303


def test_abuse_34_the_pauses_grow(limited_app: Flask, clock: time_machine.Traveller) -> None:
    guesser = limited_app.test_client()
    for _ in range(5):
        try_to_sign_in(guesser, "alice@example.org", "wrong password")
    clock.shift(61)
    for _ in range(5):
        assert try_to_sign_in(guesser, "alice@example.org", "wrong password").status_code == 422
    clock.shift(61)
    answer = try_to_sign_in(guesser, "alice@example.org", PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 600


def test_abuse_34_spraying_one_password_over_many_accounts_stops(limited_app: Flask) -> None:
    sprayer = limited_app.test_client()
    statuses = [try_to_sign_in(sprayer, f"person{n}@example.org", "Lato2026!").status_code for n in range(32)]
    assert statuses == [422] * 30 + [429] * 2
    assert try_to_sign_in(sprayer, "bob@example.org", PASSWORD).status_code == 429


@pytest.mark.usefixtures("app")
def test_abuse_35_an_unknown_account_takes_as_long_as_a_known_one(alice: Account) -> None:
    def seconds(email: str) -> float:
        taken = []
        for _ in range(5):
            start = perf_counter()
            assert check_credentials(email, "wrong password") is None
            taken.append(perf_counter() - start)
        return median(taken)

    with time_machine.travel(NOW, tick=True):
        seconds("warm-up@example.org")
        ratio = seconds("nobody@example.org") / seconds(alice.email)
    assert 1 / 3 < ratio < 3, "without the hash the unknown account would answer about a hundred times faster"


def test_abuse_35_asking_for_a_link_tells_nothing(client: FlaskClient, alice: Account) -> None:
    def ask(email: str) -> tuple[int, str | None]:
        answer = post(client, "/panel/password/forgotten", form_on="/panel/password/forgotten", email=email)
        return answer.status_code, answer.location

    assert ask(alice.email) == ask("nobody@example.org") == (303, "/panel/password/forgotten/sent")
    db.session.rollback()
    assert [mail.to_address for mail in db.session.scalars(select(Mail))] == [alice.email]
    asked = db.session.scalars(select(AuditEntry.account_id).where(AuditEntry.action == "password_reset_asked"))
    assert list(asked) == [alice.id, None]


def test_abuse_36_the_session_begins_anew_on_signing_in(client: FlaskClient, alice: Account) -> None:
    before = token_in(client.get("/panel/sign-in").text)
    with client.session_transaction("/panel/") as session:
        session["planted"] = "by somebody else"
    try_to_sign_in(client, alice.email, PASSWORD)
    with client.session_transaction("/panel/") as session:
        assert "planted" not in session
    assert client.post("/panel/sign-out", data={"csrf_token": before}).status_code == 400


def test_abuse_36_signing_out_ends_all_sessions_a_copied_cookie_too(app: Flask, alice: Account) -> None:
    here, elsewhere, thief = app.test_client(), app.test_client(), app.test_client()
    try_to_sign_in(here, alice.email, PASSWORD)
    try_to_sign_in(elsewhere, alice.email, PASSWORD)
    cookie = here.get_cookie("eventreg_panel")
    assert cookie is not None
    thief.set_cookie("eventreg_panel", cookie.value)
    assert thief.get("/panel/account").status_code == 200
    assert post(here, "/panel/sign-out").location == "/panel/sign-in"
    for client in (here, elsewhere, thief):
        assert client.get("/panel/account").status_code == 302


def test_abuse_36_a_new_password_ends_all_other_sessions(app: Flask, alice: Account) -> None:
    here, elsewhere = app.test_client(), app.test_client()
    try_to_sign_in(here, alice.email, PASSWORD)
    try_to_sign_in(elsewhere, alice.email, PASSWORD)
    new = "cztery żółte tramwaje"
    answer = post(here, "/panel/password", current_password=PASSWORD, password=new, repeat=new)
    assert answer.status_code == 303
    assert here.get("/panel/account").status_code == 200
    assert elsewhere.get("/panel/account").status_code == 302
    assert try_to_sign_in(elsewhere, alice.email, PASSWORD).status_code == 422
    assert try_to_sign_in(elsewhere, alice.email, new).status_code == 303


def test_a_new_password_needs_the_present_one_and_is_checked(app: Flask, alice: Account) -> None:
    client = sign_in(app, alice)
    new = "cztery żółte tramwaje"
    wrong = post(client, "/panel/password", current_password="nie to hasło", password=new, repeat=new)
    assert wrong.status_code == 422
    short = post(client, "/panel/password", current_password=PASSWORD, password="krótkie", repeat="krótkie")
    assert short.status_code == 422
    differ = post(client, "/panel/password", current_password=PASSWORD, password=new, repeat=new + "x")
    assert differ.status_code == 422
    for page in (wrong.text, short.text, differ.text):
        assert new not in page
        assert PASSWORD not in page
    assert try_to_sign_in(app.test_client(), alice.email, PASSWORD).status_code == 303


def test_abuse_37_signing_in_needs_a_token_of_this_session(app: Flask, alice: Account) -> None:
    victim, attacker = app.test_client(), app.test_client()
    foreign = token_in(attacker.get("/panel/sign-in").text)
    victim.get("/panel/sign-in")
    for data in ({}, {"csrf_token": foreign}, {"csrf_token": "nonsense"}):
        answer = victim.post("/panel/sign-in", data={"email": alice.email, "password": PASSWORD, **data})
        assert (answer.status_code, answer.location) == (303, "/panel/sign-in")
        assert victim.get("/panel/account").status_code == 302


def test_abuse_37_a_post_from_another_site_is_refused(client: FlaskClient, alice: Account) -> None:
    data = {"csrf_token": token_in(client.get("/panel/sign-in").text), "email": alice.email, "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert client.post("/panel/sign-in", data=data, headers=headers).status_code == 400
    assert client.post("/panel/sign-in", data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "/events", "x"])
def test_abuse_38_next_stays_here(client: FlaskClient, alice: Account, target: str) -> None:
    assert "evil" not in client.get("/panel/sign-in", query_string={"next": target}).text
    assert try_to_sign_in(client, alice.email, PASSWORD, next=target).location == "/panel/"


def test_after_signing_in_the_page_asked_for_is_shown(client: FlaskClient, alice: Account) -> None:
    asked = client.get("/en/panel/account?x=1")
    assert asked.location == "/en/panel/sign-in?next=/panel/account?x%3D1"
    page = client.get(asked.location).text
    assert 'name="next" value="/panel/account?x=1"' in page
    data = {"csrf_token": token_in(page), "email": alice.email, "password": PASSWORD, "next": "/panel/account?x=1"}
    assert client.post("/en/panel/sign-in", data=data).location == "/en/panel/account?x=1"


def test_a_forgotten_password_is_set_through_the_mailed_link_once(app: Flask, alice: Account) -> None:
    client = app.test_client()
    post(client, "/panel/password/forgotten", form_on="/panel/password/forgotten", email=alice.email)
    mail = last_mail()
    assert (mail.occasion, mail.account_id, mail.organiser_id) == ("password_reset", alice.id, None)
    path = path_in(mail)
    assert client.get(path).status_code == client.get(path).status_code == 200  # opening it changes nothing
    assert try_to_sign_in(app.test_client(), alice.email, PASSWORD).status_code == 303
    new = "cztery żółte tramwaje"
    assert post(client, path, form_on=path, password=new, repeat=new).location == "/panel/sign-in"
    assert client.get("/panel/account").status_code == 302, "the link alone opens nothing"
    assert client.get(path).status_code == 404
    assert try_to_sign_in(client, alice.email, new).status_code == 303


def test_a_reset_link_dies_after_a_day_and_no_forged_one_lives(
    client: FlaskClient, alice: Account, clock: time_machine.Traveller
) -> None:
    post(client, "/panel/password/forgotten", form_on="/panel/password/forgotten", email=alice.email)
    path = path_in(last_mail())
    head, _, signature = path.rpartition(".")
    # The first sign of the signature: the last one carries bits that mean nothing.
    assert client.get(f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}").status_code == 404
    assert client.get(path.replace("password/reset", "invitation")).status_code == 404
    clock.shift(timedelta(hours=25))
    assert client.get(path).status_code == 404


def test_reset_mails_to_one_address_are_few(limited_app: Flask) -> None:
    client = limited_app.test_client()
    for _ in range(6):
        post(client, "/panel/password/forgotten", form_on="/panel/password/forgotten", email="alice@example.org")
    db.session.rollback()
    assert len(db.session.scalars(select(Mail)).all()) == 3


def test_abuse_15_strangers_cannot_use_up_the_quota_of_a_reset_mail(client: FlaskClient, alice: Account) -> None:
    for _ in range(QUOTA_PER_ADDRESS + 1):
        account_mails.account_invited(alice, "x", "", NOW)
    assert last_mail().next_try_at > NOW, "the quota of the address is used up"
    post(client, "/panel/password/forgotten", form_on="/panel/password/forgotten", email=alice.email)
    assert (last_mail().occasion, last_mail().next_try_at) == ("password_reset", NOW)


def test_a_generated_password_is_called_so_until_it_is_changed(app: Flask, alice: Account) -> None:
    with transaction() as session:
        session.get_one(Account, alice.id).generated_password = True
    client = app.test_client()
    try_to_sign_in(client, alice.email, PASSWORD)
    assert "govuk-notification-banner--warning" in client.get("/panel/account").text
    new = "cztery żółte tramwaje"
    post(client, "/panel/password", current_password=PASSWORD, password=new, repeat=new)
    assert fresh(alice).generated_password is False


def test_pages_of_the_panel_are_never_cached_and_public_ones_get_no_cookie(client: FlaskClient, alice: Account) -> None:
    try_to_sign_in(client, alice.email, PASSWORD)
    assert client.get("/panel/account").headers["Cache-Control"] == "private, no-store"  # abuse 40
    public = client.get("/privacy")
    assert "Set-Cookie" not in public.headers
    assert "Cookie" not in public.headers.get("Vary", "")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80"])
def test_abuse_40_a_foreign_host_is_refused_and_links_keep_the_base_url(
    client: FlaskClient, alice: Account, host: str
) -> None:
    assert client.get("/panel/sign-in", headers={"Host": host}).status_code == 400
    answer = client.post(
        "/panel/password/forgotten",
        data={"csrf_token": token_in(client.get("/panel/password/forgotten").text), "email": alice.email},
        headers={"X-Forwarded-Host": host},
    )
    assert answer.status_code == 303
    assert last_mail().facts["link"].startswith("http://localhost/panel/password/reset/")


def test_a_session_ends_after_twenty_idle_hours(
    client: FlaskClient, alice: Account, clock: time_machine.Traveller
) -> None:
    try_to_sign_in(client, alice.email, PASSWORD)
    clock.shift(timedelta(hours=19))
    assert client.get("/panel/account").status_code == 200
    clock.shift(timedelta(hours=19))
    assert client.get("/panel/account").status_code == 200
    clock.shift(timedelta(hours=21))
    assert client.get("/panel/account").status_code == 302
