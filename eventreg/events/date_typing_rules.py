"""Dates and times as organisers type them, read into moments and written back for editing.

A day is '26.10.2026', '26-10-2026', '26/10/2026', '2026-10-26' or '26 października 2026'; a time of day
'12.00', '12:00' or '12'. Both are of the event's own zone; what comes out is an aware datetime in UTC.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

EARLIEST_YEAR = 1990
LATEST_YEAR = 2100
"""Years outside are typing mistakes; past events are entered too, so the past is open."""

_DAY_FIRST = re.compile(r"(\d{1,2})([.\-/])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_IN_WORDS = re.compile(r"(\d{1,2})\.?\s+([^\W\d]+)\s+(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")


class TypingRefusal(Enum):
    """Why something typed cannot be taken; the form says it in words beside the field."""

    EMPTY = "empty"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"  # 31.02.2026
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    NOT_A_TIME = "not_a_time"
    SKIPPED_HOUR = "skipped_hour"  # the clocks go forward over it
    END_NOT_AFTER_START = "end_not_after_start"


def read_date(typed: str) -> date | TypingRefusal:
    """The day that was typed, or why it is none."""
    text = " ".join(typed.split()).casefold()
    text = text.removesuffix("roku").removesuffix("r.").removesuffix("r").rstrip(" .,")
    if not text:
        return TypingRefusal.EMPTY
    numbers = _numbers_of_date(text)
    if numbers is None:
        return TypingRefusal.NOT_A_DATE
    year, month, day = numbers
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return TypingRefusal.YEAR_OUT_OF_RANGE
    try:
        return date(year, month, day)
    except ValueError:
        return TypingRefusal.NO_SUCH_DAY


def read_clock(typed: str) -> time | TypingRefusal:
    """The time of day that was typed, or why it is none.

    '9.5' is refused: it might be 9.05 or half past nine.
    """
    text = "".join(typed.split()).casefold().removeprefix("godz.").removeprefix("godz")
    if not text:
        return TypingRefusal.EMPTY
    found = _CLOCK.fullmatch(text)
    if found is None or not text.isascii():
        return TypingRefusal.NOT_A_TIME
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else TypingRefusal.NOT_A_TIME


def moment_of(day: date, clock: time, zone: str) -> datetime | TypingRefusal:
    """The moment in UTC when the clocks of `zone` show this. SKIPPED_HOUR when they never do.

    An hour that comes twice in autumn means its first coming (summer time).
    """
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        return TypingRefusal.SKIPPED_HOUR
    return moment


def all_day_span(first: date, last: date, zone: str) -> tuple[datetime, datetime] | TypingRefusal:
    """Whole days as moments in UTC: from midnight to the midnight after the last day."""
    if last < first:
        return TypingRefusal.END_NOT_AFTER_START
    day_after = last + timedelta(days=1)
    starts = datetime.combine(first, time(), tzinfo=ZoneInfo(zone))
    ends = datetime.combine(day_after, time(), tzinfo=ZoneInfo(zone))
    return starts.astimezone(UTC), ends.astimezone(UTC)


def check_order(starts_at: datetime, ends_at: datetime) -> TypingRefusal | None:
    """END_NOT_AFTER_START unless the end comes after the start."""
    return None if ends_at > starts_at else TypingRefusal.END_NOT_AFTER_START


def typed_date(moment: datetime, zone: str) -> str:
    """The day as it stands in the form's field: '26.10.2026'."""
    return f"{moment.astimezone(ZoneInfo(zone)):%d.%m.%Y}"


def typed_clock(moment: datetime, zone: str, language: str) -> str:
    """The time of day as it stands in the form's field: '12.00' in Polish, '12:00' elsewhere."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour}{'.' if language == 'pl' else ':'}{local.minute:02d}"


def typed_last_day(ends_at: datetime, zone: str) -> str:
    """The last day of an all-day event, whose end is the midnight after it."""
    local = ends_at.astimezone(ZoneInfo(zone))
    if local.time() == time():
        local -= timedelta(days=1)
    return f"{local:%d.%m.%Y}"


def _numbers_of_date(text: str) -> tuple[int, int, int] | None:
    if not text.isascii() and _IN_WORDS.fullmatch(text) is None:
        return None  # digits of other scripts
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _IN_WORDS.fullmatch(text):
        month = _month_named(found[2])
        return (int(found[3]), month, int(found[1])) if month else None
    return None


def _month_named(word: str) -> int | None:
    for language in ("pl", "en"):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = get_month_names(width, context=context, locale=language)
                for number, name in names.items():
                    if name.casefold() == word:
                        return int(number)
    return None
