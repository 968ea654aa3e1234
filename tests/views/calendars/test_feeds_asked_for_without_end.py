"""Feeds and searches that a stranger could ask for without end: what is not understood makes no new one, and who asks
for ever new ones is told to wait; who asks for known ones never is."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.calendars.feed_cache import FeedCache
from tests.factories import Factory

FEEDS = ("/calendar.ics", "/events.json", "/events.atom")


@pytest.fixture
def limited(make_app: Callable[..., Flask]) -> FlaskClient:
    return make_app(EVENTREG_RATE_LIMITS="on").test_client()


def statuses(client: FlaskClient, *addresses: str, headers: dict[str, str] | None = None) -> list[int]:
    return [client.get(address, headers=headers).status_code for address in addresses]


@pytest.mark.parametrize(
    "address", ["?month=abc", "?month=2026-13", "?month=&q=", "?q=%20%20", "?x=1", "?kind=", "?month=2026-1"]
)
def test_what_is_not_understood_makes_no_feed_of_its_own(client: FlaskClient, factory: Factory, address: str) -> None:
    factory.event()
    for feed in FEEDS:
        plain, odd = client.get(feed), client.get(feed + address)
        assert (odd.status_code, odd.headers["ETag"], odd.data) == (200, plain.headers["ETag"], plain.data)


def test_words_are_one_search_however_they_are_spaced(client: FlaskClient, factory: Factory) -> None:
    factory.event()
    tags = {client.get("/calendar.ics", query_string={"q": q}).headers["ETag"] for q in ("a b", " a  b ", "a\tb\u00a0")}
    assert len(tags) == 1
    tags = {client.get("/calendar.ics", query_string={"q": "a" * n}).headers["ETag"] for n in (100, 101, 200)}
    assert len(tags) == 1
    assert client.get("/calendar.ics", query_string={"q": "a" * 201}).status_code == 404


def test_searches_without_end_are_limited_by_client(limited: FlaskClient) -> None:
    asked = [f"{FEEDS[number % 3]}?q=x{number}" for number in range(31)]
    assert statuses(limited, *asked) == [200] * 30 + [429]
    assert statuses(limited, "/calendar.ics?kind=workshop&month=2026-12") == [429]
    assert statuses(limited, *FEEDS, asked[0], "/calendar.ics?kind=workshop", "/") == [200] * 6
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert limited.get("/calendar.ics?q=another", environ_overrides=elsewhere).status_code == 200


def test_who_asks_for_what_is_known_is_never_limited(limited: FlaskClient) -> None:
    known = {"If-None-Match": limited.get("/calendar.ics?q=x").headers["ETag"]}
    assert statuses(limited, *["/calendar.ics?q=x"] * 40, headers=known) == [304] * 40
    assert statuses(limited, *["/calendar.ics?q=x"] * 40) == [200] * 40
    assert statuses(limited, *[f"/calendar.ics?q={number}" for number in range(30)])[-1] == 429


def test_calendars_without_words_are_never_limited(limited: FlaskClient) -> None:
    asked = [f"/calendar.ics?month={year}-{month:02d}" for year in range(2026, 2030) for month in range(1, 13)]
    assert set(statuses(limited, *asked, "/calendar.ics", "/kinds/workshop.ics")) == {200}


def test_searches_on_pages_are_limited_by_client(limited: FlaskClient) -> None:
    asked = [f"{('/', '/archive')[number % 2]}?q=x{number}" for number in range(61)]
    assert statuses(limited, *asked) == [200] * 60 + [429]
    assert statuses(limited, "/", "/archive", "/?kind=workshop", "/?q=") == [200] * 4


def test_what_is_kept_of_feeds_is_bounded() -> None:
    cache: Any = FeedCache()
    assert cache.states.maxsize == 512
    for number in range(600):
        cache.states["feed", number] = number
        cache.bodies[str(number), False] = b"x" * 1024 * 1024
    assert len(cache.states) == 512
    assert len(cache.bodies) == 32
