"""While the database cannot be reached every page is a calm 503, for the signed-in too; nothing private is logged."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from eventreg.database import db

NOWHERE = "postgresql://eventreg@127.0.0.1:1/eventreg"


@pytest.fixture
def app_alone(make_app: Callable[..., Flask]) -> Flask:
    return make_app(create_tables=False, EVENTREG_DATABASE_URL=NOWHERE)


@pytest.mark.parametrize("path", ["/", "/events/x", "/calendar.ics", "/readyz"])
def test_visitors_are_told_to_come_back(app_alone: Flask, path: str) -> None:
    answer = app_alone.test_client().get(path)
    assert answer.status_code == 503


@pytest.mark.parametrize("path", ["/panel/account", "/panel/events", "/panel/sign-in", "/panel/administration/"])
def test_the_signed_in_are_told_so_too(app_alone: Flask, path: str) -> None:
    client = app_alone.test_client()
    with client.session_transaction("/panel/") as session:
        session["_user_id"] = "0" * 32
        session["fs_cc"] = "set"
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")


def test_abuse_26_a_failed_statement_does_not_tell_its_values(app: Flask) -> None:
    with app.app_context(), pytest.raises(OperationalError) as failed:
        db.session.execute(text("SELECT :email FROM nowhere"), {"email": "tajna@example.org"})
    assert "nowhere" in str(failed.value)
    assert "tajna" not in str(failed.value)
    db.session.rollback()
