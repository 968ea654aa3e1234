"""The public list as JSON and Atom over HTTP (docs/feeds.md): what is in it, its filters, its caching."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import Organiser
from eventreg.series.models import Series
from tests.conftest import NOW
from tests.factories import Factory

JSON, ATOM = "/events.json", "/events.atom"
both = pytest.mark.parametrize("address", [JSON, ATOM])
ENTRY = "{http://www.w3.org/2005/Atom}entry"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def told(client: FlaskClient, address: str) -> list[str]:
    """The titles in a feed of either form."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    if "json" in address:
        return [event["title"] for event in json.loads(answer.data)["events"]]
    feed = Xml.fromstring(answer.data)  # noqa: S314  # our own bytes
    return [entry.findtext("{http://www.w3.org/2005/Atom}title", "") for entry in feed.findall(ENTRY)]


def change(row: Any, **values: Any) -> None:
    with transaction() as session:
        stored = session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(stored, name, value)
        if isinstance(stored, Event):
            stored.revision += 1


def new_series(organiser: Organiser, **values: Any) -> Series:
    series = Series(**{"slug": "konferencja", "organiser_id": organiser.id, "title": "Konferencja", **values})
    with transaction() as session:
        session.add(series)
    return series


def new_external(organiser: Organiser, ends_at: datetime, **values: Any) -> ExternalCalendar:
    calendar = ExternalCalendar(
        **{
            "organiser_id": organiser.id,
            "name": "Związek Miast",
            "feed_url": "https://zmp.example.org/k.ics",
            "page_url": "https://zmp.example.org/kalendarz",
            "next_check_at": NOW,
            "created_at": NOW,
            **values,
        }
    )
    calendar.events = [
        ExternalEvent(
            source_key="a" * 64,
            uid="external-1@localhost",
            title="Kongres",
            place="Kraków, Rynek 1",
            starts_at=ends_at - timedelta(hours=2),
            ends_at=ends_at,
            shown=True,
            changed_at=NOW,
        )
    ]
    with transaction() as session:
        session.add(calendar)
    return calendar


@both
def test_headers(client: FlaskClient, factory: Factory, address: str) -> None:
    factory.event()
    answer = client.get(address)
    kinds = {JSON: "application/json; charset=utf-8", ATOM: "application/atom+xml; charset=utf-8"}
    assert answer.headers["Content-Type"] == kinds[address]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Last-Modified"] == "Sun, 22 Nov 2026 09:00:00 GMT"
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


def test_scripts_of_other_sites_may_read_the_json_and_nothing_else(client: FlaskClient, factory: Factory) -> None:
    office = factory.organiser(slug="omp")
    factory.event(office, slug="warsztaty")
    from_elsewhere = {"Origin": "https://miasto.example.org"}
    first = client.get(JSON, headers=from_elsewhere)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in first.headers
    for _ in range(2):  # the second one is answered in front of Flask
        known = client.get(JSON, headers={"If-None-Match": first.headers["ETag"], **from_elsewhere})
        assert (known.status_code, known.headers["Access-Control-Allow-Origin"]) == (304, "*")
    for address in (
        ATOM, "/", "/archive", "/calendar", "/calendar.ics", "/events/warsztaty", "/events/warsztaty.ics", "/series",
        "/organisers/omp", "/privacy", "/accessibility", "/panel/sign-in", "/healthz", "/readyz", "/sitemap.xml",
        "/events.json?kind=party", "/nothing",
    ):  # fmt: skip
        assert "Access-Control-Allow-Origin" not in client.get(address, headers=from_elsewhere).headers, address


def test_the_json_tells_an_event_in_the_language_of_the_address(client: FlaskClient, factory: Factory) -> None:
    office = factory.organiser(slug="omp", name="Ośrodek")
    series = new_series(office)
    event = factory.event(office, slug="warsztaty", title="Łódź & <Kraków>", series_id=series.id)
    polish, english = client.get(JSON), client.get("/en/events.json")
    assert "Łódź & \\u003cKraków>" in polish.text
    told_pl, told_en = json.loads(polish.data), json.loads(english.data)
    assert (told_pl["version"], told_pl["language"], told_en["language"]) == (1, "pl", "en")
    assert told_pl["address"] == "http://localhost/events.json"
    assert told_en["page"] == "http://localhost/en/"
    pl, en = told_pl["events"][0], told_en["events"][0]
    assert pl["id"] == en["id"] == event.uid
    assert (pl["kind_name"], en["kind_name"]) == ("Warsztaty", "Workshop")
    assert (pl["url"], en["url"]) == ("http://localhost/events/warsztaty", "http://localhost/en/events/warsztaty")
    assert pl["organiser"] == {"name": "Ośrodek", "slug": "omp", "url": "http://localhost/organisers/omp"}
    assert en["series"] == {
        "title": "Konferencja",
        "slug": "konferencja",
        "url": "http://localhost/en/series/konferencja",
    }
    assert pl["sign_up"] == {"mode": "here", "opens": None, "closes": None, "url": "http://localhost/events/warsztaty"}
    assert pl["place"] == "Urząd Miasta Proszowice, ul. 3 Maja 72, 32-100 Proszowice"


