"""Reads the bytes of a foreign calendar, of which nothing is trusted (calendar.md 17).

The lines are looked at one by one, and only the values of those wanted are parsed: VTIMEZONE, alarms, tasks, attendees,
organisers (personal data), attachments and rules of repetition reach no parser. Time and memory grow with
the bytes, however they are arranged.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eventreg.calendars.feed import PAST_STAYS
from eventreg.calendars.time_zone_rules import EventTimes
from eventreg.external_calendars.foreign_text_rules import plain_line, plain_text, plain_url
from eventreg.external_calendars.foreign_time_rules import (
    LONGEST_EVENT,
    TimeProperty,
    UnusableTimesError,
    event_times,
    first_day,
)

MOST_EVENTS = 1_000
"""Of one calendar: the nearest. More than an office could look through, and a feed that stays light."""

AHEAD = timedelta(days=3 * 366)
"""What is further away is a mistake, or of no use to a visitor."""

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_PLACE = 200, 2_000, 300
"""Characters; the source tells the rest."""

MOST_LINES = 400_000
"""Twice what 5 MB of lines folded at 75 octets with short ones between them make up."""

LONGEST_LINE = 20_000
"""Characters of an unfolded line that are kept: room for a description in HTML, none for an attached file."""

DEEPEST = 8
"""Components within each other; iCalendar needs three."""

_CALENDAR, _EVENT = "VCALENDAR", "VEVENT"
_WANTED = frozenset(
    {
        *("UID", "RECURRENCE-ID", "SEQUENCE", "LAST-MODIFIED", "STATUS", "CLASS", "RRULE", "RDATE"),
        *("DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "URL"),
    }
)
_NAME = re.compile(r"[A-Za-z-]{1,20}(?=[;:])")
_TZID = re.compile(r';TZID=("[^"]{0,100}"|[^;:",]{0,100})', re.IGNORECASE)
_PARAMETERS = re.compile(r'(?:[^":]++|"[^"]*+")*+:')
_ESCAPED = re.compile(r"\\([\\;,nN])")
_DIGITS = re.compile(r"[0-9]{1,9}")


class NotACalendarError(ValueError):
    """The bytes are no iCalendar, or one that breaks off."""


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One event, ready to be kept: plain text, aware times, a key by which it is known again."""

    source_key: str
    title: str
    description: str
    place: str
    url: str
    times: EventTimes
    cancelled: bool


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """What a calendar holds: the events in the order of their beginning."""

    events: tuple[ReadEvent, ...]
    left_out: int
    """Events that are private, unreadable, too old, too far away, too long, or beyond MOST_EVENTS."""
    repeating: int
    """Events that repeat, of which only the first date counts (and may be too old)."""


@dataclass(slots=True)
class _Raw:
    """The lines of one VEVENT: the value of each wanted property, the first of its name."""

    values: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "").strip()

    @property
    def key(self) -> str:
        """Its UID and, of one date of a series, that date; without UID what it is called and when it begins."""
        known_by = self.value("UID") or f"{self.value('DTSTART')}\n{self.value('SUMMARY')}"
        return hashlib.sha256(f"{known_by}\n{self.value('RECURRENCE-ID')}".encode()).hexdigest()

    @property
    def version(self) -> tuple[int, str]:
        sequence = self.value("SEQUENCE")
        return (int(sequence) if _DIGITS.fullmatch(sequence) else 0, self.value("LAST-MODIFIED"))

    @property
    def repeats(self) -> bool:
        return "RECURRENCE-ID" not in self.values and ("RRULE" in self.values or "RDATE" in self.values)


def read_calendar(body: bytes, now: datetime) -> CalendarRead:
    """The events of a calendar that are over for at most PAST_STAYS. Raises NotACalendarError, and nothing else.

    Of several with one UID the highest SEQUENCE counts, then the latest. Dates of a series that were moved
    (RECURRENCE-ID) are events of their own.
    """
    latest: dict[str, _Raw] = {}
    for raw in _events(_unfolded(_lines(body))):
        key = raw.key
        known = latest.get(key)
        if known is None or raw.version >= known.version:
            latest[key] = raw
    read = []
    for key, raw in _nearest_first(latest.items(), now):
        try:
            event = _read_event(key, raw)
        except UnusableTimesError:
            continue
        if event is not None and event.times.ends_at > now - PAST_STAYS:
            read.append(event)
        if len(read) == MOST_EVENTS:
            break
    read.sort(key=lambda event: (event.times.starts_at, event.source_key))
    return CalendarRead(tuple(read), len(latest) - len(read), sum(raw.repeats for raw in latest.values()))


