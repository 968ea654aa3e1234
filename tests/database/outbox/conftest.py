"""A real SMTP server for the outbox's tests, and applications that send to it."""

import dataclasses
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from eventreg.config import MailServer
from eventreg.outbox import smtp_delivery
from eventreg.outbox.delivering import Delivery


class Postbox:
    """What a mail server got. `answers` maps a recipient to the answer it is refused with."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.data_answer: str | None = None

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # same
        if self.data_answer:
            return self.data_answer
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.received.append(parsed)
        self.raw.append(envelope.original_content or b"")
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(postbox: Postbox, **settings: Any) -> Iterator[int]:
    """A real SMTP server on a free port; yields the port."""
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port(), **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@contextmanager
def mail_server_set(app: Flask, server: MailServer | None) -> Iterator[None]:
    """The application sends to this server as long as the block lasts."""
    before = app.extensions["eventreg.config"]
    config = dataclasses.replace(before, mail_server=server, mail_from="no-reply@example.org")
    app.extensions["eventreg.config"] = config
    smtp_delivery.install(app, config)
    try:
        yield
    finally:
        app.extensions["eventreg.config"] = before
        smtp_delivery.install(app, before)


@pytest.fixture
def sending_app(each_database: Flask, postbox: Postbox) -> Iterator[Flask]:
    """The application on both databases, with a mail server that takes everything."""
    with (
        smtp_server(postbox) as port,
        mail_server_set(each_database, MailServer("127.0.0.1", port, None, None, "none")),
    ):
        yield each_database


@pytest.fixture
def delivery(now: datetime) -> Callable[..., Delivery]:
    """Who delivers at a fixed moment: `delivery()` or `delivery(later)`."""

    def make(moment: datetime = now, **values: Any) -> Delivery:
        return Delivery("host:1:mark", lambda: moment, **values)

    return make
