"""The migrations give the schema of the models, on both databases, and can be taken back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, select, text

from eventreg.clock import now_utc
from eventreg.database import Base, db
from eventreg.events.models import PublicVersion

MOMENT = "2026-11-22 09:00:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    environ = {}
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        head, _, tail = url.rpartition("?")
        address, _, ours = (head or tail).rpartition("/")
        name = f"{ours}_migrations"  # each worker of the run has its own
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        base = f"{address}/{name}"
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


def test_people_of_the_first_schema_keep_their_places(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade(revision="0001")
        _insert_rows_of_the_first_schema()
        upgrade()
        with db.engine.connect() as connection:
            people = connection.execute(text("SELECT state, holds_place, category FROM registrations ORDER BY id"))
            assert [tuple(row) for row in people] == [
                ("confirmed", True, "participant"),
                ("cancelled", False, "participant"),
            ]
            event = connection.execute(text("SELECT waiting_list, waiting_count, group_limit, remind_days FROM events"))
            assert tuple(event.one()) == ("off", 0, 1, None)
        downgrade(revision="0001")
        upgrade()
        db.engine.dispose()


def test_people_of_the_second_schema_count_as_sent_what_was_written(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade(revision="0001")
        _insert_rows_of_the_first_schema()
        upgrade(revision="0002")
        checks = _checks_of_database()
        _execute(
            "UPDATE registrations SET confirmed_at = :moment, ical_sequence = 3 WHERE id = 1",
            "UPDATE registrations SET state = 'waitlisted', waiting_order = 1, ical_sequence = -1 WHERE id = 2",
        )
        for _again in range(2):
            upgrade()
            with db.engine.connect() as connection:
                people = connection.execute(
                    text(
                        "SELECT state, ical_sequence, sent_sequence, sent_sequence_at, revision, updated_at "
                        "FROM registrations ORDER BY id"
                    )
                )
                assert [tuple(row) for row in people] == [
                    ("confirmed", 3, 3, None, 1, None),
                    ("waitlisted", -1, None, None, 1, None),
                ]
            with db.engine.connect() as connection:
                [version] = connection.execute(select(PublicVersion.mark, PublicVersion.changed_at)).all()
                assert len(version.mark) == 32
                assert abs(version.changed_at - now_utc()) < timedelta(minutes=5)
            downgrade(revision="0002")
            assert _checks_of_database() == checks
        db.engine.dispose()


def _insert_rows_of_the_first_schema() -> None:
    for table, values in _rows_of_the_first_schema(MOMENT):
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        _execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", **values)  # noqa: S608  # names from this file


def _execute(*statements: str, **values: object) -> None:
    with db.engine.connect().execution_options(write=True) as connection:
        for statement in statements:
            wanted = {name: value for name, value in {"moment": MOMENT, **values}.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
        connection.commit()


def _rows_of_the_first_schema(moment: str) -> list[tuple[str, dict[str, object]]]:
    event = {
        **{"id": 1, "slug": "warsztaty", "uid": "u", "organiser_id": 1, "state": "published", "listed": True},
        **{"kind": "workshop", "language": "pl", "title": "Warsztaty", "attendance": "place", "places_taken": 1},
        **dict.fromkeys(("summary", "programme", "audience", "cost", "funding", "partners", "venue", "room"), ""),
        **dict.fromkeys(("street", "postal_code", "city", "country", "online_url", "venue_accessibility"), ""),
        **dict.fromkeys(("sign_up_url", "contact_name", "contact_email", "contact_phone", "cancel_reason"), ""),
        **dict.fromkeys(("responsible_person", "editor_name", "publisher_name"), ""),
        **{"starts_at": moment, "ends_at": "2026-11-22 10:30:00", "time_zone": "Europe/Warsaw", "all_day": False},
        **{"sign_up_mode": "here", "cap_per_address": 10, "created_at": moment, "updated_at": moment},
        **{"revision": 1, "sequence": 0, "is_sample": False},
    }
    organiser = {
        **{"id": 1, "slug": "urzad", "name": "Urząd", "legal_name": "", "kind": "public_body", "created_at": moment},
        **dict.fromkeys(("contact_email", "contact_phone", "address", "website", "about"), ""),
        **{"sends_as_itself": False, "has_publication_record": True, "is_sample": False},
    }
    people = [
        {
            **{"id": number, "event_id": 1, "state": state, "name": state, "name_key": state, "surname": state},
            **{"sort_key": state, "email": "a@example.org", "address_key": "a@example.org"},
            **{"quota_key": "a@example.org", "language": "pl", "source": "web", "uid": state, "ical_sequence": 0},
            **{"link_key": state, "created_at": moment},
        }
        for number, state in ((1, "confirmed"), (2, "cancelled"))
    ]
    return [("organisers", organiser), ("events", event), *(("registrations", person) for person in people)]


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
