"""The public lists as visitors see them."""

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


def test_upcoming_events_stand_in_order_under_their_months(client: "FlaskClient", factory: Factory) -> None:
    later = NOW + timedelta(days=60)
    factory.event(title="Drugie", starts_at=later, ends_at=later + timedelta(hours=1))
    factory.event(title="Pierwsze")
    page = text(client, "/")
    assert page.index("grudzień 2026") < page.index("Pierwsze") < page.index("styczeń 2027") < page.index("Drugie")
    assert "Wolne miejsca" in page


def test_drafts_archived_unlisted_and_past_events_are_not_upcoming(client: "FlaskClient", factory: Factory) -> None:
    past = NOW - timedelta(days=3)
    factory.event(title="Robocze", state="draft")
    factory.event(title="Schowane", state="archived")
    factory.event(title="Nienagłośnione", listed=False)
    factory.event(title="Minione", starts_at=past, ends_at=past + timedelta(hours=1))
    page = text(client, "/")
    for title in ("Robocze", "Schowane", "Nienagłośnione", "Minione"):
        assert title not in page
    archive = text(client, "/archive")
    assert "Minione" in archive
    for title in ("Robocze", "Schowane", "Nienagłośnione"):
        assert title not in archive


def test_a_cancelled_event_stays_and_says_so(client: "FlaskClient", factory: Factory) -> None:
    factory.event(title="Odwoływane", state="cancelled")
    page = text(client, "/")
    assert "Odwoływane" in page
    assert "Wydarzenie odwołane" in page


@pytest.mark.parametrize(
    ("capacity", "taken", "words"),
    [(30, 0, "Wolne miejsca"), (30, 27, "Ostatnie miejsca"), (30, 30, "Brak wolnych miejsc")],
)
def test_exact_figures_are_never_shown(
    client: "FlaskClient", factory: Factory, capacity: int, taken: int, words: str
) -> None:
    event = factory.event(capacity=capacity, places_taken=taken)
    assert words in text(client, "/")
    page = text(client, f"/events/{event.slug}")
    assert words in page
    assert f"{capacity - taken} miejsc" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=conference", ["Konferencja"]),
        ("q=lodz", ["Konferencja"]),
        ("q=WARSZTATY proszowice", ["Warsztat"]),
        ("month=2026-12", ["Konferencja", "Warsztat"]),
        ("month=2027-01", []),
        ("organiser=urzad", ["Konferencja"]),
        ("organiser=nikt", []),
        ("series=nic", []),
        ("kind=unknown&month=13&page=zero&q=", ["Konferencja", "Warsztat"]),
    ],
)
def test_filters(client: "FlaskClient", factory: Factory, query: str, found: list[str]) -> None:
    office = factory.organiser(slug="urzad", name="Urząd")
    factory.event(office, slug="k", title="Konferencja", kind="conference", city="Łódź")
    factory.event(slug="w", title="Warsztat", summary="Warsztaty praktyczne")
    page = text(client, f"/?{query}")
    assert [title for title in ("Konferencja", "Warsztat") if f">{title}</a>" in page] == found


def test_a_search_is_shown_escaped_and_kept(client: "FlaskClient", factory: Factory) -> None:
    page = text(client, "/?q=<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert "noindex" not in text(client, "/")


def test_arguments_with_the_names_of_internals_do_no_harm(client: "FlaskClient", factory: Factory) -> None:
    factory.event()
    assert "Warsztaty" in text(client, "/?endpoint=x&language=en&_anchor=y&_external=1")


def test_long_lists_have_pages(client: "FlaskClient", factory: Factory) -> None:
    office = factory.organiser()
    for number in range(31):
        start = NOW + timedelta(days=1, hours=number)
        factory.event(office, title=f"Numer {number:02}", starts_at=start, ends_at=start + timedelta(minutes=30))
    first, second = text(client, "/"), text(client, "/?page=2")
    assert "Numer 29" in first
    assert "Numer 30" not in first
    assert "Numer 30" in second
    assert "Numer 29" not in second
    assert 'href="/?page=2"' in first
    assert "Numer 30" in text(client, "/?page=99")


def test_both_languages_complete_and_linked(client: "FlaskClient", factory: Factory) -> None:
    factory.event()
    english = text(client, "/en/")
    assert '<html lang="en">' in english
    assert "Upcoming events" in english
    assert "December 2026" in english
    assert 'hreflang="pl" href="http://localhost/"' in english
    assert '<link rel="canonical" href="http://localhost/en/">' in english
    assert "Nadchodzące wydarzenia" in text(client, "/")


def test_empty_lists_say_what_to_do(client: "FlaskClient", factory: Factory) -> None:
    assert "subskrypcji" in text(client, "/")
    assert "Archiwum jest jeszcze puste" in text(client, "/archive")
    assert "/archive?q=nic" in text(client, "/?q=nic")


@pytest.mark.parametrize("address", ["/", "/archive", "/calendar", "/series", "/sitemap.xml", "/robots.txt"])
def test_visitors_get_no_cookie_and_an_etag(client: "FlaskClient", factory: Factory, address: str) -> None:
    factory.event()
    client.set_cookie("eventreg_panel", "anything")
    first = client.get(address)
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")
    assert "public" in first.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_no_inline_style_script_or_foreign_host(client: "FlaskClient", factory: Factory) -> None:
    factory.event()
    page = text(client, "/")
    assert " style=" not in page
    assert "<script" not in page
    assert "src=" not in page


def test_the_sitemap_names_public_pages_alone(client: "FlaskClient", factory: Factory) -> None:
    factory.event(slug="jawne")
    factory.event(slug="robocze", state="draft")
    factory.event(slug="nienaglosnione", listed=False)
    factory.organiser(slug="bez-wydarzen")
    sitemap = text(client, "/sitemap.xml")
    assert "<loc>http://localhost/events/jawne</loc>" in sitemap
    assert "<loc>http://localhost/en/events/jawne</loc>" in sitemap
    for slug in ("robocze", "nienaglosnione", "bez-wydarzen"):
        assert slug not in sitemap
    assert "Sitemap: http://localhost/sitemap.xml" in text(client, "/robots.txt")


def test_editions_from_before_this_program_stand_at_the_end_of_the_archive(
    client: "FlaskClient", factory: Factory
) -> None:
    organiser = factory.organiser()
    series = Series(slug="konferencja", organiser_id=organiser.id, title="Konferencja samorządów")
    series.editions = [Edition(year=2014, city="Łódź"), Edition(year=2015, city="Kielce", theme="Państwa nordyckie")]
    with transaction() as session:
        session.add(series)
    page = client.get("/archive").text
    assert "Wcześniejsze edycje" in page
    assert page.index("Kielce") < page.index("Łódź")
    assert "Kielce" in client.get("/archive?q=nordyckie").text
    assert "Łódź" not in client.get("/archive?q=nordyckie").text
    for query in ("kind=workshop", "month=2016-10", "series=nothing", "q=nothing"):
        assert "Kielce" not in client.get(f"/archive?{query}").text
