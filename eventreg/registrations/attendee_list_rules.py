"""The panel's list of registrations: how long its pages are, and what its chart shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from eventreg.registrations.standing_rules import STATES

ROWS_PER_PAGE = 50
CATEGORIES = ("participant", "speaker", "guest", "media")
"""What a person may be at an event."""

CHANNELS = ("telephone", "letter", "mail", "in_person", "walk_in")
"""How somebody came whom the organiser signed up by hand."""

LONGEST_TITLE = 60
LONGEST_CASE_NUMBER = 60
LONGEST_NOTE = 2_000
LONGEST_REASON = 400

CHART_DAYS = 14
EMPTY_ROWS_ON_PAPER = 5
"""Rows at the end of the attendance sheet for people who come without having signed up."""

LARGEST_CAP_PER_ADDRESS = 1_000

_BAR_HEIGHT = 52
_SMALLEST_BAR = 1


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart: how many signed up, and where its bar stands in a box of 280 by 56 units."""

    day: date
    count: int
    x: int
    y: int
    height: int


def first_day_of_chart(now: datetime, zone: str) -> datetime:
    """The midnight from which on the chart counts."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=CHART_DAYS - 1)
    return datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))


def sign_ups_per_day(moments: Iterable[datetime], now: datetime, zone: str) -> list[Bar]:
    """The last `CHART_DAYS` days, the last one being today on the clock of `zone`; days without anybody
    too."""
    counted = Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments)
    first = first_day_of_chart(now, zone).date()
    days = [first + timedelta(days=number) for number in range(CHART_DAYS)]
    most = max((counted[day] for day in days), default=0)
    return [_bar(number, day, counted[day], most) for number, day in enumerate(days)]


def read_page(text: str, pages: int) -> int:
    """The page asked for, kept within 1 and `pages`; 1 for anything that is no number."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(asked, 1), pages)


def read_state(text: str) -> str | None:
    """The state asked for, None (all) for anything unknown."""
    return text if text in STATES else None


def read_category(text: str) -> str | None:
    """The category asked for, None (all) for anything unknown."""
    return text if text in CATEGORIES else None


def read_ids(texts: Iterable[str]) -> list[int]:
    """The chosen people's ids, each once, in their order; whatever is no id is passed over."""
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]
    return list(dict.fromkeys(ids))


def read_seen(text: str) -> datetime | None:
    """When the page was made from which a decision comes; None for what is no moment, which then guards nothing."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _bar(number: int, day: date, count: int, most: int) -> Bar:
    height = max(_SMALLEST_BAR, round(_BAR_HEIGHT * count / most)) if most else _SMALLEST_BAR
    return Bar(day, count, x=number * 20, y=56 - height, height=height)
