"""The person's own page over HTTP."""

from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.links import new_link_key, signed_token
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(factory: Factory) -> Registration:
    return factory.registration(factory.event(online_url="https://meet.example.org/x", attendance="hybrid"))


def address(registration: Registration) -> str:
    return "/registrations/" + signed_token("registration", registration.link_key)


def state(registration: Registration) -> str:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True).state


def test_it_shows_what_she_is_signed_up_for(client: FlaskClient, person: Registration) -> None:
    page = client.get(address(person))
    assert page.status_code == 200
    assert "Udział potwierdzony" in page.text
    assert person.name in page.text
    assert "https://meet.example.org/x" in page.text
    assert person.email not in page.text  # abuse 27: a forwarded link shows the least


def test_cancel_and_undo(client: FlaskClient, person: Registration) -> None:
    cancelled = client.post(address(person) + "/cancel")
    assert (cancelled.status_code, cancelled.location) == (303, address(person))
    assert state(person) == "cancelled"
    page = client.get(address(person))
    assert "Zrezygnowano z udziału" in page.text
    assert "https://meet.example.org/x" not in page.text
    assert client.post(address(person) + "/restore").status_code == 303
    assert state(person) == "confirmed"


def test_abuse_24_opening_every_link_changes_nothing(client: FlaskClient, person: Registration) -> None:
    for path in ("", "/cancel", "/restore", "/event.ics"):
        assert client.get(address(person) + path).status_code in (200, 303)
        assert client.head(address(person) + path).status_code in (200, 303)
        assert state(person) == "confirmed"


def test_undo_when_the_places_are_gone_says_so(client: FlaskClient, factory: Factory, person: Registration) -> None:
    client.post(address(person) + "/cancel")
    with transaction():
        event = db.session.get_one(Event, person.event_id, populate_existing=True)
        event.capacity, event.places_taken = 1, 1
    answer = client.post(address(person) + "/restore")
    assert answer.status_code == 409
    assert "nie udało się przywrócić zgłoszenia" in answer.text
    assert state(person) == "cancelled"


def test_abuse_25_forged_tokens_are_a_calm_404(client: FlaskClient, person: Registration) -> None:
    good = signed_token("registration", person.link_key)
    forged = [
        good[:-2] + "xx",
        "x" * 30,
        signed_token("other", person.link_key),
        signed_token("registration", new_link_key()),
    ]
    for token in forged:
        for answer in (client.get(f"/registrations/{token}"), client.post(f"/registrations/{token}/cancel")):
            assert answer.status_code == 404
            assert "Nie ma takiej strony" in answer.text
    assert state(person) == "confirmed"


def test_abuse_26_40_no_cache_no_index_no_referer_to_others(client: FlaskClient, person: Registration) -> None:
    answer = client.get(address(person))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_abuse_26_tokens_and_people_are_not_in_the_logs(
    client: FlaskClient, person: Registration, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get(address(person) + "?x=1")
    client.post(f"/events/{person.event.slug}", data={"name": "Tajna Osoba", "email": "tajna@example.org"})
    written = "".join(capfd.readouterr())
    assert "/registrations/<token>" in written
    for secret in (address(person).rsplit("/", 1)[1], "Tajna", "tajna@", person.name, person.email):
        assert secret not in written


def test_her_calendar_file_has_the_uid_of_her_invitation(client: FlaskClient, person: Registration) -> None:
    answer = client.get(address(person) + "/event.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    [entry] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert entry["UID"] == person.uid
    assert "ATTENDEE" not in entry


def test_a_cancelled_event_says_so(client: FlaskClient, person: Registration) -> None:
    with transaction():
        db.session.get_one(Event, person.event_id).state = "cancelled"
    assert "Wydarzenie odwołane" in client.get(address(person)).text
    assert client.post(address(person) + "/cancel").status_code == 409
