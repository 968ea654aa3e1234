"""Small applications to hold our own against: what Flask costs on the same server for the same kind of answer.

Served as `bench.yardstick_apps:<name>` on the database of EVENTREG_DATABASE_URL, with the same durability. A sign-up
is one transaction of three statements: take a place, keep the person, queue the mail.
"""

import os
import secrets
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from flask import Flask, Response, redirect, render_template, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, text, update
from werkzeug.wrappers import Response as BaseResponse

from bench.yardstick_tables import EVENT, MAILS, PEOPLE, YARD_EVENTS

PAGE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>
<ul>{% for name in names %}<li>{{ name }}</li>{% endfor %}</ul>
<form method="post"><input name="name"><input name="email"><button>OK</button></form>"""


def small_views() -> Flask:
    """Without a database, a small page, and one query that is answered by 304."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["EVENTREG_DATABASE_URL"]
    database = SQLAlchemy(app)
    template = app.jinja_env.from_string(PAGE)
    query = text("SELECT mark, changed_at FROM public_version WHERE id = 1")

    @app.get("/empty")
    def empty() -> str:
        return ""

    @app.get("/page")
    def page() -> str:
        return render_template(template, title="Warsztaty", names=["12.00", "Proszowice", "30 miejsc"])

    @app.get("/unchanged")
    def unchanged() -> Response:
        row = database.session.execute(query).one()
        response = Response(status=304)
        response.set_etag(row.mark)
        return response

    return app


def _sign_up_app(keep: Callable[[str, str], bool]) -> Flask:
    app = Flask(__name__)

    @app.post("/sign-up")
    def sign_up() -> BaseResponse:
        if not keep(request.form["name"], request.form["email"]):
            return Response(status=422)
        return redirect("/thanks", 303)

    return app


def with_core() -> Flask:
    """SQLAlchemy Core: statements built anew each time, compiled once."""
    engine = create_engine(os.environ["EVENTREG_DATABASE_URL"])
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)

    def keep(name: str, email: str) -> bool:
        now = datetime.now(UTC)
        with engine.connect() as connection, connection.begin():
            taken = connection.execute(
                update(YARD_EVENTS)
                .where(YARD_EVENTS.c.id == EVENT, YARD_EVENTS.c.taken < YARD_EVENTS.c.capacity)
                .values(taken=YARD_EVENTS.c.taken + 1)
            )
            if taken.rowcount == 0:
                return False
            key = secrets.token_hex(16)
            connection.execute(insert(PEOPLE).values(event_id=EVENT, name=name, email=email, link_key=key, at=now))
            connection.execute(insert(MAILS).values(to_address=email, facts={"name": name, "key": key}, at=now))
        return True

    return _sign_up_app(keep)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _pragmas(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _pragmas(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def with_raw_driver() -> Flask:
    """sqlite3 or psycopg, one connection for each thread."""
    url = make_url(os.environ["EVENTREG_DATABASE_URL"])
    return _sign_up_app(_raw_sqlite(str(url.database)) if url.get_backend_name() == "sqlite" else _raw_postgresql())


def _raw_sqlite(path: str) -> Callable[[str, str], bool]:
    own = threading.local()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        _pragmas(connection)
        return connection

    def keep(name: str, email: str) -> bool:
        if not hasattr(own, "connection"):
            own.connection = connect()
        cursor = own.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("UPDATE yard_events SET taken = taken + 1 WHERE id = ? AND taken < capacity", (EVENT,))
        if cursor.rowcount == 0:
            cursor.execute("ROLLBACK")
            return False
        now, key = datetime.now(UTC).isoformat(), secrets.token_hex(16)
        person = (EVENT, name, email, key, now)
        cursor.execute("INSERT INTO yard_people (event_id, name, email, link_key, at) VALUES (?, ?, ?, ?, ?)", person)
        cursor.execute("INSERT INTO yard_mails (to_address, facts, at) VALUES (?, ?, ?)", (email, f'"{name}"', now))
        cursor.execute("COMMIT")
        return True

    return keep


def _raw_postgresql() -> Callable[[str, str], bool]:
    own = threading.local()
    address = make_url(os.environ["EVENTREG_DATABASE_URL"]).set(drivername="postgresql")

    def keep(name: str, email: str) -> bool:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(address.render_as_string(hide_password=False))
        with own.connection.transaction(), own.connection.cursor() as cursor:
            cursor.execute("UPDATE yard_events SET taken = taken + 1 WHERE id = %s AND taken < capacity", (EVENT,))
            if cursor.rowcount == 0:
                return False
            now, key = datetime.now(UTC), secrets.token_hex(16)
            person = (EVENT, name, email, key, now)
            cursor.execute(
                "INSERT INTO yard_people (event_id, name, email, link_key, at) VALUES (%s, %s, %s, %s, %s)", person
            )
            cursor.execute(
                "INSERT INTO yard_mails (to_address, facts, at) VALUES (%s, %s, %s)", (email, f'"{name}"', now)
            )
        return True

    return keep


_APPLICATIONS = {"views": small_views, "core": with_core, "raw": with_raw_driver}


def __getattr__(name: str) -> Flask:
    """The application of that name, made when the server asks for it."""
    if name not in _APPLICATIONS:
        raise AttributeError(name)
    return _APPLICATIONS[name]()
