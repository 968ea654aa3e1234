"""The worker and the calendars of others: a server that hangs holds up no mail and no end of the worker."""

import signal
import subprocess
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.external_calendars.models import ExternalCalendar
from tests.calendar_servers import CalendarServer, calendar_server, hang
from tests.database.outbox.conftest import Postbox, smtp_server
from tests.database.outbox.test_worker_process import (
    is_worker_alive,
    own_app,
    queue_mails,
    states,
    wait_until,
    worker_process,
)
from tests.factories import Factory

__all__ = ["own_app"]  # the fixture: a database that other processes can open

ENDS_WITHIN_SECONDS = 15
"""Less than the twenty seconds that a calendar may take, with room for a slow machine."""


def follow(*servers: CalendarServer) -> None:
    now = datetime.now(UTC)  # the worker process lives by the real clock
    factory = Factory(now)
    organiser = factory.organiser(slug="follower")
    due = now - timedelta(minutes=1)
    for server in servers:
        factory.external_calendar(organiser, feed_url=server.url(), outcome="new", next_check_at=due)


def outcomes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(ExternalCalendar.outcome).order_by(ExternalCalendar.id)))


def ends(process: "subprocess.Popen[bytes]") -> int:
    return process.wait(ENDS_WITHIN_SECONDS)


def test_a_calendar_that_hangs_delays_neither_mails_nor_the_end(own_app: tuple[Flask, dict[str, str]]) -> None:
    _app, environ = own_app
    postbox = Postbox()
    with calendar_server(hang) as server, smtp_server(postbox) as port:
        follow(server)
        with worker_process(environ, port, EVENTREG_INTERNAL_CALENDAR_HOSTS=server.host) as process:
            wait_until(lambda: len(server.asked) == 1)
            message_ids = queue_mails(3)
            wait_until(lambda: states() == ["sent"] * 3)
            assert outcomes() == ["new"]  # still waiting
            process.send_signal(signal.SIGTERM)
            assert ends(process) == 0
    assert {mail["Message-ID"] for mail in postbox.received} == message_ids


def test_the_worker_notices_what_becomes_due(own_app: tuple[Flask, dict[str, str]]) -> None:
    _app, environ = own_app
    with (
        calendar_server() as server,
        smtp_server(Postbox()) as port,
        worker_process(environ, port, EVENTREG_INTERNAL_CALENDAR_HOSTS=server.host) as process,
    ):
        wait_until(is_worker_alive)
        follow(server)
        wait_until(lambda: outcomes() == ["read"])
        process.send_signal(signal.SIGTERM)
        assert ends(process) == 0


def test_abuse_14_once_looks_at_what_is_due_but_asks_no_server_of_the_own_network_without_leave(
    own_app: tuple[Flask, dict[str, str]],
) -> None:
    _app, environ = own_app
    with calendar_server() as allowed, calendar_server() as private, smtp_server(Postbox()) as port:
        follow(allowed, private)
        with worker_process(environ, port, "--once", EVENTREG_INTERNAL_CALENDAR_HOSTS=allowed.host) as process:
            assert ends(process) == 0
        assert outcomes() == ["read", "address_refused"]
        assert len(allowed.asked) == 1
        assert private.asked == []
