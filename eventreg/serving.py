"""`flask serve`: everything a town hall needs on one machine, in the foreground until Ctrl-C.

Prepares the database, loads the samples into an empty one, tells the panel's account, and becomes the supervisor of
the web server and the mail worker.
"""

import os
import socket
import sys
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade

from eventreg.clock import now_utc
from eventreg.config import Config
from eventreg.database import unreachable_is_told
from eventreg.organisers.first_account import ensure_first_account
from eventreg.site import sample_data


def prepare() -> None:
    """Bring the schema up to date and fill an empty database."""
    upgrade()
    sample_data.load(now_utc())


def serve(config: Config) -> None:
    """Serve until SIGINT or SIGTERM; does not return."""
    _refuse_taken_port(config)
    with unreachable_is_told():
        prepare()
        _say_where(config)
    os.chdir(Path(current_app.root_path).parent)
    sys.stdout.flush()
    arguments = [config.host, str(config.port), str(config.workers)]
    # A new program in the same process: it holds no connection and no memory of the preparations.
    os.execv(sys.executable, [sys.executable, "-m", "eventreg.supervising", *arguments])  # noqa: S606  # our own


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
