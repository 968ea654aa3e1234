"""What every answer carries, and what none may tell: abuse cases 26, 37, 39, 40."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg import error_pages
from eventreg.database import db
from eventreg.http_headers import SAFE_METHODS
from eventreg.organisers.models import Membership
from tests.conftest import NOW
from tests.factories import Factory, sign_in

FILLED = {"slug": "warsztaty", "token": "forged"}


@pytest.fixture
def alice(app: Flask, factory: Factory) -> FlaskClient:
    """Owner of one organiser and the site's administrator, so that no page is closed to her."""
    organiser = factory.organiser(slug="warsztaty")
    account = factory.administrator()
    factory._store(Membership(account_id=account.id, organiser_id=organiser.id, role="owner"))
    factory.event(organiser, slug="warsztaty")
    return sign_in(app, account)


def addresses(app: Flask, *, post: bool) -> list[str]:
    """Every address of the panel, filled with the names of FILLED and row 1."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/panel") and (bool(methods - SAFE_METHODS) if post else "GET" in methods):
            values = {name: FILLED.get(name, 1) for name in rule.arguments}
            found.append(str(adapter.build(rule.endpoint, values, method="POST" if post else "GET")))
    return found


def test_abuse_37_no_post_of_the_panel_passes_without_the_token_of_its_session(app: Flask, alice: FlaskClient) -> None:
    paths = addresses(app, post=True)
    assert len(paths) > 30
    for path in paths:
        for data in ({}, {"csrf_token": "forged", "name": "x", "password": "x"}):
            answer = alice.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 400, path
    assert alice.get("/panel/account").status_code == 200, "still signed in: signing out needs the token, too"


def test_abuse_39_40_no_page_of_the_panel_is_framed_stored_or_compressed(app: Flask, alice: FlaskClient) -> None:
    for path in addresses(app, post=False):
        answer = alice.get(path, headers={"Accept-Encoding": "gzip, br, zstd"})
        assert answer.headers["Cache-Control"] == "private, no-store", path
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert "Content-Encoding" not in answer.headers, f"{path}: a page with a token must not be compressed (BREACH)"
        assert "ETag" not in answer.headers, path


def test_abuse_39_error_pages_too(client: FlaskClient) -> None:
    for answer in (client.get("/nothing"), client.post("/", data={}), client.get("/panel/nothing")):
        assert answer.status_code in (404, 405)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_abuse_26_an_unexpected_error_is_logged_without_what_was_typed(
    make_app: Callable[..., Flask], capfd: pytest.CaptureFixture[str]
) -> None:
    app = make_app()
    app.config["TESTING"] = app.testing = False
    error_pages.install(app)

    def broken(token: str) -> str:
        raise ValueError(f"tajna@example.org {token}")

    app.view_functions["own_page.own_page"] = broken
    answer = app.test_client().get("/registrations/sekret-w-adresie?email=tajna@example.org")
    written = "".join(capfd.readouterr())
    assert answer.status_code == 500
    assert "unexpected error" in written
    assert "test_every_answer.py" in written, "where it happened"
    for secret in ("tajna", "sekret"):
        assert secret not in written
        assert secret not in answer.text


def test_the_database_file_is_its_owners_alone_in_whatever_folder(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    app = make_app()
    with app.app_context():
        Factory(NOW).organiser()
        files = list((tmp_path / "data").glob("eventreg.sqlite3*"))
        assert len(files) >= 2, "the database and its write-ahead log"
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        db.session.remove()
