"""How Alembic meets the application: its engine, its models, one transaction for each run."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from eventreg.database import Base, UTCDateTime

db = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | bool:
    """Our time column by its own name."""
    if kind == "type" and isinstance(item, UTCDateTime):
        autogen_context.imports.add("from eventreg.database import UTCDateTime")
        return "UTCDateTime()"
    return False


def run_migrations() -> None:
    """Bring the schema of the application's database up to date."""
    with db.engine.connect().execution_options(write=True) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Batch mode copies tables; foreign keys must not fire meanwhile. No effect inside a transaction.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            _run_on(connection)
        finally:
            if is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def _run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


run_migrations()
