"""One pass of delivery: claim what is due, compose, hand over (or file), and note what came of each mail.

A mail that cannot be composed fails where people see it and does not hold up the others. While the server
is away all mails wait. One connection serves a whole pass: batch after batch is claimed as long as there is work.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from structlog.stdlib import BoundLogger

from eventreg.database import transaction
from eventreg.logs import log
from eventreg.outbox import queue
from eventreg.outbox.composing import compose
from eventreg.outbox.filing import file_mail
from eventreg.outbox.finishing_messages import finish_messages
from eventreg.outbox.mail_preview import without_addresses
from eventreg.outbox.queue import ClaimedMail
from eventreg.outbox.retry_rules import (
    LONGEST_PASS,
    MAILS_PER_CLAIM,
    MAILS_PER_PASS,
    Verdict,
    next_try,
    try_when_server_is_back,
)
from eventreg.outbox.sent_sequences import note_sent_sequences
from eventreg.outbox.smtp_delivery import (
    ConnectionLostError,
    DeliveryError,
    PreparedMessage,
    VerifyingConnection,
    connected,
    hand_over,
)

_BREAKS_THAT_MEAN_AWAY = 2
"""Connections lost one after the other: then it is the server, not the mail."""


@dataclass(slots=True)
class PassReport:
    """What one pass did.

    `server_away` is what the server (or the network) said when it could not be reached.
    """

    left: int = 0
    put_off: int = 0
    failed: int = 0
    server_away: str | None = None

    @property
    def claimed(self) -> int:
        """How many mails were taken in hand."""
        return self.left + self.put_off + self.failed


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who delivers: the name on the claims, the clock, whether to stop, since when the server is away.

    `before_claiming` is called with the moment before each batch.
    """

    worker: str
    clock: Callable[[], datetime]
    should_stop: Callable[[], bool] = lambda: False
    away_since: datetime | None = None
    before_claiming: Callable[[datetime], object] = lambda _now: None  # takes back what must not leave any more


def deliver_due(delivery: Delivery) -> PassReport:
    """One pass: without a mail server over one batch of due mails, else over at most MAILS_PER_PASS of them.

    No transaction is open while the server is spoken to.
    """
    report = PassReport()
    began = delivery.clock()
    composed = _next_batch(delivery, report)
    if current_app.extensions["eventreg.config"].mail_server is None:
        for mail, message in composed:
            _file(delivery, mail, message, report)
    elif composed:
        _send_all(delivery, composed, report, began)
    if report.claimed:
        finish_messages(delivery.clock())
    return report


def _next_batch(delivery: Delivery, report: PassReport) -> list[tuple[ClaimedMail, PreparedMessage]]:
    delivery.before_claiming(delivery.clock())
    mails = queue.claim_due(delivery.clock(), delivery.worker, MAILS_PER_CLAIM)
    return list(_composed(delivery, mails, report))


def _more(delivery: Delivery, report: PassReport, began: datetime) -> list[tuple[ClaimedMail, PreparedMessage]]:
    """Another batch over the same connection; none when there is no work or the pass has lasted long enough."""
    now = delivery.clock()
    if report.claimed + MAILS_PER_CLAIM > MAILS_PER_PASS or now - began > LONGEST_PASS or delivery.should_stop():
        return []
    return _next_batch(delivery, report) if queue.has_due(now) else []


def _composed(
    delivery: Delivery, mails: list[ClaimedMail], report: PassReport
) -> Iterator[tuple[ClaimedMail, PreparedMessage]]:
    for mail in mails:
        try:
            yield mail, PreparedMessage(compose(mail))  # what cannot be written out fails here, with no connection open
        except Exception as error:
            _logger(mail).error("mail_not_composed", error=type(error).__name__)
            queue.mark_failed(mail, delivery.worker, f"not composed: {type(error).__name__}")
            report.failed += 1


