"""Addresses of calendars to subscribe to, and the QR code."""

import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from eventreg.calendars.subscribe_rules import (
    feed_endpoint,
    is_short_enough,
    qr_picture,
    ways_to_subscribe,
    webcal_form,
    wider_calendars,
)

ADDRESS = "https://wydarzenia.example.org/calendar.ics?kind=workshop&organiser=omp"


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_webcal_takes_the_place_of_the_scheme(scheme: str) -> None:
    assert webcal_form(f"{scheme}://example.org/x.ics?u=http://y") == "webcal://example.org/x.ics?u=http://y"


def test_google_gets_webcal_and_outlook_https_with_the_name() -> None:
    ways = ways_to_subscribe(ADDRESS, "Warsztaty – OMP & inni")
    google = urlsplit(ways.google)
    assert (google.scheme, google.netloc, google.path) == ("https", "calendar.google.com", "/calendar/render")
    assert parse_qs(google.query) == {"cid": ["webcal" + ADDRESS.removeprefix("https")]}
    for link, host in ((ways.outlook, "outlook.live.com"), (ways.office, "outlook.office.com")):
        parts = urlsplit(link)
        assert (parts.netloc, parts.path) == (host, "/calendar/0/addfromweb")
        assert parse_qs(parts.query) == {"url": [ADDRESS], "name": ["Warsztaty – OMP & inni"]}
        assert "+" not in link


@pytest.mark.parametrize(
    ("arguments", "endpoint", "values"),
    [
        ({}, "feeds.public_calendar", {}),
        ({"kind": "workshop"}, "feeds.kind_calendar", {"kind": "workshop"}),
        ({"series": "konferencja"}, "feeds.series_calendar", {"slug": "konferencja"}),
        ({"organiser": "omp"}, "feeds.organiser_calendar", {"slug": "omp"}),
        ({"city": "krakow"}, "feeds.city_calendar", {"slug": "krakow"}),
        ({"q": "łódź"}, "feeds.public_calendar", {"q": "łódź"}),
        ({"month": "2026-12"}, "feeds.public_calendar", {"month": "2026-12"}),
        ({"kind": "workshop", "city": "krakow"}, "feeds.public_calendar", {"kind": "workshop", "city": "krakow"}),
    ],
)
def test_one_filter_has_a_short_address(arguments: dict[str, str], endpoint: str, values: dict[str, str]) -> None:
    assert feed_endpoint(arguments) == (endpoint, values)


def test_calendar_15_an_address_of_256_characters_with_webcal_is_too_long() -> None:
    # webcal:// is one character longer than https:// and two longer than http://
    start = "https://example.org/"
    assert is_short_enough(start + "x" * (254 - len(start)))
    assert not is_short_enough(start + "x" * (255 - len(start)))
    start = "http://example.org/"
    assert is_short_enough(start + "x" * (253 - len(start)))
    assert not is_short_enough(start + "x" * (254 - len(start)))


def test_calendar_15_wider_calendars_come_nearest_first() -> None:
    asked = {"q": "a", "organiser": "o", "kind": "k"}
    assert [list(wider) for wider in wider_calendars(asked)] == [
        ["kind", "organiser"],
        ["kind", "q"],
        ["organiser", "q"],
        ["kind"],
        ["organiser"],
        ["q"],
        [],
    ]
    assert all(wider.items() <= asked.items() for wider in wider_calendars(asked))
    assert list(wider_calendars({})) == []


def test_the_qr_code_keeps_its_margin_and_needs_no_style() -> None:
    svg = qr_picture(ADDRESS)
    root = ElementTree.fromstring(svg)  # noqa: S314  # our own
    size = int(root.attrib["viewBox"].split()[2])
    assert "style" not in svg
    assert "<script" not in svg
    ground, lines = list(root)
    assert ground.attrib["fill"] == "#fff"
    assert ground.attrib["d"].startswith(f"M0 0h{size}v{size}")
    assert lines.attrib["stroke"] == "#000"
    # The first line of modules stands below and right of four empty ones (ISO/IEC 18004, quiet zone).
    assert re.match(r"M4 4\.5h7", lines.attrib["d"])
    assert qr_picture(ADDRESS) == svg
    assert qr_picture(ADDRESS + "x") != svg
