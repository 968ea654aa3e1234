"""The downloads as other programs read them, and who may have them."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry, Organiser
from tests.conftest import NOW
from tests.factories import Factory, sign_in

FORMULA = '=HYPERLINK("//evil","x")'


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    event = factory.event(slug="dobre-praktyki")
    factory.registration(event, name="Maria Ścisło", email="maria@example.org")
    factory.registration(event, name="Jan Łoś", email="jan@example.org", source="panel", language="en")
    factory.registration(
        event,
        name="Ewa Ćwik",
        email="ewa@example.org",
        state="cancelled",
        cancelled_at=NOW + timedelta(minutes=5),
        cancelled_by="person",
    )
    return event


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner"))


def address(event: Event, ending: str, prefix: str = "") -> str:
    return f"{prefix}/panel/events/{event.slug}/registrations.{ending}"


def test_csv(alice: FlaskClient, event: Event) -> None:
    answer = alice.get(address(event, "csv"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == "attachment; filename=dobre-praktyki-2026-11-22.csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == [
        *("Lp.", "Nazwisko", "Imię i nazwisko", "Tytuł", "Adres e-mail", "Stan", "Pozycja na liście rezerwowej"),
        *("Kategoria", "Obecność", "W\u00a0zastępstwie za", "Data zgłoszenia", "Data rezygnacji", "Powód"),
        *("Sposób zgłoszenia", "Droga zgłoszenia", "Znak sprawy", "Język"),
        *("Wysłano zaproszenie", "Zaproszenie: SEQUENCE"),
    ]
    assert rows[1:] == [
        [
            *("1", "Ćwik", "Ewa Ćwik", "", "ewa@example.org", "Wycofane", "", "Uczestnik", "", ""),
            *("2026-11-22 10:00", "2026-11-22 10:05", "", "Formularz na stronie", "", "", "polski", "", ""),
        ],
        [
            *("2", "Łoś", "Jan Łoś", "", "jan@example.org", "Potwierdzone", "", "Uczestnik", "", ""),
            *("2026-11-22 10:00", "", "", "Dopisanie przez organizatora", "", "", "angielski", "", ""),
        ],
        [
            *("3", "Ścisło", "Maria Ścisło", "", "maria@example.org", "Potwierdzone", "", "Uczestnik", "", ""),
            *("2026-11-22 10:00", "", "", "Formularz na stronie", "", "", "polski", "", ""),
        ],
    ]


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    text = client.get(path).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_every_state_and_what_the_office_keeps(alice: FlaskClient, factory: Factory) -> None:
    event = factory.event(alice_organiser(), slug="rozne")
    old = factory.registration(event, name="Adam Aal", state="cancelled", cancelled_by="substituted")
    factory.registration(
        event,
        name="Jan Babik",
        academic_title="dr hab.",
        category="speaker",
        source="panel",
        channel="letter",
        case_number="OR.152.3.2026",
        attended=True,
        stands_for_id=old.id,
        note="oddzwonić",
    )
    factory.registration(event, name="Ewa Cabaj", state="waitlisted", waiting_order=8, confirmed_at=None)
    factory.registration(event, name="Iza Dec", state="waitlisted", waiting_order=5, confirmed_at=None)
    factory.registration(event, name="Ola Ewert", state="pending", confirmed_at=None)
    factory.registration(event, name="Ula Fik", state="declined", reason="Brak miejsc.", confirmed_at=None)
    factory.registration(event, name="Zoe Gil", state="unconfirmed", hold_until=NOW, confirmed_at=None)
    rows = table(alice, address(event, "csv"))
    assert [(row["Stan"], row["Pozycja na liście rezerwowej"]) for row in rows] == [
        ("Wycofane", ""),
        ("Potwierdzone", ""),
        ("Lista rezerwowa", "2"),
        ("Lista rezerwowa", "1"),
        ("Czeka na decyzję", ""),
        ("Niezakwalifikowane", ""),
        ("Adres niepotwierdzony", ""),
    ]
    jan = rows[1]
    assert (jan["Tytuł"], jan["Kategoria"], jan["Droga zgłoszenia"]) == ("dr hab.", "Prelegent", "Pismo")
    assert (jan["Znak sprawy"], jan["Obecność"]) == ("OR.152.3.2026", "Obecność potwierdzona")
    assert jan["W\u00a0zastępstwie za"] == "Adam Aal"
    assert rows[5]["Powód"] == "Brak miejsc."
    assert [row["Nazwisko"] for row in table(alice, address(event, "csv") + "?category=speaker")] == ["Babik"]


def test_notes_leave_only_when_asked_for(alice: FlaskClient, event: Event, factory: Factory) -> None:
    factory.registration(event, name="Ola Nowa", note="oddzwonić po piętnastej")
    assert "oddzwonić" not in alice.get(address(event, "csv")).data.decode("utf-8-sig")
    rows = table(alice, address(event, "csv") + "?notes=1")
    assert [row["Notatka wewnętrzna"] for row in rows if row["Nazwisko"] == "Nowa"] == ["oddzwonić po piętnastej"]
    db.session.rollback()
    details = [row.detail for row in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert details[-1] == {"format": "csv", "state": "all", "notes": True}


def alice_organiser() -> Organiser:
    return db.session.scalars(select(Event)).one().organiser


def test_xlsx(alice: FlaskClient, event: Event) -> None:
    answer = alice.get(address(event, "xlsx"))
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == "attachment; filename=dobre-praktyki-2026-11-22.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(answer.data))["Zgłoszenia"]
    assert [cell.value for cell in page[1]][:3] == ["Lp.", "Nazwisko", "Imię i nazwisko"]
    assert [cell.value for cell in page["C"]][1:] == ["Ewa Ćwik", "Jan Łoś", "Maria Ścisło"]
    assert page["K2"].value == datetime.fromisoformat("2026-11-22T10:00:00")
    assert page["K2"].is_date
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:S4")


def test_in_english(alice: FlaskClient, event: Event) -> None:
    text = alice.get(address(event, "csv", "/en")).data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("No.;Surname;Name and surname;")
    assert "Cancelled" in text


def test_one_state_alone(alice: FlaskClient, event: Event) -> None:
    text = alice.get(address(event, "csv") + "?state=confirmed").data.decode("utf-8-sig")
    assert [line.split(";")[1] for line in text.splitlines()] == ["Nazwisko", "Łoś", "Ścisło"]


def test_abuse_01_formulas_leave_as_text(alice: FlaskClient, event: Event, factory: Factory) -> None:
    factory.registration(event, name=FORMULA)
    raw = alice.get(address(event, "csv")).data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=";"))
    assert "'" + FORMULA in [row[2] for row in rows]
    book = openpyxl.load_workbook(io.BytesIO(alice.get(address(event, "xlsx")).data))
    cell = next(cell for cell in book.active["C"] if cell.value == FORMULA)  # type: ignore[index, union-attr]
    assert cell.data_type == "s"


def test_each_download_stands_in_the_trail(alice: FlaskClient, event: Event) -> None:
    alice.get(address(event, "csv"))
    alice.head(address(event, "csv"))
    alice.get(address(event, "xlsx") + "?state=confirmed")
    db.session.rollback()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.action, row.event_id, row.detail) for row in rows] == [
        ("list_exported", event.id, {"format": "csv", "state": "all"}),
        ("list_exported", event.id, {"format": "xlsx", "state": "confirmed"}),
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_abuse_28_who_may_download(app: Flask, factory: Factory, event: Event, ending: str) -> None:
    bob = sign_in(app, factory.account(event.organiser, "editor"))
    door = sign_in(app, factory.account(event.organiser, "door"))
    charlie = sign_in(app, factory.account(factory.organiser(), "owner"))
    assert bob.get(address(event, ending)).status_code == 200
    assert door.get(address(event, ending)).status_code == 404
    assert charlie.get(address(event, ending)).status_code == 404
    visitor = app.test_client().get(address(event, ending))
    assert visitor.status_code == 302
    assert "/panel/sign-in" in visitor.location


def test_an_event_without_anybody(alice: FlaskClient, event: Event, factory: Factory) -> None:
    empty = factory.event(event.organiser)
    assert alice.get(address(empty, "csv")).data.count(b"\r\n") == 1
    assert openpyxl.load_workbook(io.BytesIO(alice.get(address(empty, "xlsx")).data)).active is not None


def test_many_people(alice: FlaskClient, event: Event, factory: Factory) -> None:
    many = factory.event(event.organiser, capacity=None)
    for _ in range(220):
        factory.registration(many)
    answer = alice.get(address(many, "csv"))
    assert answer.data.count(b"\r\n") == 221
    assert answer.content_length == len(answer.data)
