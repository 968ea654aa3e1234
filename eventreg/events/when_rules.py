"""How dates and times are written for people, in Polish and in English.

Every function takes aware datetimes (any offset), the IANA name of the zone the event happens in, and a
language code; 'pl' is written the Polish way, every other code the English way.  The results hold hard
spaces (U+00A0) where a line must not break and en dashes in ranges.  Names of months and days come from CLDR.

An end at midnight belongs to the day before it: an all-day event ends at the midnight after its last day,
and an evening until midnight reads '18.00–24.00'.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_day_names, get_month_names

HOME_ZONE = "Europe/Warsaw"
"""The zone readers are assumed to live in: times of day that differ from its own are explained."""

NIGHT_ENDS_AT = time(6, 0)
"""An event that ends before this hour of the next day still reads as one evening, not as two days."""

# Renamed in tzdata; CLDR's list of cities still keeps them under the old names.
_CLDR_ZONES = {"Europe/Kyiv": "Europe/Kiev", "Asia/Kolkata": "Asia/Calcutta"}

_NBSP = "\u00a0"
_DASH = "–"

# Accusative, with the preposition 'we' where Polish phonetics wants it (polish.md).
_ON_WEEKDAYS_PL = "w poniedziałek,we wtorek,w środę,w czwartek,w piątek,w sobotę,w niedzielę"


@dataclass(frozen=True, slots=True)
class WhenWords:
    """One term of an event in parts, for a page that puts them on separate lines.

    `day` 'środa, 26 października 2026 r.', `hours` 'godz. 12.00–13.30' (empty for an all-day event),
    `zone_note` empty unless the clock at the venue differs from the Polish one.
    """

    day: str
    hours: str
    zone_note: str


@dataclass(frozen=True, slots=True)
class DayBlock:
    """The day block of the public list: big `numeral`, `weekdays` under it, then `line` (times or days)."""

    numeral: str
    weekdays: str
    line: str


@dataclass(frozen=True, slots=True)
class _Span:
    """An event's time on the clock of its zone; `last` is the last day a person is there."""

    starts: datetime
    ends: datetime
    last: date
    all_day: bool

    @property
    def first(self) -> date:
        return self.starts.date()

    @property
    def one_day(self) -> bool:
        return self.first == self.last


def when_in_full(starts_at: datetime, ends_at: datetime, zone: str, language: str, *, all_day: bool = False) -> str:
    """The whole term in one line: 'środa, 26 października 2026 r., godz. 12.00–13.30', with the zone note."""
    words = when_words(starts_at, ends_at, zone, language, all_day=all_day)
    line = ", ".join(part for part in (words.day, words.hours) if part)
    return f"{line} ({words.zone_note})" if words.zone_note else line


def when_words(starts_at: datetime, ends_at: datetime, zone: str, language: str, *, all_day: bool = False) -> WhenWords:
    """The whole term as day, hours and zone note (see `WhenWords`)."""
    span = _span(starts_at, ends_at, zone, all_day)
    return WhenWords(
        day=f"{_weekday_range(span, language)}, {_date_range(span, language)}",
        hours=_hours(span, language),
        zone_note="" if all_day else zone_note(starts_at, zone, language),
    )


def day_block(starts_at: datetime, ends_at: datetime, zone: str, language: str, *, all_day: bool = False) -> DayBlock:
    """For the list: '9', 'środa', '12.00–13.30'; or '24', 'środa i czwartek', '24–25 lutego'."""
    span = _span(starts_at, ends_at, zone, all_day)
    numeral = str(span.first.day)
    if span.one_day:
        line = "" if all_day else _clock_range(span, language)
        return DayBlock(numeral, _weekday(span.first, language), line)
    if span.last - span.first == timedelta(days=1):
        first, last = _weekday(span.first, language), _weekday(span.last, language)
        weekdays = f"{first} i{_NBSP}{last}" if language == "pl" else f"{first} and {last}"
    else:
        weekdays = _weekday_range(span, language)
    return DayBlock(numeral, weekdays, _date_range_without_year(span, language))


