"""calendar.md 10-13 over HTTP: the file of one event and the feed of all."""

import gzip
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event as sqlalchemy_event

from eventreg.database import db, transaction
from eventreg.events.models import Event, FormerSlug
from eventreg.series.models import Series
from tests.conftest import NOW
from tests.factories import Factory

FEED = "/calendar.ics"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def titles(client: FlaskClient, address: str = FEED) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [str(entry["SUMMARY"]) for entry in Calendar.from_ical(answer.data).walk("VEVENT")]


def change(event: Event, **values: Any) -> None:
    with transaction() as session:
        row = session.get_one(Event, event.id)
        for name, value in values.items():
            setattr(row, name, value)
        row.revision += 1


def test_calendar_10_headers_of_the_feed(client: FlaskClient, factory: Factory) -> None:
    factory.event()
    answer = client.get(FEED)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Last-Modified"] == "Sun, 22 Nov 2026 09:00:00 GMT"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "application/json"])
def test_calendar_10_no_content_negotiation(client: FlaskClient, factory: Factory, accept: str | None) -> None:
    factory.event()
    answer = client.get(FEED, headers={"Accept": accept} if accept else {})
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("address", [FEED, "/events/warsztaty.ics", "/en/calendar.ics"])
def test_calendar_10_the_same_bytes_and_304_until_something_changes(
    client: FlaskClient, factory: Factory, address: str
) -> None:
    event = factory.event(slug="warsztaty")
    first = client.get(address)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        second = client.get(address)
        assert (second.data, second.headers["ETag"]) == (first.data, first.headers["ETag"])
        known = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (known.status_code, known.data) == (304, b"")
        assert known.headers["ETag"] == first.headers["ETag"]
        since = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert since.status_code == 304
        change(event, title="Nowy tytuł", updated_at=NOW + timedelta(minutes=30), sequence=1)
        for header in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
            answer = client.get(address, headers=header)
            assert answer.status_code == 200
            assert "Nowy tytuł" in answer.text


def test_calendar_10_head_has_the_headers_and_no_body(client: FlaskClient, factory: Factory) -> None:
    factory.event()
    get, head = client.get(FEED), client.head(FEED)
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


