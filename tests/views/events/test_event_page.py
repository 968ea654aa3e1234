"""The page of an event as visitors see it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import update

from eventreg.database import transaction
from eventreg.events.models import Event, FormerSlug
from eventreg.organisers.models import Organiser
from tests.conftest import NOW
from tests.factories import Factory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


@pytest.fixture(autouse=True)
def _the_moment() -> "Iterator[None]":
    with time_machine.travel(NOW, tick=False):
        yield


def text(client: "FlaskClient", event: Event, prefix: str = "") -> str:
    response = client.get(f"{prefix}/events/{event.slug}")
    assert response.status_code == 200
    return response.get_data(as_text=True).replace("\u00a0", " ").replace("\u2060", "")


def change(event: Event, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(revision=Event.revision + 1, **values))


def test_what_when_where_for_whom(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(audience="urzędnicy gmin", summary="Krótko o współpracy.")
    page = text(client, event)
    assert "<title>" + event.title + " – " in page
    for words in (
        "środa, 9 grudnia 2026 r.",
        "godz. 12.00–13.30",
        "Urząd Miasta Proszowice",
        "ul. 3 Maja 72, 32-100 Proszowice",
        "urzędnicy gmin",
        "Krótko o współpracy.",
        "Liczba miejsc: 30.",
        event.organiser.contact_email,
    ):
        assert words in page
    assert "openstreetmap.org" in page


def test_the_form_has_two_fields_and_the_clause_before_the_button(client: "FlaskClient", factory: Factory) -> None:
    page = text(client, factory.event())
    form = page[page.index('<form method="post"') : page.index("</form>")]
    assert re.findall(r'name="(\w+)"', form) == ["name", "email", "website"]
    assert form.index("Klauzula informacyjna") < form.index("Klauzula.") < form.index('<button type="submit"')
    assert 'autocomplete="email"' in form
    assert "novalidate" in form
    assert 'aria-describedby="email-hint"' in form


def test_times_of_another_zone_are_explained(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(time_zone="Europe/Kyiv")
    assert "w Polsce godz. 12.00" in text(client, event)
    assert "Warsaw time" not in text(client, event, "/en")
    assert text(client, factory.event(), "/en").count("Warsaw time") == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"capacity": 30, "places_taken": 30}, "Wszystkie są zajęte."),
        ({"sign_up_opens_at": NOW + timedelta(days=1)}, "Zgłoszenia przyjmujemy od 23 listopada 2026"),
        ({"sign_up_closes_at": NOW - timedelta(hours=1)}, "Zgłoszeń już nie przyjmujemy."),
        ({"sign_up_mode": "open_entry"}, "Wstęp wolny."),
        ({"sign_up_mode": "elsewhere", "sign_up_url": "https://zapisy.example.org/x"}, "https://zapisy.example.org/x"),
        ({"state": "cancelled", "cancel_reason": "Choroba prowadzącej"}, "Choroba prowadzącej"),
        ({"starts_at": NOW - timedelta(days=2), "ends_at": NOW - timedelta(days=1)}, "Wydarzenie już się odbyło"),
    ],
)
def test_without_open_sign_up_there_is_no_form_but_a_reason(
    client: "FlaskClient", factory: Factory, values: dict[str, Any], words: str
) -> None:
    page = text(client, factory.event(**values))
    assert words in page
    assert '<form method="post"' not in page


def test_the_address_of_the_meeting_is_for_participants_only(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(attendance="hybrid", online_url="https://spotkanie.example.org/tajne")
    assert "spotkanie.example.org" not in text(client, event)
    assert "także online" in text(client, event).lower()


def test_abuse_06_markdown_is_harmless(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(
        programme="<script>x</script> [link](javascript:alert(1)) ![](https://evil.example/p.png)",
        venue_accessibility="<img src=x onerror=y>",
    )
    page = text(client, event)
    assert re.findall(r'(?:href|src)="(?:javascript:|[^"]*evil)', page) == []
    assert "<script>x" not in page
    assert "<img" not in page


def test_abuse_03_titles_are_escaped_also_in_json_ld(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(title="</script><b>Gruby</b> & tytuł")
    page = text(client, event)
    assert "<b>Gruby" not in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    assert json.loads(found[1])["name"] == event.title
    assert page.count("</script>") == 1


def test_search_engines_find_the_event_in_both_languages(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event()
    page = text(client, event, "/en")
    assert f'<link rel="canonical" href="http://localhost/en/events/{event.slug}">' in page
    assert f'hreflang="pl" href="http://localhost/events/{event.slug}"' in page
    assert f'<meta property="og:title" content="{event.title}">' in page
    assert f'<meta property="og:url" content="http://localhost/en/events/{event.slug}">' in page
    assert '<meta property="og:locale" content="pl_PL">' in page
    hidden = text(client, factory.event(listed=False))
    assert '<meta name="robots" content="noindex">' in hidden


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_what_is_not_public_looks_like_nothing(client: "FlaskClient", factory: Factory, state: str) -> None:
    event = factory.event(state=state, title="Tajne")
    hidden, unknown = client.get(f"/events/{event.slug}"), client.get("/events/nie-ma-takiego")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.data == unknown.data
    assert "Nie ma takiej strony" in hidden.get_data(as_text=True)


def test_a_former_address_redirects_for_good(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(slug="nowy")
    draft = factory.event(slug="szkic", state="draft")
    with transaction() as session:
        session.add(FormerSlug(slug="dawny", event_id=event.id))
        session.add(FormerSlug(slug="dawny-szkic", event_id=draft.id))
    response = client.get("/en/events/dawny")
    assert (response.status_code, response.location) == (301, "/en/events/nowy")
    assert client.get("/events/dawny-szkic").status_code == 404


def _not_changed(client: "FlaskClient", event: Event, first: "TestResponse") -> bool:
    again = client.get(f"/events/{event.slug}", headers={"If-None-Match": first.headers["ETag"]})
    return again.status_code == 304


def test_an_unchanged_page_is_not_sent_twice(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event()
    first = client.get(f"/events/{event.slug}", headers={"Accept-Encoding": "br"})
    assert first.headers["Content-Encoding"] == "br"
    assert "Set-Cookie" not in first.headers
    assert _not_changed(client, event, first)
    change(event, title="Zmieniony tytuł")
    assert not _not_changed(client, event, first)
    assert "Zmieniony tytuł" in text(client, event)


def test_the_page_follows_places_time_and_organiser_without_a_new_revision(
    client: "FlaskClient", factory: Factory
) -> None:
    event = factory.event(capacity=30)
    assert "Wolne miejsca" in text(client, event)
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(places_taken=29))
    assert "Ostatnie miejsca" in text(client, event)
    with transaction() as session:
        session.execute(update(Organiser).where(Organiser.id == event.organiser_id).values(name="Nowa Nazwa"))
    assert "Nowa Nazwa" in text(client, event)
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC)):
        assert "Wydarzenie już się odbyło" in text(client, event)


def test_what_stood_in_one_visitors_address_is_not_shown_to_the_next(client: "FlaskClient", factory: Factory) -> None:
    """Abuse 40: the page is kept in memory, so nothing of a request may get into it."""
    event = factory.event()
    client.get(f"/events/{event.slug}?utm_source=zatruty&language=x", headers={"Host": "127.0.0.1"})
    page = text(client, event)
    assert "zatruty" not in page
    assert "127.0.0.1" not in page


def test_an_english_page_says_in_which_language_the_texts_are(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(summary="Krótko.")
    page = text(client, event, "/en")
    assert '<html lang="en">' in page
    assert f'<h1 lang="pl">{event.title}</h1>' in page
    assert "Sign up" in page
    assert "Clause." in page
