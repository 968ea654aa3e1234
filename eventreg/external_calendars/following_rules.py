"""Following somebody else's calendar: how many, how often one may ask for a look, and what may be shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_CALENDARS = 20
"""Calendars that one organiser may follow: each of them is fetched by us, again and again."""

LOOK_AGAIN_AFTER = timedelta(minutes=1)
"""How long after a look, or after asking for one, the next may be asked for: the source is somebody's server."""

EVENTS_PER_PAGE = 50
"""Events of a calendar on one page of the panel."""

NAME_LENGTH, ADDRESS_LENGTH, WORDS_LENGTH = 200, 500, 400
"""Characters that the columns hold."""


@dataclass(frozen=True, slots=True)
class CalendarFields:
    """What an organiser says of a calendar. `feed_url` as typed; `kind` None: its events are in no kind's list."""

    name: str
    feed_url: str
    page_url: str = ""
    kind: str | None = None
    shows: str = "by_hand"
    words: str = ""


def may_look_again(checked_at: datetime | None, next_check_at: datetime, now: datetime) -> bool:
    """Whether a look may be asked for: the last one is a while ago, and none is due already."""
    is_due = next_check_at <= now
    return not is_due and (checked_at is None or now - checked_at >= LOOK_AGAIN_AFTER)
