"""The organiser sees which version of the invitation each person was last sent."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg.events.models import Event
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory, sign_in

SENT_AT = NOW + timedelta(minutes=4)


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(slug="dobre-praktyki", capacity=None)


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner"))


def words(page: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")
    return re.sub(r"\s+([,.])", r"\1", " ".join(text.split()))


def about_invitation(client: FlaskClient, person: Registration) -> str:
    page = client.get(f"/panel/events/dobre-praktyki/registrations/{person.id}").text
    found = re.search(r"<dt>Zaproszenie do kalendarza</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return "" if found is None else words(found[1])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"ical_sequence": 2, "sent_sequence": 2, "sent_sequence_at": SENT_AT},
            "Wersja 3, wysłano 22 listopada 2026 r., godz. 10.04 SEQUENCE 2",
        ),
        (
            {"ical_sequence": 3, "sent_sequence": 2, "sent_sequence_at": SENT_AT},
            "Wersja 3, wysłano 22 listopada 2026 r., godz. 10.04 SEQUENCE 2 Wersji 4 jeszcze nie wysłano",
        ),
        ({"ical_sequence": 1, "sent_sequence": 1}, "Wersja 2 SEQUENCE 1"),
        ({"ical_sequence": 0}, "Nie wysłano zaproszenia"),
        (
            {"state": "cancelled", "ical_sequence": 1, "sent_sequence": 1, "sent_sequence_at": SENT_AT},
            "Usunięto z kalendarza (wersja 2), wysłano 22 listopada 2026 r., godz. 10.04 SEQUENCE 1",
        ),
        (
            {"state": "cancelled", "ical_sequence": 1, "sent_sequence": 0, "sent_sequence_at": SENT_AT},
            "Wersja 1, wysłano 22 listopada 2026 r., godz. 10.04 SEQUENCE 0 "
            "Wersji 2, która usuwa wpis z kalendarza, jeszcze nie wysłano",
        ),
        ({"state": "pending", "confirmed_at": None}, ""),
        ({"state": "waitlisted", "waiting_order": 1, "confirmed_at": None}, ""),
    ],
)
def test_on_the_persons_page(
    alice: FlaskClient, factory: Factory, event: Event, values: dict[str, Any], expected: str
) -> None:
    assert about_invitation(alice, factory.registration(event, **values)) == expected


def test_the_list_marks_and_finds_those_without_the_newest_version(
    alice: FlaskClient, factory: Factory, event: Event
) -> None:
    for name, values in {
        "Anna Aktualna": {"ical_sequence": 2, "sent_sequence": 2},
        "Barbara Spóźniona": {"ical_sequence": 2, "sent_sequence": 1},
        "Celina Nowa": {"ical_sequence": 0},
        "Daria Odwołana": {"state": "cancelled", "ical_sequence": 1, "sent_sequence": 0},
        "Ewa Oczekująca": {"state": "waitlisted", "waiting_order": 1, "confirmed_at": None},
        "Filip Były": {"state": "cancelled", "ical_sequence": 0},
    }.items():
        factory.registration(event, name=name, **values)
    address = "/panel/events/dobre-praktyki/registrations"
    page = alice.get(address).text
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    marked = {name for row in rows if "zaproszenia jeszcze nie" in row for name in re.findall(r'\d">([^<]+)</a>', row)}
    assert marked == {"Barbara Spóźniona", "Celina Nowa", "Daria Odwołana"}
    assert "Do 3 osób nie wysłano jeszcze najnowszego zaproszenia." in words(page)
    assert f'href="{address}?invitation=lacking"' in page
    narrowed = alice.get(f"{address}?invitation=lacking").text
    assert set(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', narrowed)) == marked
    assert 'name="invitation" value="lacking"' in narrowed
    only = alice.get(f"{address}?invitation=lacking&state=cancelled").text
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', only) == ["Daria Odwołana"]


def test_a_list_where_everybody_is_up_to_date_says_nothing(alice: FlaskClient, factory: Factory, event: Event) -> None:
    factory.registration(event, ical_sequence=1, sent_sequence=1)
    address = "/panel/events/dobre-praktyki/registrations"
    assert "najnowszego zaproszenia" not in alice.get(address).text
    assert "Nikogo nie znaleziono" in alice.get(f"{address}?invitation=lacking").text


def test_in_the_exported_list(alice: FlaskClient, factory: Factory, event: Event) -> None:
    factory.registration(event, name="Anna Kowalska", ical_sequence=3, sent_sequence=2, sent_sequence_at=SENT_AT)
    factory.registration(event, name="Jan Nowak")
    text = alice.get("/panel/events/dobre-praktyki/registrations.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    told = [(row["Nazwisko"], row["Wysłano zaproszenie"], row["Zaproszenie: SEQUENCE"]) for row in rows]
    assert told == [("Kowalska", "2026-11-22 10:04", "2"), ("Nowak", "", "")]
