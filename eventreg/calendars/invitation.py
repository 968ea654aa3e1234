"""The calendar part of one person's mail: REQUEST, CANCEL or PUBLISH for one registration.

RFC 5545, 5546 and 6047 as the real clients hold them (calendar.md 1-8): one VEVENT, one ORGANIZER, exactly
one ATTENDEE (none in PUBLISH), and nothing a person typed can become a line of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vUri

from eventreg.calendars.calendar_text_rules import (
    CalendarText,
    checked_address,
    clean_line,
    clean_parameter,
    clean_text,
    clean_url,
    shortened,
)
from eventreg.calendars.time_zone_rules import (
    EventTimes,
    calendar_bounds,
    vtimezone_bytes,
    zone_to_describe,
)

PRODUCT = "-//eventreg//invitations 1//EN"
LONGEST_DESCRIPTION = 8_000
"""Characters: Google Calendar keeps 8,192 of them."""


class Method(StrEnum):
    """What a calendar part asks for; the mail's `method` parameter and METHOD in the body are both this."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with an address: the organiser, or the one person invited."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One registration's entry in a calendar.

    `uid` stays for the registration's life, `sequence` rises with each message that person is sent, `dtstamp`
    is the moment the message was written (frozen: every try gives the same bytes). `online_url` is for
    participants.
    """

    uid: str
    sequence: int
    dtstamp: datetime
    organizer: Party
    summary: str
    times: EventTimes
    description: str = ""
    location: str = ""
    page_url: str = ""
    online_url: str = ""
    online_label: str = ""
    geo: tuple[float, float] | None = None
    categories: tuple[str, ...] = ()


def request_bytes(invitation: Invitation, attendee: Party) -> bytes:
    """METHOD:REQUEST: the place is this person's; her calendar shows it with accept and decline.

    Raises UnsafeAddressError when an address of either party is not one plain address.
    """
    return _calendar(invitation, Method.REQUEST, attendee, cancelled=False)


def cancel_bytes(invitation: Invitation, attendee: Party) -> bytes:
    """METHOD:CANCEL: takes the entry out of her calendar. Raises UnsafeAddressError."""
    return _calendar(invitation, Method.CANCEL, attendee, cancelled=True)


def publish_bytes(invitation: Invitation, *, cancelled: bool = False) -> bytes:
    """METHOD:PUBLISH without ATTENDEE: a file to pass on from a shared mailbox (calendar.md 4a).

    Raises UnsafeAddressError.
    """
    return _calendar(invitation, Method.PUBLISH, None, cancelled=cancelled)


def _calendar(invitation: Invitation, method: Method, attendee: Party | None, *, cancelled: bool) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(_event(invitation, method, attendee, cancelled=cancelled))
    zone = zone_to_describe(invitation.times)
    body = bytes(calendar.to_ical())
    if zone is None:
        return body
    head, begin, rest = body.partition(b"BEGIN:VEVENT\r\n")
    return head + vtimezone_bytes(zone) + begin + rest


def _event(invitation: Invitation, method: Method, attendee: Party | None, *, cancelled: bool) -> Event:
    event = Event()
    event.add("uid", clean_line(invitation.uid))
    event.add("dtstamp", invitation.dtstamp.astimezone(UTC))
    event.add("sequence", invitation.sequence)
    event.add("summary", CalendarText(clean_line(invitation.summary)))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(invitation.organizer), encode=False)
    if attendee is not None:
        event.add("attendee", _attendee(attendee, method), encode=False)
    start, end = calendar_bounds(invitation.times)
    event.add("dtstart", start)
    event.add("dtend", end)
    if invitation.times.all_day:
        event.add("x-microsoft-cdo-alldayevent", "TRUE")
    event.add("x-microsoft-disallow-counter", "TRUE")
    add_place_and_text(event, invitation)
    return event


def add_place_and_text(event: Event, invitation: Invitation) -> None:
    """Where it is, its text and its links."""
    online = clean_url(invitation.online_url)
    location = clean_line(invitation.location) or online
    if location:
        event.add("location", CalendarText(location))
    if invitation.description:
        event.add("description", CalendarText(shortened(clean_text(invitation.description), LONGEST_DESCRIPTION)))
    page = clean_url(invitation.page_url)
    if page:
        event.add("url", vUri(page), encode=False)
    if online:
        conference = vUri(online)
        conference.params["VALUE"] = "URI"
        conference.params["FEATURE"] = "VIDEO"
        if invitation.online_label:
            conference.params["LABEL"] = clean_parameter(invitation.online_label)
        event.add("conference", conference, encode=False)
    if invitation.geo is not None:
        event.add("geo", invitation.geo)
    if invitation.categories:
        event.add("categories", [clean_line(name) for name in invitation.categories])


def _attendee(attendee: Party, method: Method) -> vCalAddress:
    """The recipient. Only a REQUEST asks for an answer; the word is never hers before she gives it."""
    value = _address(attendee)
    value.params["CUTYPE"] = "INDIVIDUAL"
    value.params["ROLE"] = "REQ-PARTICIPANT"
    if method is Method.REQUEST:
        value.params["PARTSTAT"] = "NEEDS-ACTION"
        value.params["RSVP"] = "TRUE"
    return value


def _address(party: Party) -> vCalAddress:
    value = vCalAddress(f"mailto:{checked_address(party.address)}")
    name = clean_parameter(party.name)
    if name:
        value.params["CN"] = name
    return value
