"""Pages of series, organisers and the calendar to subscribe to."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from eventreg.database import transaction
from eventreg.series.models import Edition, Series
from tests.conftest import NOW
from tests.factories import Factory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient


@pytest.fixture(autouse=True)
def _the_moment() -> "Iterator[None]":
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: "FlaskClient", address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_series_shows_its_editions_and_what_is_coming(client: "FlaskClient", factory: Factory) -> None:
    office = factory.organiser()
    with transaction() as session:
        series = Series(slug="konferencja", organiser_id=office.id, title="Stała Konferencja", about="**Coroczna.**")
        series.editions = [
            Edition(number=4, year=2015, city="Kielce", theme="Polska – państwa nordyckie", host="Województwo"),
            Edition(number=5, year=2026, city="Poznań"),
        ]
        session.add(series)
        session.flush()
        series_id, edition_id = series.id, series.editions[1].id
    event = factory.event(office, title="Konferencja w Poznaniu", series_id=series_id, edition_id=edition_id)
    page = text(client, "/series/konferencja")
    assert "<strong>Coroczna.</strong>" in page
    assert page.index("Konferencja w\u00a0Poznaniu") < page.index(">2026<") < page.index(">2015<")
    assert "Polska – państwa nordyckie" in page
    assert "Gospodarz: Województwo" in page
    assert f'href="/events/{event.slug}">Strona tej edycji' in page
    assert "V edycja" in text(client, "/")
    assert "2 edycje" in text(client, "/series")
    assert "edition V" in text(client, "/en/")


def test_an_organiser_shows_who_it_is_and_its_events_alone(client: "FlaskClient", factory: Factory) -> None:
    office = factory.organiser(
        slug="urzad", name="Urząd Marszałkowski", about="Kto my.", website="https://um.example.org"
    )
    past = NOW - timedelta(days=400)
    factory.event(office, title="Nasze przyszłe")
    factory.event(office, title="Nasze minione", starts_at=past, ends_at=past + timedelta(hours=1))
    factory.event(office, title="Nasz szkic", state="draft")
    factory.event(title="Cudze")
    page = text(client, "/organisers/urzad")
    for words in ("Urząd Marszałkowski", "Kto my.", office.contact_email, "Nasze przyszłe", "Nasze minione"):
        assert words in page
    assert "Nasz szkic" not in page
    assert "Cudze" not in page


def test_the_calendar_page_gives_the_address_and_steps(client: "FlaskClient", factory: Factory) -> None:
    page = text(client, "/calendar")
    assert "http://localhost/calendar.ics" in page
    assert 'href="webcal://localhost/calendar.ics"' in page
    for name in ("Outlook", "Kalendarz Google", "Android"):
        assert name in page
    assert "http://localhost/en/calendar.ics" in text(client, "/en/calendar")


@pytest.mark.parametrize("address", ["/series/nie-ma", "/organisers/nie-ma", "/en/series/x?language=1&endpoint=2"])
def test_unknown_ones_are_a_calm_404(client: "FlaskClient", factory: Factory, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Traceback" not in response.get_data(as_text=True)
