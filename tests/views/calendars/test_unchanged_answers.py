"""calendar.md 10 and 16: who asks again is told 'nothing has changed' in front of Flask, by one small query."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from werkzeug.test import EnvironBuilder

from eventreg.calendars.feed import PAST_STAYS
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.public_version import public_version
from eventreg.events.unchanged_answers import ANSWERS_KEPT, LONGEST_QUESTION, UnchangedAnswers, holds_while
from tests.factories import Factory

FEED = "/calendar.ics"


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def tag_of(client: FlaskClient, address: str = FEED) -> dict[str, str]:
    return {"If-None-Match": client.get(address).headers["ETag"]}


@pytest.mark.parametrize("method", ["get", "head"])
def test_calendar_16_the_third_question_costs_one_row_and_reads_like_the_second(
    client: FlaskClient, factory: Factory, method: str
) -> None:
    factory.event()
    known = tag_of(client)
    through_flask = client.open(FEED, method=method.upper(), headers=known)
    with statements() as seen:
        again = client.open(FEED, method=method.upper(), headers=known)
    assert through_flask.status_code == again.status_code == 304
    assert [statement for statement in seen if "public_version" not in statement] == []
    assert len(seen) == 1
    ids = [answer.headers.pop("X-Request-Id") for answer in (through_flask, again)]
    assert ids[0] != ids[1]
    assert list(through_flask.headers) == list(again.headers)
    assert again.data == b""


def test_calendar_10_a_change_is_told_at_once(client: FlaskClient, factory: Factory) -> None:
    event = factory.event()
    known = tag_of(client)
    assert [client.get(FEED, headers=known).status_code for _ in range(3)] == [304, 304, 304]
    with transaction() as session:
        row = session.get_one(Event, event.id)
        row.title, row.revision = "Inny tytuł", row.revision + 1
    answer = client.get(FEED, headers=known)
    assert answer.status_code == 200
    assert "Inny tytuł" in answer.text


def test_calendar_10_what_grows_too_old_is_told_though_nobody_saved_anything(
    client: FlaskClient, factory: Factory
) -> None:
    event = factory.event()
    with time_machine.travel(event.ends_at + PAST_STAYS - timedelta(seconds=1), tick=False):
        known = tag_of(client)
        assert [client.get(FEED, headers=known).status_code for _ in range(2)] == [304, 304]
    with time_machine.travel(event.ends_at + PAST_STAYS, tick=False):
        answer = client.get(FEED, headers=known)
        assert (answer.status_code, b"BEGIN:VEVENT" in answer.data) == (200, False)


def test_calendar_10_each_address_and_language_has_an_answer_of_its_own(client: FlaskClient, factory: Factory) -> None:
    factory.event()
    known = tag_of(client)
    for _ in range(2):
        assert client.get(FEED, headers=known).status_code == 304
    assert client.get("/en" + FEED, headers=known).status_code == 200
    assert client.get(FEED + "?kind=workshop", headers=known).status_code == 200
    assert client.get(FEED, headers={"If-None-Match": '"another"'}).status_code == 200
    assert client.post(FEED, headers=known).status_code == 405


def test_abuse_40_a_host_that_is_not_ours_is_refused_however_often_the_right_one_was_answered(
    client: FlaskClient, factory: Factory
) -> None:
    factory.event()
    known = tag_of(client)
    for _ in range(2):
        assert client.get(FEED, headers=known).status_code == 304
    assert client.get(FEED, headers={**known, "Host": "evil.example"}).status_code == 400


def test_protecting_headers_stand_on_it(client: FlaskClient, factory: Factory) -> None:
    factory.event()
    known = tag_of(client)
    answers = [client.get(FEED, headers=known) for _ in range(2)]
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control", "ETag"):
        assert answers[1].headers[name] == answers[0].headers[name]
    assert "Set-Cookie" not in answers[1].headers


FAR = datetime(2099, 1, 1, tzinfo=UTC)


def times_asked(app: Flask, status: str, *headers: tuple[str, str], held: bool = True, address: str = FEED) -> int:
    """How often a view that answers so is asked when the same question comes twice."""
    asked, version = 0, public_version()

    def view(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        nonlocal asked
        asked += 1
        if held:
            with app.request_context(environ):
                holds_while(version, FAR)
        start_response(status, list(headers))
        return []

    answers = UnchangedAnswers(view, app)  # type: ignore[arg-type]  # environ is a plain dictionary here
    for _ in range(2):
        environ = EnvironBuilder(address, headers={"If-None-Match": '"x"'}).get_environ()
        list(answers(environ, lambda *_answer: None))  # type: ignore[arg-type]  # same
    return asked


def test_abuse_40_only_a_304_that_holds_for_everybody_is_given_again(app: Flask, factory: Factory) -> None:
    factory.event()
    tag = ("ETag", '"x"')
    assert times_asked(app, "304 NOT MODIFIED", tag) == 1
    assert times_asked(app, "304 NOT MODIFIED", tag, held=False) == 2
    assert times_asked(app, "200 OK", tag) == 2
    assert times_asked(app, "404 NOT FOUND") == 2
    assert times_asked(app, "304 NOT MODIFIED", tag, ("set-cookie", "eventreg_panel=somebody")) == 2


def test_a_question_that_is_longer_than_any_of_ours_is_not_kept(app: Flask, factory: Factory) -> None:
    factory.event()
    assert times_asked(app, "304 NOT MODIFIED", address=f"{FEED}?q=" + "y" * 300) == 1
    assert times_asked(app, "304 NOT MODIFIED", address=f"{FEED}?q=" + "y" * LONGEST_QUESTION) == 2


def test_no_more_answers_are_kept_than_there_is_room_for(app: Flask) -> None:
    assert UnchangedAnswers(app.wsgi_app, app)._given.maxsize == ANSWERS_KEPT
