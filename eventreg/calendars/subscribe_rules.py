"""How a calendar is subscribed to: the shortest address of what was asked for, and the links that programs take.

calendar.md 15: Google fails silently for an address of 256 characters or more, `webcal://` included.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from urllib.parse import quote, urlencode

import segno

LONGEST_ADDRESS = 255
"""Characters of a feed's address in its `webcal://` form."""

ADDRESSES_OF_ONE = {
    "kind": ("feeds.kind_calendar", "kind"),
    "organiser": ("feeds.organiser_calendar", "slug"),
    "series": ("feeds.series_calendar", "slug"),
    "city": ("feeds.city_calendar", "slug"),
}
"""Filters that have a short address of their own: its endpoint, and what it calls the value."""

DROPPED_LAST = ("kind", "organiser", "series", "city", "month", "q")
"""Which filters are kept the longest when an address has to be shortened: words first, the kind last."""


@dataclass(frozen=True, slots=True)
class WaysToSubscribe:
    """One calendar's address in the forms that programs take; see macros/subscribing.html."""

    name: str
    address: str
    webcal: str
    google: str
    outlook: str
    office: str


def ways_to_subscribe(address: str, name: str) -> WaysToSubscribe:
    """All forms of a feed's absolute address (http or https); `name` is what the calendar is called.

    No vendor documents the links of Google and Outlook; they have been in use for years. Google takes the address as
    webcal alone (it answers 'check the URL' to https there), Outlook takes https and the name.
    """
    webcal = webcal_form(address)
    added = urlencode({"url": address, "name": name}, quote_via=quote)
    return WaysToSubscribe(
        name=name,
        address=address,
        webcal=webcal,
        google="https://calendar.google.com/calendar/render?" + urlencode({"cid": webcal}),
        outlook="https://outlook.live.com/calendar/0/addfromweb?" + added,
        office="https://outlook.office.com/calendar/0/addfromweb?" + added,
    )


def webcal_form(address: str) -> str:
    """'https://x/y.ics' -> 'webcal://x/y.ics', which calendar programs take for themselves."""
    return "webcal://" + address.split("://", 1)[1]


def is_short_enough(address: str) -> bool:
    """Whether every program takes the feed's address (calendar.md 15)."""
    return len(webcal_form(address)) <= LONGEST_ADDRESS


def feed_endpoint(arguments: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The endpoint and its values for the filters of a calendar: a short address of its own for one filter."""
    if len(arguments) == 1:
        [(name, value)] = arguments.items()
        if name in ADDRESSES_OF_ONE:
            endpoint, called = ADDRESSES_OF_ONE[name]
            return endpoint, {called: value}
    return "feeds.public_calendar", dict(arguments)


def wider_calendars(arguments: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The same filters with ever more of them left out: each holds all events of the one asked for, and others.

    The nearest come first: one filter fewer before two fewer, and the words go before the month, the kind last.
    """
    present = [name for name in DROPPED_LAST if name in arguments]
    for kept in range(len(present) - 1, -1, -1):
        for names in combinations(present, kept):
            yield {name: arguments[name] for name in names}


@lru_cache(maxsize=128)
def qr_picture(text: str) -> str:
    """A QR code as SVG for a page: no size (the stylesheet gives it), no style, the margin of four modules that
    ISO/IEC 18004 asks for, black on white whatever the page's colours, because not every camera reads the reverse."""
    code = segno.make_qr(text, error="m")
    return str(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None))
