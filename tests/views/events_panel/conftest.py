"""An organiser with its people, and the event form as a browser would send it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from re import DOTALL, findall, search, sub

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventreg.clock import now_utc
from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser
from tests.factories import Factory, sign_in
from tests.panel_steps import token

NEW = {
    "title": "Nowe warsztaty",
    "kind": "workshop",
    "starts_on": "26.10.2027",
    "starts_clock": "12.00",
    "ends_on": "",
    "ends_clock": "13:30",
    "time_zone": "Europe/Warsaw",
    "attendance": "place",
    "city": "Proszowice",
    "sign_up_mode": "here",
    "capacity": "30",
    "cap_per_address": "10",
    "language": "pl",
    "listed": "y",
    "belongs_to": "",
}
"""What a careful organiser types into the empty form."""


@dataclass(frozen=True)
class House:
    """Alice owns the organiser, Bob is her editor, Dora stands at the door, Charlie owns another one."""

    organiser: Organiser
    alice: FlaskClient
    bob: FlaskClient
    dora: FlaskClient
    charlie: FlaskClient


@pytest.fixture
def soon() -> datetime:
    """A start in the future of the real clock, which views read: in 40 days at 11:00 UTC."""
    return (now_utc() + timedelta(days=40)).replace(hour=11, minute=0, second=0, microsecond=0)


@pytest.fixture
def house(app: Flask, factory: Factory) -> House:
    organiser = factory.organiser(slug="urzad", name="Urząd Przykładowy")
    people = [
        factory.account(organiser, "owner", name="Alicja Nowak"),
        factory.account(organiser, "editor", name="Robert Nowak"),
        factory.account(organiser, "door"),
        factory.account(factory.organiser(slug="inny"), "owner"),
    ]
    return House(organiser, *(sign_in(app, account) for account in people))


@pytest.fixture
def event(house: House, factory: Factory, soon: datetime) -> Event:
    """A published event of Alice's organiser, to come."""
    return factory.event(
        house.organiser,
        slug="warsztaty",
        title="Warsztaty o współpracy",
        starts_at=soon,
        ends_at=soon + timedelta(minutes=90),
    )


@pytest.fixture
def post() -> Callable[..., TestResponse]:
    """Send a form with the token of the page it stands on: post(client, path, data, page=path)."""

    def send(client: FlaskClient, path: str, data: dict[str, str], page: str | None = None) -> TestResponse:
        return client.post(path, data={**data, "csrf_token": token(client, page or path)})

    return send


def typed(html: str) -> dict[str, str]:
    """What a browser would send of the event form of a page, hidden fields included."""
    form = search(r'<form[^>]*action="[^"]*/(?:edit|new)[^"]*".*?</form>', html, DOTALL)
    assert form is not None
    values: dict[str, str] = {}
    for tag in findall(r"<input[^>]*>", form[0]):
        attributes = dict(findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        values[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', form[0], DOTALL):
        values[name] = unescape(text)
    for name, options in findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form[0], DOTALL):
        chosen = search(r'<option value="([^"]*)" selected', options)
        values[name] = unescape(chosen[1]) if chosen else ""
    return values


def error_of(html: str, field: str) -> str:
    """The message beside a field, without its hidden 'Error:'; '' when there is none."""
    found = search(rf'<p id="{field}-error"[^>]*>(.*?)</p>', html, DOTALL)
    if found is None:
        return ""
    return unescape(sub(r"<span.*?</span>", "", found[1], flags=DOTALL).strip())


def stored(event_id: int) -> Event:
    """The event as it stands in the database now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Event, event_id)
