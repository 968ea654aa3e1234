"""docs/feeds.md: the shape of /events.json, and text that could break out of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eventreg.calendars.feed import FeedEvent, FeedHeader
from eventreg.calendars.json_feed import json_entry, json_feed
from eventreg.calendars.time_zone_rules import EventTimes
from tests.unit.calendars.calendar_reading import START

CHANGED = datetime(2026, 11, 20, 8, 30, 59, 123456, tzinfo=UTC)
HEADER = FeedHeader(
    "Warsztaty – Ośrodek",
    "Wydarzenia z zapisami: Współpraca",
    "https://example.org/events.json?kind=workshop",
    site="Współpraca",
    page_url="https://example.org/?kind=workshop",
)
BARE = FeedEvent(
    uid="event-1@example.org",
    sequence=0,
    changed_at=CHANGED,
    summary="Warsztaty",
    times=EventTimes(START, START + timedelta(minutes=90)),
)
FULL = replace(
    BARE,
    description="Jedno zdanie.\nOrganizator: Ośrodek",
    location="Urząd Miasta, Proszowice",
    page_url="https://example.org/events/warsztaty",
    published_at=CHANGED - timedelta(days=3),
    kind="workshop",
    kind_words="Warsztaty",
    audience="urzędnicy",
    short_text="Jedno zdanie.",
    attendance="place",
    city="Proszowice",
    organiser="Ośrodek",
    organiser_slug="omp",
    organiser_url="https://example.org/organisers/omp",
    series="Konferencja",
    series_slug="konferencja",
    series_url="https://example.org/series/konferencja",
    sign_up_mode="here",
    sign_up_closes_at=START - timedelta(days=1),
    language="pl",
    heading="Warsztaty",
)


def read(event: FeedEvent) -> dict[str, Any]:
    told = json.loads(json_feed(HEADER, [json_entry(event)]))["events"]
    assert len(told) == 1
    found: dict[str, Any] = told[0]
    return found


def test_the_head_of_the_feed() -> None:
    assert json.loads(json_feed(HEADER, [])) == {
        "version": 1,
        "site": "Współpraca",
        "title": "Warsztaty – Ośrodek",
        "language": "pl",
        "address": "https://example.org/events.json?kind=workshop",
        "page": "https://example.org/?kind=workshop",
        "events": [],
    }


def test_everything_that_an_event_tells() -> None:
    assert read(FULL) == {
        "id": "event-1@example.org",
        "url": "https://example.org/events/warsztaty",
        "title": "Warsztaty",
        "summary": "Jedno zdanie.",
        "kind": "workshop",
        "kind_name": "Warsztaty",
        "starts": "2026-12-09T12:00:00+01:00",
        "ends": "2026-12-09T13:30:00+01:00",
        "time_zone": "Europe/Warsaw",
        "all_day": False,
        "first_day": None,
        "last_day": None,
        "attendance": "place",
        "place": "Urząd Miasta, Proszowice",
        "city": "Proszowice",
        "organiser": {"name": "Ośrodek", "slug": "omp", "url": "https://example.org/organisers/omp"},
        "series": {
            "title": "Konferencja",
            "slug": "konferencja",
            "url": "https://example.org/series/konferencja",
        },
        "audience": "urzędnicy",
        "cancelled": False,
        "published": "2026-11-17T09:30:59+01:00",
        "changed": "2026-11-20T09:30:59+01:00",
        "language": "pl",
        "sign_up": {
            "mode": "here",
            "opens": None,
            "closes": "2026-12-08T12:00:00+01:00",
            "url": "https://example.org/events/warsztaty",
        },
        "external": None,
    }


def test_the_documented_example_has_the_shape_that_is_told() -> None:
    page = (Path(__file__).parents[3] / "docs" / "feeds.md").read_text(encoding="utf-8")
    example = json.loads(page.partition("```json\n")[2].partition("```")[0])
    told = json.loads(json_feed(HEADER, [json_entry(FULL)]))
    assert list(example) == list(told)
    assert list(example["events"][0]) == list(told["events"][0])
    for name in ("organiser", "series", "sign_up"):
        assert list(example["events"][0][name]) == list(told["events"][0][name])
    table = page.partition("| key | meaning |")[2].partition("\n\n")[0]
    for name in (*told, *told["events"][0]):
        assert name == "events" or f"`{name}" in table, name


def test_every_key_is_there_whatever_is_missing() -> None:
    bare = read(BARE)
    assert set(bare) == set(read(FULL))
    assert set(bare["organiser"]) == {"name", "slug", "url"}
    for name in ("url", "summary", "kind", "series", "published", "language", "sign_up", "external", "place", "city"):
        assert bare[name] is None, name


def test_moments_keep_the_clock_of_the_events_own_zone_in_both_halves_of_the_year() -> None:
    kyiv = EventTimes(START, START + timedelta(hours=1), "Europe/Kyiv")
    assert read(replace(BARE, times=kyiv))["starts"] == "2026-12-09T13:00:00+02:00"
    july = datetime(2027, 7, 1, 10, tzinfo=UTC)
    assert read(replace(BARE, times=EventTimes(july, july)))["starts"] == "2027-07-01T12:00:00+02:00"


def test_an_event_of_whole_days_tells_its_first_and_last_day() -> None:
    three = EventTimes(datetime(2027, 2, 23, 23, tzinfo=UTC), datetime(2027, 2, 26, 23, tzinfo=UTC), all_day=True)
    event = read(replace(BARE, times=three))
    assert (event["all_day"], event["first_day"], event["last_day"]) == (True, "2027-02-24", "2027-02-26")
    assert event["starts"] == "2027-02-24T00:00:00+01:00"


def test_an_online_event_has_no_place() -> None:
    event = read(replace(FULL, attendance="online", location="Online", city=""))
    assert (event["attendance"], event["place"], event["city"]) == ("online", None, None)


def test_where_to_sign_up() -> None:
    elsewhere = replace(FULL, sign_up_mode="elsewhere", sign_up_url="https://other.example.org/form")
    assert read(elsewhere)["sign_up"]["url"] == "https://other.example.org/form"
    assert read(replace(elsewhere, sign_up_url="javascript:alert(1)"))["sign_up"]["url"] is None
    assert read(replace(FULL, sign_up_mode="open_entry"))["sign_up"]["url"] is None


def test_an_external_event_names_its_source_and_leads_there() -> None:
    event = read(replace(FULL, source="Związek Miast", page_url="https://zmp.example.org/e1", sign_up_mode=""))
    assert event["external"] == {"name": "Związek Miast", "url": "https://zmp.example.org/e1"}
    assert event["sign_up"] is None


def test_the_feed_is_joined_from_each_events_bytes_unchanged() -> None:
    entry = json_entry(FULL)
    assert json_feed(HEADER, [entry, entry]).count(entry.body) == 2
    assert len(json.loads(json_feed(HEADER, [entry, entry]))["events"]) == 2


def test_abuse_04_a_title_cannot_leave_a_script_element_or_its_string() -> None:
    title = '</script><script>alert("1")</script>\\u003c \0\x0b\ud800'
    body = json_feed(replace(HEADER, name=title), [json_entry(replace(FULL, summary=title, city=title))])
    assert b"<" not in body
    assert b"\0" not in body
    assert json.loads(body)["events"][0]["title"] == '</script><script>alert("1")</script>\\u003c'


@given(st.text(st.characters(codec=None)))
def test_any_text_is_read_back(text: str) -> None:
    hostile = replace(FULL, summary=text, short_text=text, location=text, audience=text, organiser=text, page_url=text)
    body = json_feed(replace(HEADER, name=text, site=text), [json_entry(replace(hostile, uid=text, series=text))])
    assert set(json.loads(body)["events"][0]) == set(read(FULL))
    assert b"<" not in body
    assert b"\n" not in body


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_letters_and_signs_are_told_as_they_are(text: str) -> None:
    assert read(replace(FULL, summary=text, city=text))["title"] == text
    assert read(replace(FULL, city=text))["city"] == text
