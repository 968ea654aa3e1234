"""The database: base class, time column, and the one way to write.

SQLite is told to keep its promises (WAL, foreign keys, synchronous=FULL: an acknowledged sign-up survives a power
cut) and to take the write lock at BEGIN, so that a reader who becomes a writer is never refused half way.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnClause, DateTime, Dialect, Engine, MetaData, event, literal_column
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from eventreg.writer_lane import LaneClosedError, WriterLane

BUSY_TIMEOUT_SECONDS = 10
"""How long a writer waits for the one before it; then the visitor is told 503 and to try again."""


class Base(DeclarativeBase):
    """What every model inherits."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Naive values are refused going in; aware UTC values come out, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; raises ValueError for a value without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    _keep_private(cursor.execute("PRAGMA database_list").fetchone()[2])
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_private(path: str) -> None:
    """A database that is just being made is its owner's alone, in whatever folder; its WAL takes over the mode."""
    if path and Path(path).stat().st_size == 0:
        Path(path).chmod(0o600)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def our_words(words: Iterable[str]) -> list[ColumnClause[str]]:
    """Words of the program itself for `column.in_(...)`, written into the statement.

    As parameters SQLAlchemy would unfold them anew at each execution, which is dear where everybody signs up. Raises
    ValueError for what is no plain word: nothing from outside may come here.
    """
    kept = list(words)
    if not all(word.isidentifier() for word in kept):
        raise ValueError("not a word of ours")
    return [literal_column(f"'{word}'") for word in kept]


@contextmanager
def unreachable_is_told() -> Iterator[None]:
    """For commands: a database that cannot be used ends them with one line that names the variable, no stack trace."""
    try:
        yield
    except (OperationalError, LaneClosedError) as error:
        cause = error.orig if isinstance(error, OperationalError) else error
        why = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
        raise click.ClickException(f"EVENTREG_DATABASE_URL: the database cannot be used ({why})") from error


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any error. Joins one that is already open.

    Yields the session. What was read before it began is forgotten, so that nothing stale is written back.
    """
    session: Session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    with _turn_to_write(session):
        session.connection(execution_options={"write": True})
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


_lanes: dict[str, WriterLane] = {}


def _turn_to_write(session: Session) -> AbstractContextManager[None]:
    """On SQLite writers come one after the other in fair order; PostgreSQL needs no help."""
    url = session.get_bind().engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return nullcontext()
    lane = _lanes.setdefault(url.database, WriterLane(Path(url.database), BUSY_TIMEOUT_SECONDS))
    return lane.turn()