def test_the_atom_feed_speaks_the_language_of_the_address(client: FlaskClient, factory: Factory) -> None:
    factory.event(slug="warsztaty", title="Warsztaty", state="cancelled", cancelled_at=NOW)
    polish = client.get("/events.atom?kind=workshop").text
    english = client.get("/en/events.atom?kind=workshop").text
    assert "<title>Wydarzenie odwołane: Warsztaty</title>" in polish
    assert "<title>Event cancelled: Warsztaty</title>" in english
    assert 'xml:lang="en"' in english
    assert (
        '<link rel="self" type="application/atom+xml" href="http://localhost/en/events.atom?kind=workshop" />'
        in english
    )
    assert '<link rel="alternate" type="text/html" href="http://localhost/en/?kind=workshop" />' in english
    assert '<category term="workshop" label="Warsztaty" />' in polish


@both
def test_the_same_list_as_the_front_page(client: FlaskClient, factory: Factory, address: str) -> None:
    later = {"starts_at": NOW + timedelta(days=40), "ends_at": NOW + timedelta(days=40, hours=1)}
    factory.event(title="Później", **later)
    factory.event(title="Jawne")
    factory.event(title="Trwa", starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    factory.event(title="Minione", starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(seconds=1))
    factory.event(title="Robocze", state="draft")
    factory.event(title="Archiwalne", state="archived")
    factory.event(title="Ukryte", listed=False)
    factory.event(title="Dawno odwołane", state="cancelled", cancelled_at=NOW - timedelta(days=31))
    assert told(client, address) == ["Trwa", "Jawne", "Później"]


@both
def test_filters(client: FlaskClient, factory: Factory, address: str) -> None:
    one, other = factory.organiser(slug="jeden"), factory.organiser(slug="dwa")
    series = new_series(one)
    january = {"starts_at": NOW + timedelta(days=60), "ends_at": NOW + timedelta(days=60, hours=1)}
    factory.event(one, title="A", kind="mission", city="Kraków", series_id=series.id)
    factory.event(other, title="Żółw", kind="visit", city="Łódź", **january)
    assert told(client, f"{address}?kind=mission") == ["A"]
    assert told(client, f"{address}?organiser=dwa") == ["Żółw"]
    assert told(client, f"{address}?series=konferencja") == ["A"]
    assert told(client, f"{address}?city=krakow") == ["A"]
    assert told(client, f"{address}?month=2027-01") == ["Żółw"]
    assert told(client, f"{address}?q=zolw") == ["Żółw"]
    assert told(client, f"{address}?kind=mission&organiser=dwa") == []
    assert told(client, f"{address}?utm_source=x") == ["A", "Żółw"]


@both
@pytest.mark.parametrize("asked", ["kind=party", "organiser=nobody", "series=none", "city=nowhere", f"q={'x' * 201}"])
def test_an_unknown_filter_is_404(client: FlaskClient, factory: Factory, address: str, asked: str) -> None:
    factory.event()
    for prefix in ("", "/en"):
        answer = client.get(f"{prefix}{address}?{asked}")
        assert answer.status_code == 404
        assert "no-store" in answer.headers["Cache-Control"]


@both
@pytest.mark.parametrize(
    "words", ["%3C/script%3E%3Cb%3E", "%22]}", "%ED%A0%80%FF", "%EF%BF%BE", "]]%3E%26amp;", "%0D%0AX: y"]
)
def test_abuse_04_a_search_never_breaks_the_form(
    client: FlaskClient, factory: Factory, address: str, words: str
) -> None:
    factory.event()
    assert told(client, f"{address}?q={words}") == []
    assert b"<b>" not in client.get(f"{address}?q={words}").data


@both
def test_only_reading_is_possible(client: FlaskClient, factory: Factory, address: str) -> None:
    factory.event()
    assert client.post(address).status_code == 405
    get, head = client.get(address), client.head(address)
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


@both
def test_calendar_10_the_same_bytes_and_304_until_something_changes(
    client: FlaskClient, factory: Factory, address: str
) -> None:
    event = factory.event()
    first = client.get(address)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        second = client.get(address)
        assert (second.data, second.headers["ETag"]) == (first.data, first.headers["ETag"])
        for header in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
            known = client.get(address, headers=header)
            assert (known.status_code, known.data) == (304, b"")
        change(event, title="Nowy tytuł", updated_at=NOW + timedelta(minutes=30))
        for header in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
            answer = client.get(address, headers=header)
            assert answer.status_code == 200
            assert "Nowy tytuł" in answer.text


@both
def test_calendar_10_a_packed_feed_has_its_own_tag_and_the_same_content(
    client: FlaskClient, factory: Factory, address: str
) -> None:
    for _ in range(5):
        factory.event()
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    known = client.get(address, headers={"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"})
    assert known.status_code == 304


@both
def test_calendar_10_the_end_of_an_event_changes_the_list_by_itself(
    client: FlaskClient, factory: Factory, address: str
) -> None:
    factory.event(title="Kończy się", starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    new_external(factory.organiser(), NOW + timedelta(hours=2))
    factory.event(title="Zostaje")
    assert sorted(told(client, address)) == ["Kongres", "Kończy się", "Zostaje"]
    first = client.get(address)
    for hours, left in ((1, ["Kongres", "Zostaje"]), (2, ["Zostaje"])):
        with time_machine.travel(NOW + timedelta(hours=hours, seconds=1), tick=False):
            for header in ("If-None-Match", "If-Modified-Since"):
                known = first.headers["ETag" if header == "If-None-Match" else "Last-Modified"]
                assert client.get(address, headers={header: known}).status_code == 200, (hours, header)
            assert told(client, address) == left
            first = client.get(address)


@pytest.mark.parametrize("address", [JSON, ATOM, "/calendar.ics", "/events/warsztaty.ics"])
@pytest.mark.parametrize(
    ("what", "values", "seen_in"),
    [
        ("organiser", {"name": "Nowa nazwa"}, {JSON, ATOM, "/calendar.ics", "/events/warsztaty.ics"}),
        ("organiser", {"slug": "nowy-adres"}, {JSON}),
        ("series", {"title": "Nowa nazwa"}, {JSON}),
        ("series", {"slug": "nowy-adres"}, {JSON}),
    ],
)
def test_calendar_10_a_renamed_organiser_or_series_changes_tag_and_bytes(
    each_database: Flask, factory: Factory, address: str, what: str, values: dict[str, str], seen_in: set[str]
) -> None:
    client = each_database.test_client()
    office = factory.organiser(slug="omp", name="Ośrodek")
    series = new_series(office)
    factory.event(office, slug="warsztaty", series_id=series.id)
    first = client.get(address)
    change({"organiser": office, "series": series}[what], **values)
    answer = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != first.headers["ETag"]
    new_words = next(iter(values.values()))
    assert (new_words in answer.data.decode().replace("\r\n ", "")) == (address in seen_in)


@both
def test_an_external_event_is_marked_with_its_source(client: FlaskClient, factory: Factory, address: str) -> None:
    calendar = new_external(factory.organiser(name="Ośrodek"), NOW + timedelta(days=1), kind="conference")
    first = client.get(address)
    assert "Związek Miast" in first.text
    assert "https://zmp.example.org/kalendarz" in first.text
    if address == JSON:
        event = json.loads(first.data)["events"][0]
        assert event["external"] == {"name": "Związek Miast", "url": "https://zmp.example.org/kalendarz"}
        assert (event["organiser"]["name"], event["sign_up"], event["kind"]) == ("Ośrodek", None, "conference")
    change(calendar, page_url="https://zmp.example.org/nowa", name="ZMP")
    answer = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert "https://zmp.example.org/nowa" in answer.text
    assert "ZMP" in answer.text


@both
def test_no_person_and_no_secret_address(client: FlaskClient, factory: Factory, address: str) -> None:
    office = factory.organiser(contact_email="biuro@example.org", contact_phone="+48 12 000 00 00")
    event = factory.event(
        office,
        attendance="hybrid",
        online_url="https://meet.example.org/secret",
        contact_name="Anna Kontaktowa",
        contact_email="anna@example.org",
        contact_phone="+48 600 000 000",
        responsible_person="Jan Odpowiedzialny",
        editor_name="Ewa Redaktor",
        publisher_name="Adam Wydawca",
        day_phone="+48 700 000 000",
        materials_url="https://files.example.org/m",
    )
    registration = factory.registration(event)
    text = client.get(address).text
    for hidden in (
        "@example.org", "Kontaktowa", "Odpowiedzialny", "Redaktor", "Wydawca", "+48", "meet.example.org",
        "files.example.org", registration.name, "places",
    ):  # fmt: skip
        assert hidden not in text, hidden


def test_an_event_may_have_any_address_beside_the_feeds(client: FlaskClient, factory: Factory) -> None:
    factory.event(slug="json", title="O formacie JSON")
    assert "O formacie JSON" in client.get("/events/json").text
    assert client.get(JSON).mimetype == "application/json"


def test_pages_name_their_feeds(client: FlaskClient, factory: Factory) -> None:
    office = factory.organiser(slug="omp")
    new_series(office)
    factory.event(office)
    for page, query in (
        ("/", ""),
        ("/?kind=workshop&page=1", "?kind=workshop"),
        ("/organisers/omp", "?organiser=omp"),
        ("/series/konferencja", "?series=konferencja"),
    ):
        for prefix in ("", "/en"):
            html = client.get(prefix + page).text
            for form, media in (("atom", "application/atom+xml"), ("json", "application/json")):
                address = f"{prefix}/events.{form}{query}"
                assert f'type="{media}"' in html
                assert f'href="{address}"' in html
                assert client.get(address).status_code == 200
    assert "events.atom" not in client.get("/?series=none").text
