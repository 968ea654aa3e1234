"""The commands of `flask`: each room brings its own."""

import click
from flask import Flask, current_app

from eventreg import worker


@click.command("worker")
@click.option("--once", is_flag=True, help="Deliver what is due and stop.")
def worker_command(once: bool) -> None:
    """Deliver the mails that are due, until SIGTERM or Ctrl-C."""
    worker.run(current_app._get_current_object(), once=once)  # type: ignore[attr-defined]  # werkzeug's proxy


def install(app: Flask) -> None:
    """Register all commands on the application."""
    app.cli.add_command(worker_command)
