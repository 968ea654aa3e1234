"""Handing a finished mail to the mail server, through Flask-Mail.

Flask-Mail sends; the message is exactly ours, the connection has a time-out and checks the server's
certificate (Flask-Mail 0.10 does neither by itself).
"""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from flask import Flask, current_app
from flask_mail import Connection, Mail, Message

from eventreg.config import Config
from eventreg.outbox.retry_rules import SMTP_TIMEOUT_SECONDS, Verdict, judge_answer

_ANSWER_LENGTH = 300


class DeliveryError(Exception):
    """The mail was not taken: what that means for it, and what the server (or the network) said."""

    def __init__(self, verdict: Verdict, answer: str) -> None:
        super().__init__(answer)
        self.verdict = verdict
        self.answer = answer


class ConnectionLostError(DeliveryError):
    """The connection broke or timed out while this mail was being handed over; a new one is needed."""

    def __init__(self, answer: str) -> None:
        super().__init__(Verdict.CONNECTION_LOST, answer)


class PreparedMessage(Message):
    """A Flask-Mail message whose MIME tree was built elsewhere, written out once. Raises what writing it out raises."""

    def __init__(self, prepared: EmailMessage) -> None:
        sender, recipient = prepared["From"].addresses[0], prepared["To"].addresses[0]
        super().__init__(subject=str(prepared["Subject"]), recipients=[recipient.addr_spec], sender=sender.addr_spec)
        self.content = prepared.as_bytes()

    def as_bytes(self) -> bytes:
        """The mail as it goes over the wire."""
        return self.content


class VerifyingConnection(Connection):
    """A connection that gives up after a while and refuses a certificate that does not fit."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, secure and sign in; raises OSError or SMTPException and leaves nothing open."""
        state = self.mail
        context = ssl.create_default_context()
        own_name = current_app.extensions["eventreg.config"].mail_from.rpartition("@")[2]
        host: smtplib.SMTP
        if state.use_ssl:
            host = smtplib.SMTP_SSL(state.server, state.port, own_name, timeout=SMTP_TIMEOUT_SECONDS, context=context)
        else:
            host = smtplib.SMTP(state.server, state.port, own_name, timeout=SMTP_TIMEOUT_SECONDS)
        try:
            host.ehlo_or_helo_if_needed()  # a server that is silent now is away; no mail is to blame
            if state.use_tls:
                host.starttls(context=context)
            if state.username and state.password:
                host.login(state.username, state.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, *_about_error: object) -> None:
        self.say_goodbye()

    def say_goodbye(self) -> None:
        """End the session in order; a server that is gone need not hear it."""
        if self.host is not None:
            try:
                self.host.quit()
            except (OSError, smtplib.SMTPException):
                self.host.close()

    def hang_up(self) -> None:
        """Close at once: a server that hangs would make us wait for its goodbye, too."""
        if self.host is not None:
            self.host.close()


class VerifyingMail(Mail):
    """Flask-Mail with our connection."""

    def connect(self) -> VerifyingConnection:
        """A connection to the configured server, opened on entering it."""
        return VerifyingConnection(current_app.extensions["mail"])


mail = VerifyingMail()


def install(app: Flask, config: Config) -> None:
    """Tell Flask-Mail where the server is; without one mails are filed and this is never used."""
    server = config.mail_server
    app.config.from_mapping(
        MAIL_SERVER=server.host if server else None,
        MAIL_PORT=server.port if server else None,
        MAIL_USERNAME=server.username if server else None,
        MAIL_PASSWORD=server.password if server else None,
        MAIL_USE_TLS=bool(server and server.tls == "starttls"),
        MAIL_USE_SSL=bool(server and server.tls == "ssl"),
        MAIL_DEFAULT_SENDER=config.mail_from,
        MAIL_SUPPRESS_SEND=False,
        MAIL_DEBUG=False,
    )
    mail.init_app(app)


@contextlib.contextmanager
def connected() -> Iterator[VerifyingConnection]:
    """An open connection; raises DeliveryError(SERVER_AWAY) when the server cannot be reached or trusted."""
    connection = mail.connect()
    try:
        connection.__enter__()
    except smtplib.SMTPResponseException as error:
        verdict = judge_answer(error.smtp_code, while_connecting=True)
        raise DeliveryError(verdict, _words(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:  # ssl.SSLError and time-outs are OSErrors
        raise DeliveryError(Verdict.SERVER_AWAY, _name(error)) from error
    try:
        yield connection
    except BaseException:
        connection.hang_up()
        raise
    connection.say_goodbye()


def hand_over(connection: VerifyingConnection, message: PreparedMessage) -> None:
    """One mail to its one recipient; raises DeliveryError (ConnectionLostError: connect anew)."""
    try:
        connection.send(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise DeliveryError(judge_answer(code), _words(code, answer)) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in (-1, 421):
            raise ConnectionLostError(_words(error.smtp_code, error.smtp_error)) from error
        raise DeliveryError(judge_answer(error.smtp_code), _words(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise ConnectionLostError(_name(error)) from error


def _words(code: int, answer: Any) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {' '.join(text.split())}"[:_ANSWER_LENGTH]


def _name(error: Exception) -> str:
    """'TimeoutError: timed out': what the network said, in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:_ANSWER_LENGTH]
