"""schema.org/Event."""

import json
from dataclasses import replace
from typing import Any

from eventreg.events.sign_up_window_rules import SignUpStatus
from eventreg.events.structured_data_rules import EventForSearch, event_json_ld

WORKSHOP = EventForSearch(
    url="https://events.example.org/events/warsztaty",
    title="Warsztaty",
    summary="Półtorej godziny o współpracy.",
    language="pl",
    starts="2026-12-09T12:00:00+01:00",
    ends="2026-12-09T13:30:00+01:00",
    attendance="place",
    status=SignUpStatus.OPEN,
    venue="Urząd Miasta",
    street="ul. 3 Maja 72",
    postal_code="32-100",
    city="Proszowice",
    country="",
    capacity=30,
    is_free=True,
    organiser_name="Ośrodek",
    organiser_url="https://events.example.org/organisers/osrodek",
    image="https://events.example.org/static/og-image.png",
)


def read(event: EventForSearch) -> dict[str, Any]:
    value = json.loads(event_json_ld(event))
    assert isinstance(value, dict)
    return value


def test_what_search_engines_ask_for_is_there() -> None:
    value = read(WORKSHOP)
    assert value["@type"] == "Event"
    assert value["startDate"] == "2026-12-09T12:00:00+01:00"
    assert value["location"] == {
        "@type": "Place",
        "name": "Urząd Miasta",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "ul. 3 Maja 72",
            "postalCode": "32-100",
            "addressLocality": "Proszowice",
            "addressCountry": "PL",
        },
    }
    assert value["offers"]["availability"] == "https://schema.org/InStock"
    assert value["eventStatus"] == "https://schema.org/EventScheduled"


def test_a_script_tag_in_a_title_stays_text() -> None:
    title = "</script><script>alert(1)</script> & <!--"
    text = event_json_ld(replace(WORKSHOP, title=title))
    assert not set("<>&") & set(text)
    assert json.loads(text)["name"] == title


def test_a_cancelled_event_says_so_and_offers_nothing() -> None:
    value = read(replace(WORKSHOP, status=SignUpStatus.CANCELLED))
    assert value["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in value


def test_online_and_hybrid_events() -> None:
    online = read(replace(WORKSHOP, attendance="online"))
    assert online["location"] == {"@type": "VirtualLocation", "url": WORKSHOP.url}
    hybrid = read(replace(WORKSHOP, attendance="hybrid"))
    assert [place["@type"] for place in hybrid["location"]] == ["Place", "VirtualLocation"]


def test_full_and_costly_events() -> None:
    for status in (SignUpStatus.FULL, SignUpStatus.WAITING):
        assert read(replace(WORKSHOP, status=status))["offers"]["availability"] == "https://schema.org/SoldOut"
    costly = read(replace(WORKSHOP, is_free=False, capacity=None))
    assert costly["isAccessibleForFree"] is False
    assert "offers" not in costly
    assert "maximumAttendeeCapacity" not in costly
