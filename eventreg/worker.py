"""The worker's loop: does what is due by itself (reminders ...), delivers what is due in the outbox, shows that it
lives, and stops cleanly on SIGTERM. Beside it a thread looks at the calendars of others: a slow one holds up no mail.

It may be killed at any point: claims come back, and a mail keeps its Message-ID on every try.
"""

import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from eventreg.clock import now_utc
from eventreg.database import db
from eventreg.external_calendars.refreshing import refresh_due
from eventreg.logs import log
from eventreg.messages.reminders import send_due_reminders
from eventreg.messages.stale_reminders import withdraw_stale_reminders
from eventreg.outbox import queue
from eventreg.outbox.client_quota import forget_clients
from eventreg.outbox.delivering import Delivery, PassReport, deliver_due
from eventreg.outbox.heartbeat import BEATS_EVERY, beat
from eventreg.outbox.retry_rules import CLAIM_LEASE, LONGEST_AWAY_PAUSE, SHORTEST_AWAY_PAUSE
from eventreg.registrations.address_changing import delete_forgotten_changes
from eventreg.registrations.forgetting_unconfirmed import forget_unconfirmed
from eventreg.registrations.holds_and_offers import expire_due
from eventreg.registrations.import_drafts import delete_old_drafts
from eventreg.registrations.personal_calendar import forget_calendars

IDLE_SECONDS = 1.0
"""How long a mail waits at most before the worker looks."""

AFTER_ERROR_SECONDS = 5.0

PERIODIC_WORK: tuple[Callable[[datetime], int], ...] = (
    expire_due,
    forget_unconfirmed,
    send_due_reminders,
    delete_old_drafts,
    delete_forgotten_changes,
    forget_clients,
    forget_calendars,
)
"""What comes due by itself. Each is given the moment, looks cheaply (an idle worker writes nothing), does what is due
in transactions of its own and returns how much that was. Doing it twice, or in two workers at once, must do no harm."""

PERIODIC_WORK_EVERY = timedelta(seconds=30)

CALENDARS_EVERY_SECONDS = 5.0
"""How long a calendar that is due, or whose owner pressed 'look now', waits at most for the thread to notice."""

CALENDARS_END_SECONDS = 3.0
"""How long the thread may take to write down what it has in hand; a server that is waited for is left."""


class Worker:
    """One worker of one process. `clock` tells the time (clock.now_utc but in tests)."""

    def __init__(self, app: Flask, clock: Callable[[], datetime] = now_utc) -> None:
        self.app = app
        self.clock = clock
        self.host = socket.gethostname()
        self.name = queue.worker_name(self.host)
        self.stop = threading.Event()
        self._last_beat: datetime | None = None
        self._swept_at: datetime | None = None
        self._worked_at: datetime | None = None
        self._away_since: datetime | None = None
        self._server_rests_until: datetime | None = None

    def run_once(self) -> PassReport:
        """One round: take back stale claims, do what came due, deliver, beat. Works without run_forever, too."""
        with self.app.app_context():
            now = self.clock()
            self._sweep(now)
            self._do_periodic_work(now)
            report = PassReport()
            if not self._is_server_resting(now) and queue.has_due(now):
                report = deliver_due(self._delivery())
                self._note_server(report)
            self._beat()
            db.session.remove()
            return report

    def run_forever(self) -> None:
        """Until `stop` is set. A database that is away is waited for."""
        log.info("worker_started", worker=self.name)
        calendars = threading.Thread(target=self._follow_calendars, name="calendars", daemon=True)
        calendars.start()
        while not self.stop.is_set():
            try:
                report = self.run_once()
            except SQLAlchemyError as error:
                log.error("worker_round_failed", error=type(error).__name__)
                self.stop.wait(AFTER_ERROR_SECONDS)
                continue
            if not report.claimed:
                self.stop.wait(IDLE_SECONDS)
        calendars.join(CALENDARS_END_SECONDS)
        log.info("worker_stopped", worker=self.name)

    def look_at_calendars(self) -> int:
        """Look at the calendars of others that are due; what is wrong is told in the log. Returns how many."""
        with self.app.app_context():
            try:
                return refresh_due(self.clock(), self.stop.is_set)
            except Exception as error:  # whatever is wrong with calendars must not end the worker
                log.error("calendars_failed", error=type(error).__name__)
                return 0
            finally:
                db.session.remove()

    def _follow_calendars(self) -> None:
        while not self.stop.is_set():
            if not self.look_at_calendars():
                self.stop.wait(CALENDARS_EVERY_SECONDS)

    def _sweep(self, now: datetime) -> None:
        """At the start the claims of dead processes of this host come back, later those past the lease."""
        if self._swept_at is None:
            queue.release_claims_of_the_dead(self.host)
        if self._swept_at is None or now - self._swept_at > CLAIM_LEASE / 10:
            queue.release_stale_claims(now)
            self._swept_at = now

    def _do_periodic_work(self, now: datetime) -> None:
        """Every PERIODIC_WORK_EVERY. What fails is told in the log and tried again; delivery goes on."""
        if self._worked_at is not None and now - self._worked_at < PERIODIC_WORK_EVERY:
            return
        self._worked_at = now
        for work in PERIODIC_WORK:
            try:
                work(now)
            except Exception as error:  # whatever is wrong with one kind of work is not wrong with the others
                db.session.rollback()
                log.error("periodic_work_failed", work=work.__name__, error=type(error).__name__)

    def _delivery(self) -> Delivery:
        return Delivery(self.name, self.clock, self.stop.is_set, self._away_since, withdraw_stale_reminders)

    def _is_server_resting(self, now: datetime) -> bool:
        return self._server_rests_until is not None and now < self._server_rests_until

    def _note_server(self, report: PassReport) -> None:
        """While the server is away nobody knocks for a growing while; the first mail through ends that."""
        if report.server_away is None:
            if report.left:
                self._away_since = self._server_rests_until = None
            return
        now = self.clock()
        self._away_since = self._away_since or now
        pause = min(max(now - self._away_since, SHORTEST_AWAY_PAUSE), LONGEST_AWAY_PAUSE)
        self._server_rests_until = now + pause
        self._last_beat = None

    def _beat(self) -> None:
        now = self.clock()
        if self._last_beat is None or now - self._last_beat >= BEATS_EVERY:
            beat(self.name, now, self._away_since)
            self._last_beat = now


def run(app: Flask, *, once: bool) -> None:
    """The command `flask worker`: until a signal, or with `once` until nothing is due."""
    worker = Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    if once:
        while worker.run_once().claimed and not worker.stop.is_set():
            pass
        worker.look_at_calendars()
        return
    worker.run_forever()