def _file(delivery: Delivery, mail: ClaimedMail, message: PreparedMessage, report: PassReport) -> None:
    if not queue.begin_try(mail.id, delivery.worker, delivery.clock()):
        return
    try:
        file_mail(mail.message_id, message.as_bytes())
    except OSError as error:  # a full disk: people see it, and it is tried again
        _note_failure(delivery, mail, DeliveryError(Verdict.TEMPORARY, f"not filed: {error.strerror}"), report)
        return
    _note_left(delivery, mail, queue.mark_filed)
    report.left += 1


def _send_all(
    delivery: Delivery, composed: list[tuple[ClaimedMail, PreparedMessage]], report: PassReport, began: datetime
) -> None:
    """Send in order; a broken connection is opened anew once, then the rest waits."""
    waiting = list(composed)
    breaks = 0
    while waiting and not delivery.should_stop():
        try:
            with connected() as connection:
                while waiting and not delivery.should_stop():
                    mail, message = waiting.pop(0)
                    _send(delivery, connection, mail, message, report)
                    breaks = 0
                    waiting = waiting or _more(delivery, report, began)
        except ConnectionLostError as lost:
            breaks += 1
            if breaks >= _BREAKS_THAT_MEAN_AWAY:
                _wait_for_server(delivery, waiting, lost.answer, report)
                return
        except DeliveryError as away:
            _wait_for_server(delivery, waiting, away.answer, report)
            return
    for mail, _message in waiting:  # asked to stop
        queue.mark_put_off(mail, delivery.worker, delivery.clock(), None)
        report.put_off += 1


def _send(
    delivery: Delivery,
    connection: VerifyingConnection,
    mail: ClaimedMail,
    message: PreparedMessage,
    report: PassReport,
) -> None:
    """Try one mail and note what came of it. Raises ConnectionLostError after that, for a new connection."""
    if not queue.begin_try(mail.id, delivery.worker, delivery.clock()):
        return
    try:
        hand_over(connection, message)
    except DeliveryError as error:
        _note_failure(delivery, mail, error, report)
        if isinstance(error, ConnectionLostError):
            raise
        return
    _note_left(delivery, mail, queue.mark_sent)
    _logger(mail).info("mail_sent", tries=mail.attempts + 1)
    report.left += 1


def _note_left(delivery: Delivery, mail: ClaimedMail, mark: Callable[[ClaimedMail, str, datetime], bool]) -> None:
    """The mail is on its way, even where the claim was lost meanwhile: its people have this version of the entry.

    Registrations first and the mail second, in the order in which deleting a registration takes its mails along.
    """
    now = delivery.clock()
    with transaction():
        note_sent_sequences(mail.facts, now)
        mark(mail, delivery.worker, now)


def _note_failure(delivery: Delivery, mail: ClaimedMail, error: DeliveryError, report: PassReport) -> None:
    now = delivery.clock()
    again_at = next_try(error.verdict, mail.attempts + 1, now)
    _logger(mail).warning("mail_not_sent", verdict=error.verdict.value, tries=mail.attempts + 1)
    if again_at is None:
        queue.mark_failed(mail, delivery.worker, error.answer)
        report.failed += 1
    else:
        queue.mark_put_off(mail, delivery.worker, again_at, error.answer)
        report.put_off += 1


def _wait_for_server(
    delivery: Delivery,
    waiting: list[tuple[ClaimedMail, PreparedMessage]],
    answer: str,
    report: PassReport,
) -> None:
    now = delivery.clock()
    report.server_away = answer
    log.warning("mail_server_away", answer=without_addresses(answer), waiting=len(waiting))
    for mail, _message in waiting:
        again_at = try_when_server_is_back(mail.created_at, delivery.away_since or now, now)
        if again_at is None:
            queue.mark_failed(mail, delivery.worker, answer)
            report.failed += 1
        else:
            queue.mark_put_off(mail, delivery.worker, again_at, answer)
            report.put_off += 1


def _logger(mail: ClaimedMail) -> BoundLogger:
    """Ids and occasions only: no name, no address."""
    return log.bind(mail_id=mail.id, occasion=mail.occasion)
