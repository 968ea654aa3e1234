"""Rows of the public lists, with their words: upcoming events, the archive, a series, an organiser."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask_babel import lazy_gettext, lazy_pgettext

from eventreg.events import listing_rules
from eventreg.events.event_words import KIND_WORDS
from eventreg.events.listing_rules import EventLabel, event_label
from eventreg.events.models import Event
from eventreg.events.queries import window_of
from eventreg.events.sign_up_window_rules import places_of, sign_up_status
from eventreg.events.when_rules import DayBlock, day_block, machine_time, month_heading, month_of

LABEL_WORDS: dict[EventLabel, str] = {
    EventLabel.PLACES_FREE: lazy_gettext("Places free"),
    EventLabel.PLACES_LAST: lazy_gettext("Last places"),
    EventLabel.PLACES_NONE: lazy_gettext("No places left"),
    EventLabel.OPEN: lazy_gettext("Sign-up open"),
    EventLabel.WAITING: lazy_gettext("Waiting list"),
    EventLabel.NOT_YET: lazy_gettext("Sign-up opens soon"),
    EventLabel.CLOSED: lazy_gettext("Sign-up closed"),
    EventLabel.ELSEWHERE: lazy_gettext("Sign-up at the organiser's"),
    EventLabel.OPEN_ENTRY: lazy_gettext("No sign-up needed"),
    EventLabel.CANCELLED: lazy_gettext("Event cancelled"),
    EventLabel.PAST: lazy_gettext("The event is over"),
}

LABEL_TONES = {
    EventLabel.PLACES_FREE: "good",
    EventLabel.PLACES_LAST: "last",
    EventLabel.PLACES_NONE: "quiet",
    EventLabel.OPEN: "good",
    EventLabel.WAITING: "last",
    EventLabel.NOT_YET: "info",
    EventLabel.CLOSED: "quiet",
    EventLabel.ELSEWHERE: "info",
    EventLabel.OPEN_ENTRY: "good",
    EventLabel.CANCELLED: "bad",
    EventLabel.PAST: "quiet",
}
"""The colour of each label's tag (templates/macros/page.html, state_tag)."""

KINDS_WORDS: dict[str, str] = {
    "workshop": lazy_pgettext("kinds of events", "Workshops"),
    "training": lazy_pgettext("kinds of events", "Training courses"),
    "conference": lazy_pgettext("kinds of events", "Conferences"),
    "mission": lazy_pgettext("kinds of events", "Economic missions"),
    "visit": lazy_pgettext("kinds of events", "Visits"),
    "meeting": lazy_pgettext("kinds of events", "Meetings"),
    "exchange": lazy_pgettext("kinds of events", "Exchanges"),
    "webinar": lazy_pgettext("kinds of events", "Webinars"),
}
"""Kinds in the plural, for filters."""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """One row: the event, its day block, and the label (None in the archive, where nothing is open)."""

    is_external: ClassVar[bool] = False

    event: Event
    day: DayBlock
    starts: str  # for <time datetime>
    kind: str
    label: EventLabel | None

    @property
    def label_words(self) -> str | None:
        """The label as the page says it."""
        return LABEL_WORDS[self.label] if self.label else None

    @property
    def label_tone(self) -> str:
        """The colour of the label."""
        return LABEL_TONES[self.label] if self.label else ""

    @property
    def month(self) -> tuple[int, int]:
        """The year and month under which it stands."""
        return month_of(self.event.starts_at, self.event.time_zone)


@dataclass(frozen=True, slots=True)
class ListedExternal:
    """One row of somebody else's calendar: it leads straight to its source, and nobody signs up for it here."""

    is_external: ClassVar[bool] = True

    title: str
    link: str  # http(s)
    place: str
    source: str  # the calendar's name
    kind: str  # '' when the calendar has none
    cancelled: bool
    month: tuple[int, int]
    day: DayBlock
    starts: str


Listed = ListedEvent | ListedExternal


@dataclass(frozen=True, slots=True)
class ListedMonth:
    """A month of the list: its heading ('grudzień 2026') and its rows."""

    heading: str
    rows: list[Listed]


def label_of(event: Event, now: datetime) -> EventLabel:
    """The one word that the lists and the event page say of the event."""
    return event_label(sign_up_status(window_of(event), now), places_of(event.capacity, event.places_taken))


def months_of(events: Sequence[Event], language: str, now: datetime) -> list[ListedMonth]:
    """The events, in the order given, under the headings of their months."""
    return by_months([row_of(event, language, now) for event in events], language)


def by_months(rows: Iterable[Listed], language: str) -> list[ListedMonth]:
    """The rows, in the order given, under the headings of their months."""
    groups = listing_rules.by_month(rows, lambda row: row.month)
    return [ListedMonth(month_heading(*month, language), members) for month, members in groups]


def row_of(event: Event, language: str, now: datetime) -> ListedEvent:
    """One row of a list."""
    label = label_of(event, now)
    return ListedEvent(
        event=event,
        day=day_block(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        starts=machine_time(event.starts_at, event.time_zone),
        kind=KIND_WORDS[event.kind],
        label=None if label is EventLabel.PAST else label,
    )