def test_calendar_10_a_packed_feed_has_its_own_tag_and_the_same_content(client: FlaskClient, factory: Factory) -> None:
    for _ in range(5):
        factory.event()
    plain = client.get(FEED)
    packed = client.get(FEED, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    known = client.get(FEED, headers={"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"})
    assert known.status_code == 304


def test_calendar_10_what_leaves_the_feed_changes_it_for_who_asks_by_date(
    client: FlaskClient, factory: Factory
) -> None:
    factory.event()
    gone = factory.event(title="Odwołane", state="cancelled", cancelled_at=NOW)
    first = client.get(FEED)
    assert "Odwołane" in first.text
    with time_machine.travel(NOW + timedelta(days=30, seconds=1), tick=False):
        answer = client.get(FEED, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert answer.status_code == 200
        assert "Odwołane" not in answer.text
    assert gone.state == "cancelled"


def test_calendar_12_a_cancelled_event_stays_for_thirty_days(client: FlaskClient, factory: Factory) -> None:
    factory.event(
        title="Odwołane", state="cancelled", cancelled_at=NOW, updated_at=NOW, starts_at=NOW + timedelta(days=90),
        ends_at=NOW + timedelta(days=90, hours=1),
    )  # fmt: skip
    with time_machine.travel(NOW + timedelta(days=29), tick=False):
        entry = Calendar.from_ical(client.get(FEED).data).walk("VEVENT")[0]
        assert entry["STATUS"] == "CANCELLED"
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        assert titles(client) == []


def test_calendar_12_drafts_archived_and_unlisted_events_never_appear(client: FlaskClient, factory: Factory) -> None:
    factory.event(title="Jawne")
    factory.event(title="Robocze", state="draft", slug="robocze")
    factory.event(title="Archiwalne", state="archived", slug="archiwalne")
    factory.event(title="Ukryte", listed=False, slug="ukryte")
    assert titles(client) == ["Jawne"]
    assert client.get("/events/robocze.ics").status_code == 404
    assert client.get("/events/archiwalne.ics").status_code == 404
    assert client.get("/events/nie-ma.ics").status_code == 404
    assert titles(client, "/events/ukryte.ics") == ["Ukryte"]


def test_calendar_13_no_person_no_secret_address(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(
        slug="zdalne",
        attendance="hybrid",
        online_url="https://meet.example.org/secret",
        contact_email="anna@example.org",
    )
    registration = factory.registration(event)
    for address in (FEED, "/events/zdalne.ics"):
        text = client.get(address).text
        for hidden in ("meet.example.org", "@example.org", registration.name, "ATTENDEE", "VALARM", "METHOD"):
            assert hidden not in text


def test_calendar_13_url_place_and_kind_are_told_in_the_language_of_the_address(
    client: FlaskClient, factory: Factory
) -> None:
    factory.event(slug="warsztaty")
    polish = Calendar.from_ical(client.get(FEED).data).walk("VEVENT")[0]
    english = Calendar.from_ical(client.get("/en/calendar.ics").data).walk("VEVENT")[0]
    assert str(polish["URL"]) == "http://localhost/events/warsztaty"
    assert str(english["URL"]) == "http://localhost/en/events/warsztaty"
    assert str(polish["LOCATION"]) == "Urząd Miasta Proszowice, ul. 3 Maja 72, 32-100 Proszowice"
    assert [str(word) for word in english["CATEGORIES"].cats] == ["Workshop"]
    assert [str(word) for word in polish["CATEGORIES"].cats] == ["Warsztaty"]
    assert polish["UID"] == english["UID"]


def test_the_feed_is_narrowed_by_kind_and_organiser(client: FlaskClient, factory: Factory) -> None:
    one, other = factory.organiser(slug="jeden", name="Jeden"), factory.organiser(slug="dwa")
    factory.event(one, title="A", kind="workshop")
    factory.event(one, title="B", kind="mission")
    factory.event(other, title="C", kind="mission")
    assert titles(client, "/calendar.ics?kind=mission") == ["B", "C"]
    assert titles(client, "/calendar.ics?organiser=jeden") == ["A", "B"]
    assert titles(client, "/calendar.ics?organiser=jeden&kind=mission") == ["B"]
    assert "X-WR-CALNAME:Jeden\r\n" in client.get("/calendar.ics?organiser=jeden").data.decode()
    for unknown in ("kind=party", "organiser=nobody", "series=nothing"):
        assert client.get(f"/calendar.ics?{unknown}").status_code == 404


def test_an_event_that_moved_redirects(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(slug="nowe")
    with transaction() as session:
        session.add(FormerSlug(slug="stare", event_id=event.id))
    answer = client.get("/events/stare.ics")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/events/nowe.ics")


@pytest.mark.parametrize("address", [FEED, "/events.json", "/events.atom"])
def test_calendar_16_an_edit_reads_one_event_and_a_304_reads_none(
    client: FlaskClient, factory: Factory, address: str
) -> None:
    organiser = factory.organiser()
    events = [factory.event(organiser) for _ in range(30)]
    tag = client.get(address).headers["ETag"]
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "events.programme" in statement:
            seen.append(str(parameters))

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        assert seen == []
        change(events[7], title="Inny")
        seen.clear()
        assert "Inny" in client.get(address).text
        assert seen == [f"({events[7].id},)"]
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/series/konferencja.ics", "/organisers/omp.ics", "/kinds/conference.ics"])
def test_each_series_organiser_and_kind_has_its_calendar(client: FlaskClient, factory: Factory, address: str) -> None:
    organiser = factory.organiser(slug="omp", name="Ośrodek")
    with transaction() as session:
        series = Series(slug="konferencja", organiser_id=organiser.id, title="Konferencja")
        session.add(series)
    inside = factory.event(organiser, kind="conference", series_id=series.id, title="W środku")
    factory.event(title="Na zewnątrz")
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    entries = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(entry["UID"]) for entry in entries] == [inside.uid]
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert f"http://localhost{address}" in answer.data.decode().replace("\r\n ", "")
    assert client.get("/kinds/nothing.ics").status_code == 404
    assert client.get("/series/nothing.ics").status_code == 404
    assert client.get("/organisers/nothing.ics").status_code == 404
