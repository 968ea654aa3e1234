"""The commands for organisers and accounts."""

from flask import Flask

from eventreg.database import db
from eventreg.organisers.models import Account
from eventreg.organisers.queries import account_by_email, organiser_by_slug
from tests.factories import Factory, sign_in
from tests.panel_steps import try_to_sign_in


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    db.session.rollback()
    db.session.expire_all()
    return result.exit_code, result.output


def password_in(output: str) -> str:
    return output.split("password: ")[1].strip()


def test_from_nothing_to_a_person_who_signs_in(app: Flask) -> None:
    code, slug = run(app, "organiser", "add", "Gmina Proszowice", "--email", "um@example.org")
    assert (code, slug) == (0, "gmina-proszowice\n")
    code, output = run(app, "account", "add", "Ewa@Example.org", "--organiser", "gmina-proszowice", "--role", "owner")
    assert code == 0
    assert output.startswith("account: ewa@example.org password: ")
    client = app.test_client()
    assert try_to_sign_in(client, "ewa@example.org", password_in(output)).status_code == 303
    organiser = organiser_by_slug("gmina-proszowice")
    account = account_by_email("ewa@example.org")
    assert organiser is not None
    assert account is not None
    assert [(entry.organiser_id, entry.role) for entry in account.memberships] == [(organiser.id, "owner")]
    assert account.generated_password is True


def test_an_account_that_exists_keeps_its_password(app: Flask, alice: Account, factory: Factory) -> None:
    factory.organiser(slug="inny")
    before = alice.password
    code, output = run(app, "account", "add", alice.email, "--organiser", "inny", "--role", "door")
    assert code == 0
    assert "password:" not in output
    assert db.session.get_one(Account, alice.id, populate_existing=True).password == before


def test_reset_gives_a_new_password_and_ends_sessions(app: Flask, alice: Account) -> None:
    client = sign_in(app, alice)
    code, output = run(app, "account", "reset", "ALICE@example.org")
    assert code == 0
    assert client.get("/panel/account").status_code == 302
    assert try_to_sign_in(app.test_client(), alice.email, password_in(output)).status_code == 303


def test_mistakes_are_told_and_change_nothing(app: Flask, alice: Account) -> None:
    for words in (
        ("account", "add", "ewa@example.org", "--organiser", "nikt"),
        ("account", "add", "ewa@example.org"),
        ("account", "add", "no address", "--administrator"),
        ("account", "reset", "nobody@example.org"),
        ("organiser", "add", "Gmina", "--email", "x"),
        ("account", "add", "ewa@example.org", "--organiser", "nikt", "--role", "king"),
    ):
        code, output = run(app, *words)
        assert code != 0
        assert "Traceback" not in output
    assert db.session.query(Account).count() == 1
