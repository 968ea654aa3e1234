"""From when on it can be said who came: pure rules."""

from datetime import datetime
from zoneinfo import ZoneInfo


def is_day_of_event(starts_at: datetime, zone: str, now: datetime) -> bool:
    """Whether the day of the event has begun on the clock of its `zone`: people arrive before the first session."""
    return now.astimezone(ZoneInfo(zone)).date() >= starts_at.astimezone(ZoneInfo(zone)).date()