def month_of(moment: datetime, zone: str) -> tuple[int, int]:
    """Year and month of the moment on the wall clock of the zone; what the public list is grouped by."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.year, local.month


def month_heading(year: int, month: int, language: str) -> str:
    """'grudzień 2026', 'December 2026': the name of the month in the nominative."""
    name = get_month_names("wide", context="stand-alone", locale=_names_of(language))[month]
    return f"{name} {year}"


def timestamp(moment: datetime, zone: str, language: str) -> str:
    """Date and time of something that happened: '18 listopada 2026 r., godz. 9.12'."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_long_date(local.date(), language)}, {_at_hour(_clock(local, language), language)}"


def long_date(moment: datetime, zone: str, language: str) -> str:
    """The date alone: '18 listopada 2026 r.', '18 November 2026'."""
    return _long_date(moment.astimezone(ZoneInfo(zone)).date(), language)


def deadline(moment: datetime, zone: str, language: str) -> str:
    """A deadline to stand after 'do' or 'until': '20 października 2026 r., godz. 23.59'.

    Midnight is told as the end of the day before ('godz. 24.00'), because 'until the 21st' would lead people
    to come a day late.
    """
    local = moment.astimezone(ZoneInfo(zone))
    clock = "24.00" if language == "pl" else "24:00"
    if local.time() != time(0, 0):
        clock = _clock(local, language)
    return f"{_long_date(_last_day(local), language)}, {_at_hour(clock, language)}"


def deadline_day(moment: datetime, zone: str, language: str) -> str:
    """The last day of a deadline without its hour: '20 października 2026 r.'."""
    return _long_date(_last_day(moment.astimezone(ZoneInfo(zone))), language)


def table_moment(moment: datetime, zone: str, language: str, *, with_year: bool = False) -> str:
    """The shortest date and time, for tables: '18.11, 9.41', '18 Nov, 9:41', with year '18.11.2026, 9.41'."""
    local = moment.astimezone(ZoneInfo(zone))
    if language == "pl":
        year = f".{local.year}" if with_year else ""
        day = f"{local.day}.{local.month:02d}{year}"
    else:
        month = get_month_names("abbreviated", context="format", locale=_names_of(language))[local.month]
        day = f"{local.day}{_NBSP}{month}" + (f" {local.year}" if with_year else "")
    return f"{day}, {_clock(local, language)}"


def on_weekday(moment: datetime, zone: str, language: str) -> str:
    """'we wtorek', 'w środę', 'on Tuesday': the weekday with its preposition, joined by a hard space."""
    local = moment.astimezone(ZoneInfo(zone))
    if language == "pl":
        return _ON_WEEKDAYS_PL.split(",")[local.weekday()].replace(" ", _NBSP)
    return f"on{_NBSP}{_weekday(local.date(), language)}"


def zone_note(starts_at: datetime, zone: str, language: str) -> str:
    """A note for an event whose clock differs from the Polish one at that moment; otherwise ''.

    'czas lokalny: Kijów; w Polsce godz. 11.00'.  Prague and Warsaw show the same time, so Prague needs none.
    """
    there = starts_at.astimezone(ZoneInfo(zone))
    here = starts_at.astimezone(ZoneInfo(HOME_ZONE))
    if there.utcoffset() == here.utcoffset():
        return ""
    city = city_of(zone, language)
    clock = _clock(here, language)
    if language == "pl":
        day = "" if here.date() == there.date() else f"{_day_month(here.date(), language)}, "
        return f"czas lokalny: {city}; w{_NBSP}Polsce {day}godz.{_NBSP}{clock}"
    day = "" if here.date() == there.date() else f" on {_day_month(here.date(), language)}"
    return f"local time: {city}; {clock}{day} in Poland"


def city_of(zone: str, language: str) -> str:
    """The city a zone is named after, as the language calls it: 'Kijów' for Europe/Kyiv."""
    cities = Locale(_names_of(language)).time_zones
    known = cities.get(_CLDR_ZONES.get(zone, zone)) or {}
    return str(known.get("city") or zone.rpartition("/")[2].replace("_", " "))


