"""The panel's list of registrations over HTTP: what it shows, what it does, and for whom."""

import re
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory, sign_in


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(title="Dobre praktyki", slug="dobre-praktyki")


@pytest.fixture
def jan(factory: Factory, event: Event) -> Registration:
    return factory.registration(event, name="dr Jan Łoś", email="jan@example.org")


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner"))


LIST = "/panel/events/dobre-praktyki/registrations"


def token(client: FlaskClient, path: str = LIST) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client), **fields})


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def fresh(statement: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(statement))


def people(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def test_figures_people_and_ways_out(alice: FlaskClient, event: Event, jan: Registration, factory: Factory) -> None:
    factory.registration(event, name="Ewa Ćwik", state="cancelled")
    page = alice.get(LIST)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "<b>1 z\u00a030</b>" in page.text
    assert '<meter min="0" max="30" value="1"' in page.text
    assert people(page.text) == ["Ewa Ćwik", "dr Jan Łoś"]
    assert "22.11, 10.00" in page.text
    for ending in (".xlsx", ".csv", "/add", "/print"):
        assert f'href="{LIST}{ending}"' in page.text


def test_in_english(alice: FlaskClient, jan: Registration) -> None:
    page = alice.get("/en" + LIST).text
    assert "<b>1 of 30</b>" in page
    assert "Attendance sheet" in page
    assert "22\u00a0Nov, 10:00" in page


def test_search_and_states(alice: FlaskClient, event: Event, jan: Registration, factory: Factory) -> None:
    factory.registration(event, name="Ewa Ćwik", email="ewa@example.org", state="cancelled")
    assert people(alice.get(LIST + "?q=los").text) == ["dr Jan Łoś"]
    assert people(alice.get(LIST + "?q=EWA@").text) == ["Ewa Ćwik"]
    assert people(alice.get(LIST + "?state=cancelled").text) == ["Ewa Ćwik"]
    assert people(alice.get(LIST + "?order=newest").text) == ["Ewa Ćwik", "dr Jan Łoś"]
    assert "Nikogo nie znaleziono." in alice.get(LIST + "?q=nikt").text


def test_pages_keep_the_search(alice: FlaskClient, event: Event, factory: Factory) -> None:
    for _ in range(51):
        factory.registration(event)
    page = alice.get(LIST + "?q=kowalska&page=2&order=newest").text
    assert len(people(page)) == 1
    assert f'href="{LIST}?q=kowalska&amp;order=newest&amp;page=1"' in page


def test_an_empty_list(alice: FlaskClient, event: Event) -> None:
    assert "Nie ma jeszcze zgłoszeń." in alice.get(LIST).text


def test_abuse_03_a_name_is_escaped(alice: FlaskClient, event: Event, factory: Factory) -> None:
    person = factory.registration(event, name="<b>Jan</b> & Łoś")
    for path in (LIST, f"{LIST}/{person.id}", f"{LIST}/print"):
        page = alice.get(path).text
        assert "<b>Jan</b>" not in page
        assert "&lt;b&gt;Jan&lt;/b&gt; &amp;" in page


def test_adding_a_person(alice: FlaskClient, event: Event) -> None:
    answer = post(alice, f"{LIST}/add", name="Ewa Ćwik", email="ewa@example.org", language="en", tell="y")
    assert (answer.status_code, answer.location) == (303, LIST)
    page = alice.get(LIST).text
    assert "Dopisano: Ewa Ćwik." in page
    assert people(page) == ["Ewa Ćwik"]
    person = fresh(select(Registration))[0]
    assert (person.source, person.language, person.surname) == ("panel", "en", "Ćwik")


def test_adding_with_mistakes_keeps_what_was_typed(alice: FlaskClient, event: Event) -> None:
    answer = post(alice, f"{LIST}/add", name="Ewa Ćwik", email="ewa", language="pl")
    assert answer.status_code == 422
    assert 'value="Ewa Ćwik"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'href="#email"' in answer.text
    assert "<title>Błąd: " in answer.text


def test_adding_when_full_asks_for_a_tick(alice: FlaskClient, event: Event, factory: Factory) -> None:
    full = factory.event(event.organiser, slug="pelne", capacity=1)
    factory.registration(full)
    path = "/panel/events/pelne/registrations/add"
    form = {"name": "Ewa Ćwik", "email": "ewa@example.org", "language": "pl"}
    assert 'name="over_capacity"' in alice.get(path).text
    answer = post(alice, path, **form)
    assert answer.status_code == 422
    assert "Brak wolnych miejsc." in answer.text
    assert post(alice, path, **form, over_capacity="y").status_code == 303


def test_abuse_33_further_fields_are_ignored(alice: FlaskClient, event: Event, factory: Factory) -> None:
    other = factory.event()
    fields = {"event_id": str(other.id), "state": "cancelled", "source": "web"}
    post(alice, f"{LIST}/add", name="Ewa Ćwik", email="ewa@example.org", language="pl", **fields)
    person = fresh(select(Registration))[0]
    assert (person.event_id, person.state, person.source) == (event.id, "confirmed", "panel")


def test_cancelling_and_taking_back(alice: FlaskClient, jan: Registration) -> None:
    here = f"{LIST}/{jan.id}"
    answer = post(alice, f"{here}/cancel")
    assert (answer.status_code, answer.location) == (303, here)
    assert (row(jan).state, row(jan).cancelled_by) == ("cancelled", "organiser")
    assert "Zgłoszenie wycofano" in alice.get(here).text
    post(alice, f"{here}/restore")
    assert row(jan).state == "confirmed"
    assert fresh(select(Mail.occasion).order_by(Mail.id)) == ["registration_cancelled", "sign_up_confirmed"]
    actions = fresh(select(AuditEntry.action).order_by(AuditEntry.id))
    assert actions == ["registration_cancelled", "registration_restored"]


def test_taking_back_without_a_place_says_so(alice: FlaskClient, event: Event, factory: Factory) -> None:
    full = factory.event(event.organiser, slug="pelne", capacity=1)
    factory.registration(full)
    person = factory.registration(full, state="cancelled", cancelled_by="person")
    here = f"/panel/events/pelne/registrations/{person.id}"
    post(alice, f"{here}/restore")
    assert "Brak wolnych miejsc." in alice.get(here).text
    assert row(person).state == "cancelled"


def test_sending_the_confirmation_again(alice: FlaskClient, jan: Registration) -> None:
    post(alice, f"{LIST}/{jan.id}/resend")
    assert fresh(select(Mail.occasion)) == ["sign_up_confirmed"]
    page = alice.get(LIST).text
    assert "Potwierdzenie: czeka na wysłanie" in page


def test_correcting_the_surname(alice: FlaskClient, jan: Registration) -> None:
    here = f"{LIST}/{jan.id}"
    page = alice.get(here).text
    assert 'value="Łoś"' in page
    post(alice, f"{here}/correct", name="dr Jan Łoś-Nowak", surname="Łoś")
    assert (row(jan).name, row(jan).surname) == ("dr Jan Łoś-Nowak", "Łoś")
    answer = post(alice, f"{here}/correct", name="", surname="")
    assert answer.status_code == 422
    assert "Proszę podać nazwisko." in answer.text
    assert row(jan).name == "dr Jan Łoś-Nowak"


def test_two_people_cannot_become_one(alice: FlaskClient, event: Event, jan: Registration, factory: Factory) -> None:
    other = factory.registration(event, name="Jan Los", email="jan@example.org")
    answer = post(alice, f"{LIST}/{other.id}/correct", name="dr jan łoś", surname="Łoś")
    assert answer.status_code == 422
    assert "jest już na liście" in answer.text
    assert row(other).name == "Jan Los"


def test_raising_the_cap_per_address(alice: FlaskClient, event: Event) -> None:
    assert post(alice, f"{LIST}/cap", cap="25").status_code == 303
    assert fresh(select(Event.cap_per_address).where(Event.id == event.id)) == [25]
    for wrong in ("0", "x", "", "1001"):
        answer = post(alice, f"{LIST}/cap", cap=wrong)
        assert answer.status_code == 422
        assert "Proszę podać liczbę od 1 do 1000." in answer.text


def test_the_attendance_sheet(alice: FlaskClient, event: Event, jan: Registration, factory: Factory) -> None:
    factory.registration(event, name="Ewa Ćwik", state="cancelled")
    factory.registration(event, name="Zofia Bąk")
    page = alice.get(f"{LIST}/print").text
    names = re.findall(r"<td>(.+?)</td><td class=\"signature", page)
    assert names == ["Zofia <b>Bąk</b>", "dr Jan <b>Łoś</b>"]
    assert page.count('<td class="ordinal">') == 7
    assert "Lista obecności" in page
    assert event.organiser.name in page
    assert "środa, 9\u00a0grudnia 2026\u00a0r., godz.\u00a012.00–\u206013.30" in page
    assert "Urząd Miasta Proszowice" in page
    assert "example.org" not in page


GETS = ("", "/add", "/print", "/waiting-list", "/accept", "/decline", "/{id}", "/{id}/place", "/{id}/move")
POSTS = (
    *("/add", "/cap", "/chosen", "/accept", "/decline"),
    *("/{id}/correct", "/{id}/note", "/{id}/cancel", "/{id}/restore", "/{id}/resend"),
    *("/{id}/line", "/{id}/place", "/{id}/move"),
)


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_who_may_open_the_list(app: Flask, factory: Factory, event: Event, jan: Registration, role: str) -> None:
    client = sign_in(app, factory.account(event.organiser, role))
    for path in GETS:
        assert client.get(LIST + path.format(id=jan.id)).status_code == 200


@pytest.mark.parametrize("role", ["door", "owner"])
def test_abuse_28_strangers_and_door_staff_find_nothing(
    app: Flask, factory: Factory, event: Event, jan: Registration, role: str
) -> None:
    body = event.organiser if role == "door" else factory.organiser()
    own = factory.event(body, slug="wlasne")
    charlie = sign_in(app, factory.account(body, role))
    form = {"csrf_token": token(charlie, "/panel/account")}
    for path in GETS:
        assert charlie.get(LIST + path.format(id=jan.id)).status_code == 404
    for path in POSTS:
        assert charlie.post(LIST + path.format(id=jan.id), data=form).status_code == 404
    if role == "owner":
        for path in POSTS[5:]:
            mine = f"/panel/events/{own.slug}/registrations" + path.format(id=jan.id)
            assert charlie.post(mine, data=form).status_code == 404
    assert (row(jan).state, row(jan).name) == ("confirmed", "dr Jan Łoś")


def test_abuse_37_a_post_without_the_token_changes_nothing(alice: FlaskClient, jan: Registration) -> None:
    assert alice.post(f"{LIST}/{jan.id}/cancel").status_code == 400
    assert row(jan).state == "confirmed"


def test_abuse_24_opening_the_address_of_a_button_changes_nothing(alice: FlaskClient, jan: Registration) -> None:
    for action in ("cancel", "restore", "resend", "correct", "note", "line"):
        assert alice.get(f"{LIST}/{jan.id}/{action}").status_code == 405
    assert row(jan).state == "confirmed"
