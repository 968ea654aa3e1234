"""When an event is, as iCalendar tells it: local time with a VTIMEZONE, or UTC, or whole days.

calendar.md 7 and 14. icalendar's own VTIMEZONE lists RDATEs and a COMMENT: ours has two yearly rules.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_MARCH, _OCTOBER = 3, 10
_CHANGE_HOUR_UTC = 1
"""Directive 2000/84/EC: summer time changes at 01:00 UTC on the last Sunday of March and of October."""
_FIRST_YEAR = 1970


class EndBeforeStartError(ValueError):
    """An event that ends before it begins has no place in a calendar."""


@dataclass(frozen=True, slots=True)
class EventTimes:
    """When an event is: two moments (aware) and the time zone of its place.

    Of an all-day event only the local dates count; `ends_at` lies within its last day, or at the midnight
    that ends it.
    """

    starts_at: datetime
    ends_at: datetime
    timezone: str = "Europe/Warsaw"
    all_day: bool = False

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if self.ends_at < self.starts_at:
            raise EndBeforeStartError


def calendar_bounds(times: EventTimes) -> tuple[date | datetime, date | datetime]:
    """DTSTART and DTEND: two dates (the end exclusive), two local times with their zone, or two UTC times."""
    zone = ZoneInfo(times.timezone)
    if times.all_day:
        first = times.starts_at.astimezone(zone).date()
        end = times.ends_at.astimezone(zone)
        last = end.date() if end.time() != time.min else end.date() - timedelta(days=1)
        return first, max(first, last) + timedelta(days=1)
    if zone_to_describe(times) is None:
        return times.starts_at.astimezone(UTC), times.ends_at.astimezone(UTC)
    return times.starts_at.astimezone(zone), times.ends_at.astimezone(zone)


def zone_to_describe(times: EventTimes) -> str | None:
    """The zone whose VTIMEZONE must stand beside this event; None when UTC or dates are written.

    The hour that comes twice in October is told in UTC, both times: RFC 5545 3.3.5 takes its local time for the first
    coming, ical.js, node-ical, libical and khal for the second.
    """
    if times.all_day:
        return None
    zone = ZoneInfo(times.timezone)
    bounds = (times.starts_at.astimezone(zone), times.ends_at.astimezone(zone))
    if any(_comes_twice(bound) for bound in bounds):
        return None
    return times.timezone if all(_keeps_european_rule(times.timezone, b.year) for b in bounds) else None


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@lru_cache(maxsize=64)
def vtimezone_bytes(timezone: str) -> bytes:
    """The VTIMEZONE of a zone that keeps the European summer time: two yearly RRULEs and nothing else."""
    zone = ZoneInfo(timezone)
    component = Timezone()
    component.add("tzid", timezone)
    winter, summer = datetime(2026, 1, 15, tzinfo=zone), datetime(2026, 7, 15, tzinfo=zone)
    changes = (
        (TimezoneDaylight(), _MARCH, winter, summer),
        (TimezoneStandard(), _OCTOBER, summer, winter),
    )
    for part, month, before, after in changes:
        offset_before, offset_after = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
        onset = _change_in(_FIRST_YEAR, month).replace(tzinfo=None) + offset_before
        part.add("dtstart", onset)
        part.add("tzname", after.tzname() or timezone)
        part.add("tzoffsetfrom", offset_before)
        part.add("tzoffsetto", offset_after)
        part.add("rrule", vRecur({"FREQ": ["YEARLY"], "BYMONTH": [month], "BYDAY": ["-1SU"]}))
        component.add_component(part)
    return bytes(component.to_ical())


@lru_cache(maxsize=1024)
def _keeps_european_rule(timezone: str, year: int) -> bool:
    """True when in that year the zone changes its clock exactly by the European rule."""
    zone = ZoneInfo(timezone)
    spring, autumn = _change_in(year, _MARCH), _change_in(year, _OCTOBER)
    second = timedelta(seconds=1)
    winter = (spring - second).astimezone(zone).utcoffset()
    summer = spring.astimezone(zone).utcoffset()
    if winter is None or summer is None or summer - winter != timedelta(hours=1):
        return False
    if winter != datetime(2026, 1, 15, tzinfo=zone).utcoffset():
        return False
    return (
        (autumn - second).astimezone(zone).utcoffset() == summer
        and autumn.astimezone(zone).utcoffset() == winter
        and datetime(year, 1, 1, tzinfo=zone).utcoffset() == winter
        and datetime(year, 12, 31, tzinfo=zone).utcoffset() == winter
    )


def _change_in(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month that has 31 days."""
    last = datetime(year, month, 31, _CHANGE_HOUR_UTC, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