def machine_time(moment: datetime, zone: str) -> str:
    """The moment for `<time datetime>` and JSON-LD: '2026-10-26T12:00:00+01:00'."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _span(starts_at: datetime, ends_at: datetime, zone: str, all_day: bool) -> _Span:
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("starts_at and ends_at must be aware")
    starts = starts_at.astimezone(ZoneInfo(zone))
    ends = ends_at.astimezone(ZoneInfo(zone))
    last = max(starts.date(), _last_day(ends))
    runs_into_the_night = ends.time() < NIGHT_ENDS_AT and last - starts.date() == timedelta(days=1)
    if not all_day and runs_into_the_night and ends_at - starts_at < timedelta(hours=12):
        last = starts.date()
    return _Span(starts, ends, last, all_day)


def _last_day(local_end: datetime) -> date:
    """The day an end belongs to; midnight belongs to the day it closes."""
    if local_end.time() == time(0, 0):
        return local_end.date() - timedelta(days=1)
    return local_end.date()


def _names_of(language: str) -> str:
    return "pl" if language == "pl" else "en"


def _weekday(day: date, language: str) -> str:
    return str(get_day_names("wide", context="format", locale=_names_of(language))[day.weekday()])


def _weekday_range(span: _Span, language: str) -> str:
    if span.one_day:
        return _weekday(span.first, language)
    return f"{_weekday(span.first, language)}{_DASH}{_weekday(span.last, language)}"


def _month(day: date, language: str) -> str:
    return str(get_month_names("wide", context="format", locale=_names_of(language))[day.month])


def _day_month(day: date, language: str) -> str:
    return f"{day.day}{_NBSP}{_month(day, language)}"


def _long_date(day: date, language: str) -> str:
    year = f"{day.year}{_NBSP}r." if language == "pl" else str(day.year)
    return f"{_day_month(day, language)} {year}"


def _date_range(span: _Span, language: str) -> str:
    if span.first.year != span.last.year:
        return _joined_dates(span, language, _long_date)
    year = f"{span.last.year}{_NBSP}r." if language == "pl" else str(span.last.year)
    return f"{_date_range_without_year(span, language)} {year}"


def _date_range_without_year(span: _Span, language: str) -> str:
    if span.one_day:
        return _day_month(span.first, language)
    if (span.first.year, span.first.month) == (span.last.year, span.last.month):
        return f"{span.first.day}{_DASH}{_day_month(span.last, language)}"
    return _joined_dates(span, language, _day_month)


def _joined_dates(span: _Span, language: str, write: Callable[[date, str], str]) -> str:
    # Dates of several words take a spaced dash; the space before it is hard, so no line begins with a dash.
    return f"{write(span.first, language)}{_NBSP}{_DASH} {write(span.last, language)}"


def _clock(local: datetime, language: str) -> str:
    return f"{local.hour}{'.' if language == 'pl' else ':'}{local.minute:02d}"


def _clock_range(span: _Span, language: str) -> str:
    return f"{_clock(span.starts, language)}{_DASH}{_end_clock(span, language)}"


def _end_clock(span: _Span, language: str) -> str:
    if span.ends.time() == time(0, 0):
        return "24.00" if language == "pl" else "24:00"
    return _clock(span.ends, language)


def _at_hour(clock: str, language: str) -> str:
    return f"godz.{_NBSP}{clock}" if language == "pl" else clock


def _hours(span: _Span, language: str) -> str:
    if span.all_day:
        return ""
    if span.one_day:
        if span.starts == span.ends:
            return _at_hour(_clock(span.starts, language), language)
        return _at_hour(_clock_range(span, language), language)
    # '9.00–15.00' after two dates would read as 'each day from 9 to 15', so the two ends are named.
    starts, ends = _clock(span.starts, language), _end_clock(span, language)
    if language == "pl":
        return f"początek o{_NBSP}godz.{_NBSP}{starts}, zakończenie o{_NBSP}godz.{_NBSP}{ends}"
    return f"starts at {starts}, ends at {ends}"