def _lines(body: bytes) -> list[str]:
    """The text in lines: UTF-8, else Windows' code page for Polish, which old programs of offices still write."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1250", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text[:15].upper().startswith(f"BEGIN:{_CALENDAR}") or not text[-13:].upper().endswith(f"END:{_CALENDAR}"):
        raise NotACalendarError
    if text.count("\n") > MOST_LINES:
        raise NotACalendarError
    return text.split("\n")


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Each line with those that go on from it (RFC 5545 3.1), no longer than LONGEST_LINE."""
    parts: list[str] = []
    length = 0
    for line in lines:
        if not line.startswith((" ", "\t")):
            if parts:
                yield "".join(parts)
            parts, length = [line[:LONGEST_LINE]], min(len(line), LONGEST_LINE)
        elif length < LONGEST_LINE:
            parts.append(line[1 : LONGEST_LINE - length + 1])
            length += len(parts[-1])
    yield "".join(parts)


def _events(lines: Iterable[str]) -> Iterator[_Raw]:
    """The events that stand directly in a calendar. An END without its BEGIN is passed over."""
    inside: list[str] = []
    raw = _Raw()
    for line in lines:
        found = _NAME.match(line)
        if found is None:
            continue
        name = found.group().upper()
        if name == "BEGIN":
            inside.append(line[6:26].strip().upper())
            if len(inside) > DEEPEST:
                raise NotACalendarError
            if inside == [_CALENDAR, _EVENT]:
                raw = _Raw()
        elif name == "END":
            ended = line[4:24].strip().upper()
            if inside == [_CALENDAR, _EVENT] and ended == _EVENT:
                yield raw
            if ended in inside:
                del inside[len(inside) - 1 - inside[::-1].index(ended) :]
        elif name in _WANTED and inside == [_CALENDAR, _EVENT]:
            _keep(raw, name, line[found.end() :])


def _keep(raw: _Raw, name: str, rest: str) -> None:
    """Of a property the value; of its parameters the zone only."""
    if name in raw.values:
        return
    parameters = _PARAMETERS.match(rest)
    if parameters is None:
        return
    raw.values[name] = rest[parameters.end() :]
    zone = _TZID.search(rest, 0, parameters.end())
    if zone is not None:
        raw.zones[name] = zone.group(1).strip('"')


def _nearest_first(raws: Iterable[tuple[str, _Raw]], now: datetime) -> list[tuple[str, _Raw]]:
    """Those that may be shown by the day they begin: first what is to come, by day, then the past, latest first."""
    today = f"{now:%Y%m%d}"
    earliest, latest = f"{now - PAST_STAYS - LONGEST_EVENT:%Y%m%d}", f"{now + AHEAD:%Y%m%d}"
    days = [(first_day(raw.value("DTSTART")), key, raw) for key, raw in raws]
    near = [(day, key, raw) for day, key, raw in days if earliest <= day <= latest]
    coming = sorted((item for item in near if item[0] >= today), key=lambda item: item[:2])
    past = sorted((item for item in near if item[0] < today), key=lambda item: item[:2], reverse=True)
    return [(key, raw) for _day, key, raw in (*coming, *past)]


def _read_event(key: str, raw: _Raw) -> ReadEvent | None:
    """The event; None for one without a title and for one that its owner marked as not public.

    Raises UnusableTimesError.
    """
    title = plain_line(_text(raw, "SUMMARY"), LONGEST_TITLE)
    if not title or raw.value("CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
        return None
    end = TimeProperty(raw.value("DTEND"), raw.zones.get("DTEND", "")) if "DTEND" in raw.values else None
    start = TimeProperty(raw.value("DTSTART"), raw.zones.get("DTSTART", ""))
    return ReadEvent(
        source_key=key,
        title=title,
        description=plain_text(_text(raw, "DESCRIPTION"), LONGEST_DESCRIPTION),
        place=plain_line(_text(raw, "LOCATION"), LONGEST_PLACE),
        url=plain_url(raw.value("URL")),
        times=event_times(start, end, raw.value("DURATION")),
        cancelled=raw.value("STATUS").upper() == "CANCELLED",
    )


def _text(raw: _Raw, name: str) -> str:
    """The value without the escapes of RFC 5545 3.3.11."""
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], raw.values.get(name, ""))
