"""An event as schema.org/Event in JSON-LD, for search engines.

Never holds the address of an online meeting (participants alone get it) nor an exact number of free places.
"""

import json
from dataclasses import dataclass
from typing import Any

from eventreg.events.sign_up_window_rules import SignUpStatus

_ATTENDANCE = {
    "place": "https://schema.org/OfflineEventAttendanceMode",
    "online": "https://schema.org/OnlineEventAttendanceMode",
    "hybrid": "https://schema.org/MixedEventAttendanceMode",
}
_AVAILABILITY = {
    SignUpStatus.OPEN: "https://schema.org/InStock",
    SignUpStatus.WAITING: "https://schema.org/SoldOut",
    SignUpStatus.FULL: "https://schema.org/SoldOut",
    SignUpStatus.NOT_YET: "https://schema.org/PreOrder",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventForSearch:
    """What search engines are told. `starts` and `ends` are ISO 8601 with the offset of the event's zone."""

    url: str
    title: str
    summary: str
    language: str
    starts: str
    ends: str
    attendance: str
    status: SignUpStatus
    venue: str
    street: str
    postal_code: str
    city: str
    country: str
    capacity: int | None
    is_free: bool
    organiser_name: str
    organiser_url: str
    image: str


def event_json_ld(event: EventForSearch) -> str:
    """The JSON-LD text, safe between <script> tags: '<', '>' and '&' are written as escapes."""
    text = json.dumps(_event_object(event), ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _event_object(event: EventForSearch) -> dict[str, Any]:
    cancelled = event.status is SignUpStatus.CANCELLED
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": event.url,
        "url": event.url,
        "name": event.title,
        "description": event.summary or event.title,
        "inLanguage": event.language,
        "startDate": event.starts,
        "endDate": event.ends,
        "eventStatus": "https://schema.org/EventCancelled" if cancelled else "https://schema.org/EventScheduled",
        "eventAttendanceMode": _ATTENDANCE[event.attendance],
        "location": _locations(event),
        "image": event.image,
        "isAccessibleForFree": event.is_free,
        "organizer": {"@type": "Organization", "name": event.organiser_name, "url": event.organiser_url},
    }
    if event.capacity is not None:
        values["maximumAttendeeCapacity"] = event.capacity
    if event.is_free and event.status in _AVAILABILITY:
        values["offers"] = {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "PLN",
            "url": event.url,
            "availability": _AVAILABILITY[event.status],
        }
    return values


def _locations(event: EventForSearch) -> Any:
    """A place, a virtual location (the event's own page), or both."""
    virtual = {"@type": "VirtualLocation", "url": event.url}
    if event.attendance == "online":
        return virtual
    address = {
        "@type": "PostalAddress",
        "streetAddress": event.street,
        "postalCode": event.postal_code,
        "addressLocality": event.city,
        "addressCountry": event.country or "PL",
    }
    place = {
        "@type": "Place",
        "name": event.venue or event.city,
        "address": {name: value for name, value in address.items() if value},
    }
    return [place, virtual] if event.attendance == "hybrid" else place
