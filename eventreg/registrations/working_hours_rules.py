"""Times counted in the hours in which offices work: an offer of Friday afternoon does not die over the weekend.

Working hours are 8.00-16.00 from Monday to Friday in Warsaw, but for Polish public holidays (act of 18 January 1951 on
days free from work, which the `holidays` library knows year by year).
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

WARSAW = ZoneInfo("Europe/Warsaw")
OPENS = time(8, 0)
CLOSES = time(16, 0)


@lru_cache(maxsize=32)
def _free_days(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("PL", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in _free_days(day.year)


def after_working_hours(start: datetime, hours: int) -> datetime:
    """The moment when `hours` working hours have passed since `start` (both aware; UTC comes out)."""
    moment = start.astimezone(WARSAW)
    left = timedelta(hours=hours)
    while True:
        opens, closes = _at(moment.date(), OPENS), _at(moment.date(), CLOSES)
        if is_working_day(moment.date()) and moment < closes:
            moment = max(moment, opens)
            if left <= closes - moment:
                return (moment + left).astimezone(start.tzinfo)
            left -= closes - moment
        moment = _at(moment.date() + timedelta(days=1), OPENS)


def offer_deadline(now: datetime, hours: int, starts_at: datetime) -> datetime:
    """Until when an offered place is held: `hours` working hours, never past the start of the event."""
    return min(after_working_hours(now, hours), starts_at)


def _at(day: date, clock: time) -> datetime:
    """A wall-clock time in Warsaw; day times are never in the hour that a change of clocks repeats."""
    return datetime.combine(day, clock, WARSAW)
