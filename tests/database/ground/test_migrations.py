"""The migrations give the schema of the models, on both databases, and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect

from eventreg.database import Base, db


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    environ = {}
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS migrations_only WITH (FORCE)")
            connection.execute("CREATE DATABASE migrations_only TEMPLATE template0 ENCODING 'UTF8'")
        head, _, tail = url.rpartition("?")
        base = (head or tail).rpartition("/")[0] + "/migrations_only"
        environ["EVENTREG_DATABASE_URL"] = f"{base}?{tail}" if head else base
    return make_app(create_tables=False, **environ)


def test_upgrade_gives_the_models_and_downgrade_leaves_nothing(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        assert _checks_of_database() == _checks_of_models()
        upgrade()  # a second start changes nothing
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()


def _checks_of_models() -> dict[str, set[str]]:
    return {
        name: {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        for name, table in Base.metadata.tables.items()
    }


def _checks_of_database() -> dict[str, set[str]]:
    """The names of all check constraints: Alembic compares none, and copying a table on SQLite may lose them."""
    looked = inspect(db.engine)
    return {
        table: {str(one["name"]) for one in looked.get_check_constraints(table)}
        for table in looked.get_table_names()
        if table != "alembic_version"
    }
