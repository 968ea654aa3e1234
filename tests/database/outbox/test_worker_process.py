"""The worker as a real process: killed at any point it loses no mail; told to stop it stops cleanly."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

from eventreg.database import Base, db, transaction
from eventreg.outbox import queue
from eventreg.outbox.heartbeat import worker_state
from eventreg.outbox.models import Mail
from eventreg.worker import Worker
from tests.database.outbox.conftest import Postbox, smtp_server
from tests.factories import Factory, confirm_sign_up

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 30


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again until it holds; fails after PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


class SlowPostbox(Postbox):
    """Takes mails only while `open`; else it keeps the sender waiting before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.open = False
        self.begun = 0

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.begun += 1
        while not self.open:
            await _short_pause(server)
        envelope.mail_from = address
        return "250 OK"


async def _short_pause(server: SMTP) -> None:

    if server.transport is None or server.transport.is_closing():
        raise ConnectionResetError
    await asyncio.sleep(0.02)


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path: Path, make_app: Callable[..., Flask]
) -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application with a database that other processes can open, and the environment to open it with."""
    environ = {
        "EVENTREG_DATA_DIR": str(tmp_path / "own"),
        "EVENTREG_SECRET_KEY": "a-key-for-tests-only-0123456789",
        "EVENTREG_BASE_URL": "http://localhost",
        "EVENTREG_MAIL_FROM": "no-reply@example.org",
    }
    if request.param == "postgresql":
        environ["EVENTREG_DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    app = make_app(**environ)
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        yield app, environ
        db.session.remove()


def queue_mails(number: int) -> set[str]:
    """Sign that many people up, right now; returns their mails' Message-IDs."""
    now = datetime.now(UTC)  # the worker process lives by the real clock
    factory = Factory(now)
    event = factory.event(starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=9, hours=1))
    for _ in range(number):
        confirm_sign_up(event, factory.registration(event), now)
    return set(db.session.scalars(select(Mail.message_id)))


def is_worker_alive() -> bool:
    db.session.rollback()
    return worker_state(datetime.now(UTC)).is_alive


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail.state).order_by(Mail.id)))


@contextmanager
def worker_process(
    environ: dict[str, str], port: int, *arguments: str, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "worker", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            **environ,
            "EVENTREG_MAIL_SERVER": "127.0.0.1",
            "EVENTREG_MAIL_PORT": str(port),
            "EVENTREG_MAIL_TLS": "none",
            **more,
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_kill_9_between_claim_and_send_loses_no_mail(own_app: tuple[Flask, dict[str, str]]) -> None:
    _app, environ = own_app
    message_ids = queue_mails(5)
    postbox = SlowPostbox()
    with smtp_server(postbox) as port:
        with worker_process(environ, port) as process:
            wait_until(lambda: postbox.begun > 0)
            assert states() == ["sending"] * 5
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert postbox.received == []
        assert states() == ["sending"] * 5
        postbox.open = True
        with worker_process(environ, port):
            wait_until(lambda: states() == ["sent"] * 5)
    assert sorted(mail["Message-ID"] for mail in postbox.received) == sorted(message_ids)


def test_kill_9_after_the_server_took_a_mail_sends_it_again_under_the_same_message_id(
    own_app: tuple[Flask, dict[str, str]],
) -> None:
    app, environ = own_app
    (message_id,) = queue_mails(1)
    postbox = SlowPostbox()
    postbox.open = True
    with smtp_server(postbox) as port:
        with worker_process(environ, port, "--once") as process:
            assert process.wait(PATIENCE_SECONDS) == 0
        # As if the process had died before it wrote the outcome down.
        with transaction() as session:
            mail = session.scalars(select(Mail)).one()
            mail.state, mail.claimed_by = "sending", f"{Worker(app).host[:60]}:{process.pid}:gone"
            mail.claimed_at = datetime.now(UTC)
        with worker_process(environ, port, "--once") as process:
            assert process.wait(PATIENCE_SECONDS) == 0
    assert [mail["Message-ID"] for mail in postbox.received] == [message_id, message_id]
    assert states() == ["sent"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_worker_finish_the_mail_in_hand(own_app: tuple[Flask, dict[str, str]], number: int) -> None:
    _app, environ = own_app
    queue_mails(3)
    postbox = SlowPostbox()
    with smtp_server(postbox) as port, worker_process(environ, port) as process:
        wait_until(lambda: postbox.begun > 0)
        process.send_signal(number)
        postbox.open = True
        assert process.wait(PATIENCE_SECONDS) == 0
    assert sorted(states()) == ["queued", "queued", "sent"]
    assert len(postbox.received) == 1


def test_several_workers_at_once_send_each_mail_once(own_app: tuple[Flask, dict[str, str]]) -> None:
    _app, environ = own_app
    message_ids = queue_mails(60)
    postbox = Postbox()
    with (
        smtp_server(postbox) as port,
        worker_process(environ, port),
        worker_process(environ, port),
        worker_process(environ, port),
    ):
        wait_until(lambda: states() == ["sent"] * 60)
    assert sorted(mail["Message-ID"] for mail in postbox.received) == sorted(message_ids)


def test_the_worker_shows_that_it_lives_and_that_the_server_is_away(
    own_app: tuple[Flask, dict[str, str]], now: datetime
) -> None:
    app, _environ = own_app
    assert worker_state(now).is_alive is False
    db.session.rollback()
    moment = [now]
    worker = Worker(app, lambda: moment[0])
    worker.run_once()
    db.session.rollback()
    assert worker_state(now).seen_at == now
    assert worker_state(now + timedelta(seconds=150)).is_alive is True
    assert worker_state(now + timedelta(seconds=151)).is_alive is False


def test_the_worker_takes_back_a_strangers_stale_claim(own_app: tuple[Flask, dict[str, str]], now: datetime) -> None:
    app, _environ = own_app
    factory = Factory(now)
    event = factory.event()
    confirm_sign_up(event, factory.registration(event), now)
    queue.claim_due(now, "another-host:1:x", 10)
    moment = [now + timedelta(minutes=5)]
    worker = Worker(app, lambda: moment[0])
    assert worker.run_once().claimed == 0
    moment[0] = now + timedelta(minutes=11)
    assert worker.run_once().left == 1
    assert states() == ["filed"]
