"""When an event of a foreign calendar is: from its DTSTART, DTEND and DURATION, and the name of a zone only.

A VTIMEZONE of a stranger is never evaluated and a rule of repetition never expanded (calendar.md 17): a crafted one
keeps a library busy for longer than a worker may be.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from eventreg.calendars.time_zone_rules import EventTimes
from eventreg.events.when_rules import HOME_ZONE

LONGEST_EVENT = timedelta(days=366)
"""Longer ones are not events but standing notices or mistakes."""

_UTC_NAME = "Etc/UTC"
_MACHINE_ZONES = ("posix", "right/", "localtime", "Factory")
"""Files beside the zones on some systems: what they say depends on the machine."""

_ONE_DAY = timedelta(days=1)
_DATE = re.compile(r"(?:19|20)[0-9]{6}")
_MOMENT = re.compile(r"(?:19|20)[0-9]{6}T[0-9]{6}Z?")
_DURATION = re.compile(
    r"\+?P(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,8})M)?(?:(?P<seconds>[0-9]{1,9})S)?)?"
)
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")


class UnusableTimesError(ValueError):
    """An event that is at no time a calendar could show."""


@dataclass(frozen=True, slots=True)
class TimeProperty:
    """DTSTART or DTEND as it stands: its value, and TZID if it names one."""

    value: str
    zone: str = ""


def event_times(start: TimeProperty, end: TimeProperty | None, duration: str) -> EventTimes:
    """When the event is. Raises UnusableTimesError.

    A time without a zone is Polish time. A zone is known by its IANA name (also behind a prefix such as
    '/mozilla.org/20050126_1/') or by Windows' name. Of any other only the calendar's own VTIMEZONE could tell what it
    means: such an event is shown with its days and without hours, for a wrong hour is worse than none. Moments in UTC
    are shown in Polish time.
    """
    first = _read(start.value)
    last = _read(end.value) if end is not None else _after(first, duration)
    if isinstance(first, datetime) != isinstance(last, datetime):
        raise UnusableTimesError
    if isinstance(first, datetime) and isinstance(last, datetime):
        begins, ends = _zoned(first, start.zone), _zoned(last, end.zone if end is not None else start.zone)
        if begins is None or ends is None:
            # As they stand: one of them may be in UTC, the other in a zone that is not known.
            ends_at_midnight = last.time() == time.min and last.replace(tzinfo=None) > first.replace(tzinfo=None)
            return _whole_days(first.date(), last.date() if ends_at_midnight else last.date() + _ONE_DAY)
        zone = HOME_ZONE if begins.tzinfo is UTC else str(begins.tzinfo)
        return _checked(begins.astimezone(UTC), ends.astimezone(UTC), zone, all_day=False)
    return _whole_days(first, last if last != first else first + _ONE_DAY)  # a day that ends on itself is that day


def first_day(value: str) -> str:
    """The day of a DTSTART as 'YYYYMMDD', without parsing it; '' when it is not a time at all."""
    return value[:8] if _DATE.fullmatch(value) or _MOMENT.fullmatch(value) else ""


@lru_cache(maxsize=256)
def known_zone(name: str) -> str | None:
    """The IANA name of a zone that a calendar names; None when only its own VTIMEZONE could tell."""
    plain = name.strip().strip('"')
    if plain in WINDOWS_TO_OLSON:
        plain = WINDOWS_TO_OLSON[plain]
    if plain.startswith("/"):
        plain = "/".join(plain.split("/")[-2:])
    if plain.upper().removeprefix("ETC/") in ("UTC", "GMT", "UCT", "ZULU", "Z"):
        return _UTC_NAME
    if not _ZONE_NAME.fullmatch(plain) or plain.startswith(_MACHINE_ZONES):
        return None
    try:
        ZoneInfo(plain)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return plain


def _read(value: str) -> date | datetime:
    """Naive unless it stands in UTC."""
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
        if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError as error:
        raise UnusableTimesError from error
    raise UnusableTimesError


def _after(first: date | datetime, duration: str) -> date | datetime:
    """The end of an event that has none: after its duration; without one at once, or at the end of its day."""
    if not duration:
        return first if isinstance(first, datetime) else first + _ONE_DAY
    parts = _DURATION.fullmatch(duration)
    if parts is None:
        raise UnusableTimesError
    lasts = timedelta(**{unit: int(number) for unit, number in parts.groupdict().items() if number})
    if lasts > LONGEST_EVENT:
        raise UnusableTimesError
    return first + (lasts if isinstance(first, datetime) else timedelta(days=max(lasts.days, 1)))


def _zoned(moment: datetime, zone: str) -> datetime | None:
    """The moment with its zone; None when the zone is not known."""
    if moment.tzinfo is not None:
        return moment
    name = known_zone(zone) if zone else HOME_ZONE
    if name is None:
        return None
    return moment.replace(tzinfo=UTC if name == _UTC_NAME else ZoneInfo(name))


def _whole_days(first: date, after: date) -> EventTimes:
    """As the site keeps its own all-day events: from midnight to the midnight that ends the last day, Polish time."""
    zone = ZoneInfo(HOME_ZONE)
    return _checked(
        datetime.combine(first, time.min, zone).astimezone(UTC),
        datetime.combine(after, time.min, zone).astimezone(UTC),
        HOME_ZONE,
        all_day=True,
    )


def _checked(starts_at: datetime, ends_at: datetime, zone: str, *, all_day: bool) -> EventTimes:
    if ends_at < starts_at or ends_at - starts_at > LONGEST_EVENT + _ONE_DAY:
        raise UnusableTimesError
    return EventTimes(starts_at, ends_at, zone, all_day)
