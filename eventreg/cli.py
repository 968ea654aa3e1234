"""The commands of `flask`: each room brings its own."""

import click
from flask import Flask, current_app

from eventreg import serving, worker
from eventreg.organisers.commands import account_group, organiser_group
from eventreg.site.commands import doctor, sample_group


@click.command("worker")
@click.option("--once", is_flag=True, help="Deliver what is due and stop.")
def worker_command(once: bool) -> None:
    """Deliver the mails that are due, until SIGTERM or Ctrl-C."""
    worker.run(current_app._get_current_object(), once=once)  # type: ignore[attr-defined]  # werkzeug's proxy


@click.command("serve")
def serve_command() -> None:
    """Run the web server and the mail worker until Ctrl-C; prepares the database first."""
    serving.serve(current_app.extensions["eventreg.config"])


def install(app: Flask) -> None:
    """Register all commands on the application."""
    app.cli.add_command(serve_command)
    app.cli.add_command(sample_group)
    app.cli.add_command(doctor)
    app.cli.add_command(worker_command)
    app.cli.add_command(organiser_group)
    app.cli.add_command(account_group)
