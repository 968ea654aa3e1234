"""`flask serve`: everything a town hall needs on one machine, in the foreground until Ctrl-C.

Prepares the database, loads the samples into an empty one, tells the panel's account, and runs the web server with
the mail worker beside it.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from eventreg.clock import now_utc
from eventreg.config import Config
from eventreg.organisers.first_account import ensure_first_account
from eventreg.site import sample_data

WORKER_RESTART_SECONDS = 5
"""The pause before a worker that ended by itself is started again."""

STOP_SECONDS = 20
"""How long the worker may finish the mail in hand before it is killed; nothing is lost then either."""

THREADS_PER_PROCESS = 8
"""Requests that one web process answers at the same time."""


def prepare() -> None:
    """Bring the schema up to date and fill an empty database."""
    upgrade()
    sample_data.load(now_utc())


def serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM."""
    _refuse_taken_port(config)
    prepare()
    _say_where(config)
    worker = _Worker()
    worker.start()
    try:
        Granian(
            target="app:app",
            address=config.host,
            port=config.port,
            interface=Interfaces.WSGI,
            workers=config.workers,
            blocking_threads=THREADS_PER_PROCESS,
            websockets=False,
            respawn_failed_workers=True,
            working_dir=Path(current_app.root_path).parent,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        worker.stop()


def _refuse_taken_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"{config.host}:{config.port} cannot be used ({error.strerror}). Set PORT to another number."
            ) from error


def _say_where(config: Config) -> None:
    email, password = ensure_first_account(now_utc())
    secret = password or f"(set at first start; flask account reset {email})"
    click.echo(f"eventreg: {config.base_url}/   panel: {config.base_url}/panel/")
    click.echo(f"panel account: {email} password: {secret}")
    if config.mail_server is None:
        click.echo(f"no mail server is set: mails are filed under {config.data_dir / 'mail'}")
    sys.stdout.flush()


class _Worker:
    """The mail worker as a process of its own, started again if it ends by itself."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep_running, daemon=True)

    def start(self) -> None:
        """Start it in the background."""
        self._keeper.start()

    def _keep_running(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        # Its own process group: Ctrl-C reaches us, and we stop it in order. Its standard input is a pipe that closes
        # with us, however we end, so that no orphan goes on sending.
        while not self._stopping.is_set():
            self._process = subprocess.Popen(  # noqa: S603  # our own command
                command,
                stdin=subprocess.PIPE,
                start_new_session=True,
                env={**os.environ, "EVENTREG_WORKER_STOPS_WITH_STDIN": "1"},
            )
            self._process.wait()
            self._stopping.wait(WORKER_RESTART_SECONDS)

    def stop(self) -> None:
        """Let it finish the mail in hand, then end it."""
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
