"""Links that open 'new entry' in Google Calendar, Outlook.com or Office 365, filled in.

None of the three documents its address in full. Google: action=TEMPLATE, text, dates, details, location. Outlook:
rru=addevent, subject, startdt, enddt, allday, body, location; '/action/compose', because its '/deeplink/compose' left
people on a blank page. What follows from that:

- moments are told in UTC with 'Z', so that neither summer time nor the reader's own zone moves them; whole days as two
  dates, the second one exclusive;
- a space is '%20', for Outlook shows a '+' as it stands;
- Outlook reads `body` as HTML, Google a part of it: no '<' or '>' is passed on;
- above some 2,000 characters mail gateways and browsers cut a link, so the description is cut before.

Such a link is read by its host: nothing in it may be meant for one person alone (abuse 26).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from eventreg.calendars.calendar_text_rules import ELLIPSIS, clean_line, clean_text
from eventreg.calendars.time_zone_rules import EventTimes, calendar_bounds

GOOGLE = "https://calendar.google.com/calendar/render?action=TEMPLATE"
OUTLOOK_COM = "https://outlook.live.com/calendar/0/action/compose?rru=addevent"
OFFICE_365 = "https://outlook.office.com/calendar/0/action/compose?rru=addevent"

LONGEST_LINK = 2000
"""Characters; only a title that is longer by itself makes a longer link."""

_WITHOUT_MARKUP = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class EntryToAdd:
    """What the new entry says. `closing`: lines with a link that end the description and are never cut in two."""

    title: str
    times: EventTimes
    place: str = ""
    description: str = ""
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """One address for each of the three."""

    google: str
    outlook_com: str
    office_365: str


@dataclass(frozen=True, slots=True)
class _Host:
    """How one host wants it: its address, names of parameters, and how a text of several lines is written."""

    address: str
    title: str
    place: str
    description: str
    written: Callable[[str], str]


def calendar_links(entry: EntryToAdd) -> CalendarLinks:
    """The three links, everything in them percent-encoded.

    Too much text is cut, the description first, then the place; title and times never.
    """
    start, end = calendar_bounds(entry.times)
    dates = f"&dates={_encoded(f'{_compact(start)}/{_compact(end)}')}"
    days = "&allday=true" if entry.times.all_day else ""
    moments = f"&startdt={_encoded(_extended(start))}&enddt={_encoded(_extended(end))}{days}"
    return CalendarLinks(
        google=_link(_Host(GOOGLE, "text", "location", "details", _encoded), dates, entry),
        outlook_com=_link(_Host(OUTLOOK_COM, "subject", "location", "body", _as_html), moments, entry),
        office_365=_link(_Host(OFFICE_365, "subject", "location", "body", _as_html), moments, entry),
    )


def _link(host: _Host, times: str, entry: EntryToAdd) -> str:
    link = f"{host.address}&{host.title}={_encoded(clean_line(entry.title))}{times}"
    room = LONGEST_LINK - len(link) - len(f"&{host.description}=&{host.place}=")
    closing = _fitting(entry.closing, room, host.written)
    room -= len(closing)
    place = _cut_to(clean_line(entry.place), room, _encoded)
    room -= len(place)
    text = clean_text(entry.description).strip().translate(_WITHOUT_MARKUP)
    break_ = host.written("\n") if text and closing else ""
    text = _cut_to(text, room - len(break_), host.written)
    details = text + (break_ if text else "") + closing
    return link + (f"&{host.description}={details}" if details else "") + (f"&{host.place}={place}" if place else "")


def _fitting(lines: Iterable[str], room: int, written: Callable[[str], str]) -> str:
    """The lines that fit, each whole, in their order."""
    kept = ""
    for line in lines:
        more = (written("\n") if kept else "") + written(clean_line(line).translate(_WITHOUT_MARKUP))
        if len(kept) + len(more) <= room:
            kept += more
    return kept


def _cut_to(text: str, room: int, written: Callable[[str], str]) -> str:
    """The text as written, shortened at the end of a word where it is longer than `room` characters."""
    whole = 0
    fitting = 0  # how many characters still leave room for the mark of the cut
    mark = len(written(ELLIPSIS))
    for number, character in enumerate(text, start=1):
        whole += len(written(character))
        if whole + mark <= room:
            fitting = number
        if whole > room:
            kept = text[:fitting]
            words = kept[: kept.rfind(" ")] if " " in kept and not text[fitting].isspace() else kept
            return written(words.rstrip() + ELLIPSIS) if words.strip() else ""
    return written(text)


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _as_html(text: str) -> str:
    """For a parameter that is read as HTML: '&' begins no entity, and a line break is one."""
    return quote(text.replace("&", "&amp;").replace("\n", "<br>"), safe="")


def _compact(bound: date | datetime) -> str:
    if isinstance(bound, datetime):
        return bound.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return bound.strftime("%Y%m%d")


def _extended(bound: date | datetime) -> str:
    if isinstance(bound, datetime):
        return bound.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return bound.isoformat()
