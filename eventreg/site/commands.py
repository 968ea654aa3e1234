"""flask sample load, flask sample remove, flask doctor: for the one at the machine's keyboard."""

import sys

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from eventreg.clock import now_utc
from eventreg.database import db, unreachable_is_told
from eventreg.i18n import LANGUAGES, in_locale
from eventreg.site import sample_data
from eventreg.site.going_live import site_state
from eventreg.site.going_live_rules import going_live_points
from eventreg.site.site_words import CHECK_WORDS


@click.group("sample")
def sample_group() -> None:
    """The sample events."""


@sample_group.command("load")
def load_samples() -> None:
    """Load the sample events into an empty database."""
    if not sample_data.load(now_utc()):
        raise click.ClickException("Samples are loaded once, into an empty database. Nothing was changed.")
    click.echo("The sample events are loaded.")


@sample_group.command("remove")
def remove_samples() -> None:
    """Take the sample events and their people away for good."""
    click.echo(f"{sample_data.remove()} sample events were removed.")


@click.command("doctor")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
def doctor(language: str) -> None:
    """Say what is still sample, empty or unsafe; the exit status is 1 when something must be done."""
    with unreachable_is_told():
        is_current = is_schema_current()
    if not is_current:
        click.echo("[to do] The database has no or an old schema: flask db upgrade")
        sys.exit(1)
    points = going_live_points(site_state(now_utc()))
    with in_locale(language):
        for point in points:
            title, advice = CHECK_WORDS[point.check]
            mark = "ok" if point.done else "to do" if point.blocking else "recommended"
            click.echo(f"[{mark}] {title}")
            if not point.done:
                click.echo(f"        {advice}" + (f" ({', '.join(point.names)})" if point.names else ""))
    sys.exit(1 if any(point.blocking and not point.done for point in points) else 0)


def is_schema_current() -> bool:
    """Whether the database stands at the newest migration."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(script.get_heads())
