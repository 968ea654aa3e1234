"""Events of external calendars where visitors meet them: the list, the organiser's page, calendars and feeds."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from re import DOTALL, findall

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.clock import now_utc
from eventreg.events.listing_rules import EVENTS_PER_PAGE
from eventreg.external_calendars.models import ExternalCalendar
from eventreg.organisers.models import Organiser
from tests.factories import Factory


@pytest.fixture
def soon() -> datetime:
    """A start in the future of the real clock, which views read: in 40 days at 11:00 UTC."""
    return (now_utc() + timedelta(days=40)).replace(hour=11, minute=0, second=0, microsecond=0)


@pytest.fixture
def organiser(factory: Factory) -> Organiser:
    return factory.organiser(slug="urzad", name="Urząd Przykładowy")


@pytest.fixture
def calendar(factory: Factory, organiser: Organiser) -> ExternalCalendar:
    return factory.external_calendar(organiser, name="Związek Miast", kind="meeting")


def titles(html: str) -> list[str]:
    """The titles of the rows, in their order, whoever holds the event."""
    links = findall(r'class="ev__title"[^>]*><a [^>]*>(?:<bdi>)?(.*?)(?:</bdi>)?</a>', html, DOTALL)
    return [unescape(link).replace("\u00a0", " ") for link in links]


def row(html: str, title: str) -> str:
    return str(next(found for found in findall(r'<li class="ev.*?</li>', html, DOTALL) if title in found))


def test_they_stand_among_the_sites_own_in_the_order_of_their_start(
    client: FlaskClient, factory: Factory, organiser: Organiser, calendar: ExternalCalendar, soon: datetime
) -> None:
    day = timedelta(days=1)
    factory.event(organiser, title="Drugie", starts_at=soon + day, ends_at=soon + 2 * day)
    factory.external_event(calendar, title="Trzecie", starts_at=soon + 2 * day)
    factory.external_event(calendar, title="Pierwsze", starts_at=soon)
    factory.external_event(calendar, title="Ukryte", starts_at=soon, shown=False)
    factory.external_event(calendar, title="Minione", starts_at=now_utc() - day)
    for path in ("/", "/organisers/urzad"):
        assert titles(client.get(path).text) == ["Pierwsze", "Drugie", "Trzecie"], path
    assert titles(client.get("/archive").text) == []


def test_a_row_is_marked_and_leads_to_its_source(
    client: FlaskClient, factory: Factory, calendar: ExternalCalendar, soon: datetime
) -> None:
    factory.external_event(calendar, title="Zjazd", url="https://zwiazek.example.org/zjazd", starts_at=soon)
    html = row(client.get("/en/").text, "Zjazd")
    assert '<a href="https://zwiazek.example.org/zjazd" rel="external noopener nofollow"><bdi>Zjazd</bdi></a>' in html
    assert "External event</span>" in html
    assert "Source: Związek Miast" in html
    assert "Rynek 1, Tarnów" in html
    assert "Meeting" in html
    assert "Wydarzenie zewnętrzne" in row(client.get("/").text, "Zjazd")


def test_a_cancelled_one_says_so(
    client: FlaskClient, factory: Factory, calendar: ExternalCalendar, soon: datetime
) -> None:
    factory.external_event(calendar, title="Zjazd", cancelled=True, starts_at=soon)
    html = row(client.get("/en/").text, "Zjazd")
    assert "External event, cancelled</span>" in html
    assert 'class="ev ev--off"' in html


@pytest.mark.parametrize(
    ("url", "page_url", "expected"),
    [
        ("", "https://zwiazek.example.org/kalendarz", "https://zwiazek.example.org/kalendarz"),
        ("", "", "https://feeds.example.org/"),
        ("javascript:alert(1)", "data:text/html,x", "https://feeds.example.org/"),
    ],
)
def test_abuse_06_nothing_but_a_web_address_becomes_a_link_and_the_feeds_own_address_stays_secret(
    client: FlaskClient, factory: Factory, organiser: Organiser, soon: datetime, url: str, page_url: str, expected: str
) -> None:
    calendar = factory.external_calendar(
        organiser, feed_url="https://feeds.example.org/private-token/basic.ics", page_url=page_url
    )
    factory.external_event(calendar, title="Zjazd", url=url, starts_at=soon)
    assert f'href="{expected}"' in row(client.get("/").text, "Zjazd")
    for path in ("/", "/organisers/urzad", "/calendar.ics", "/events.json", "/events.atom"):
        text = client.get(path).text
        assert expected in text.replace("\r\n ", ""), path
        assert "javascript:" not in text, path
        assert "private-token" not in text, path


def test_a_host_of_the_own_network_is_told_to_nobody(
    app: Flask,
    client: FlaskClient,
    factory: Factory,
    organiser: Organiser,
    soon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = app.extensions["eventreg.config"]
    monkeypatch.setitem(app.extensions, "eventreg.config", replace(config, internal_calendar_hosts=("intranet",)))
    calendar = factory.external_calendar(organiser, feed_url="http://intranet/basic.ics", page_url="")
    factory.external_event(calendar, title="Zjazd", url="", starts_at=soon)
    assert 'href="http://localhost/organisers/urzad"' in row(client.get("/").text, "Zjazd")
    for path in ("/", "/organisers/urzad", "/calendar.ics", "/events.json", "/events.atom"):
        assert "intranet" not in client.get(path).text, path
    assert "http://localhost/en/organisers/urzad" in client.get("/en/calendar.ics").text


HOUR = timedelta(hours=1)

HOSTILE = [
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "\u202eكابوت ללחוץ\u202c",
    "Bardzo długi tytuł " * 10,
    "{{ 7 * 7 }} %s %(name)s",
    "👩🏽\u200d🌾 Zjazd",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_abuse_33_a_hostile_title_is_text_everywhere(
    client: FlaskClient, factory: Factory, organiser: Organiser, soon: datetime, title: str
) -> None:
    calendar = factory.external_calendar(organiser, name=title)
    factory.external_event(calendar, title=title, place=title, description=title, starts_at=soon)
    for path in ("/", "/en/", "/organisers/urzad"):
        html = client.get(path).text
        assert [found.replace("\u2060", "").split() for found in titles(html)] == [title.split()], path
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert client.get("/calendar.ics").status_code == 200
    assert len(json.loads(client.get("/events.json").text)["events"]) == 1


def test_filters_find_them(
    client: FlaskClient, factory: Factory, organiser: Organiser, calendar: ExternalCalendar, soon: datetime
) -> None:
    factory.event(organiser, title="Własne", kind="workshop", city="Tarnów", starts_at=soon, ends_at=soon + HOUR)
    factory.external_event(calendar, title="Obce", starts_at=soon, place="Rynek 1, Tarnów")
    month = soon.strftime("%Y-%m")
    wanted = {
        "?kind=meeting": ["Obce"],
        "?kind=workshop": ["Własne"],
        "?organiser=urzad": ["Własne", "Obce"],
        "?organiser=nikt": [],
        "?city=tarnow": ["Własne", "Obce"],
        f"?month={month}": ["Własne", "Obce"],
        "?month=2020-01": [],
        "?q=zwiazek+obce": ["Obce"],
        "?q=nigdzie": [],
        "?series=cykl": [],
    }
    assert {query: titles(client.get(f"/{query}").text) for query in wanted} == wanted
    assert "1 event." in client.get("/en/?q=obce").text
    kinds = client.get("/en/").text
    assert 'href="/en/?kind=meeting"' in kinds
    assert 'href="/en/?kind=conference"' not in kinds


def test_pages_are_counted_over_both(
    client: FlaskClient, factory: Factory, organiser: Organiser, calendar: ExternalCalendar, soon: datetime
) -> None:
    expected = []
    for number in range(EVENTS_PER_PAGE + 2):
        start = soon + timedelta(hours=number)
        if number % 3:
            factory.external_event(calendar, title=f"Nr {number:02d}", starts_at=start)
        else:
            factory.event(organiser, title=f"Nr {number:02d}", starts_at=start, ends_at=start + timedelta(hours=1))
        expected.append(f"Nr {number:02d}")
    first, second = (titles(client.get(path).text) for path in ("/", "/?page=2"))
    assert (len(first), len(second)) == (EVENTS_PER_PAGE, 2)
    assert first + second == expected
    assert titles(client.get("/?page=99").text) == second


def test_feeds_tell_them_as_external_and_the_sitemap_does_not(
    client: FlaskClient, factory: Factory, calendar: ExternalCalendar, soon: datetime
) -> None:
    event = factory.external_event(calendar, title="Zjazd", starts_at=soon)
    for path in ("/en/calendar.ics", "/en/organisers/urzad.ics", "/en/kinds/meeting.ics"):
        text = client.get(path).text.replace("\r\n ", "")
        assert f"UID:{event.uid}" in text, path
        assert "External event" in text, path
        assert f"URL:{event.url}" in text or f"URL;VALUE=URI:{event.url}" in text, path
    assert "Zjazd" in client.get("/en/events.json").text
    sitemap = client.get("/sitemap.xml").text
    assert "zwiazek" not in sitemap
    assert "Zjazd" not in sitemap


def test_an_all_day_event_and_one_elsewhere_have_their_day(
    client: FlaskClient, factory: Factory, calendar: ExternalCalendar
) -> None:
    factory.external_event(
        calendar,
        title="Dni miasta",
        all_day=True,
        starts_at=datetime.fromisoformat("2098-02-24T00:00+01:00"),
        ends_at=datetime.fromisoformat("2098-02-26T00:00+01:00"),
    )
    html = row(client.get("/en/").text, "Dni miasta")
    assert '<time datetime="2098-02-24T00:00:00+01:00"><b>24</b>' in html
    assert "24–\u206025 February" in html.replace("\u00a0", " ")
