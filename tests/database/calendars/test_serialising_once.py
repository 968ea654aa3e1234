"""calendar.md 16: an event is serialised once for each of its revisions and languages, and never for a subscriber."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from eventreg.calendars.event_feeds import entries_of, marks_of
from eventreg.calendars.feed import EventEntry, FeedEvent
from eventreg.calendars.feed_cache import feed_cache
from eventreg.calendars.feed_formats import ICALENDAR, FeedFormat
from eventreg.database import transaction
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_deleting import Deleted, remove_event
from eventreg.events.event_loading import fields_of
from eventreg.events.models import Event
from eventreg.events.queries import ListFilter
from eventreg.organisers.models import Organiser
from tests.factories import Factory


@dataclass
class Counting:
    """The iCalendar feed, which notes each event that it serialises."""

    serialised: list[str] = field(default_factory=list)

    @property
    def form(self) -> FeedFormat:
        return replace(ICALENDAR, name="counted", serialise=self._serialise)

    def _serialise(self, event: FeedEvent) -> EventEntry:
        self.serialised.append(event.uid)
        return ICALENDAR.serialise(event)

    def read(self, now: datetime, language: str = "pl", wanted: ListFilter | None = None) -> tuple[int, list[str]]:
        """How many events the feed has, and which of them were serialised for it."""
        self.serialised.clear()
        marks = marks_of(wanted or ListFilter(), now, ICALENDAR.keeps_past)
        return len(entries_of(marks, language, self.form)), sorted(self.serialised)


@pytest.fixture
def counting(each_database: object) -> Counting:
    cache = feed_cache()
    with cache.lock:
        cache.entries.clear()
    return Counting()


@pytest.fixture
def events(each_database: object, factory: Factory) -> list[Event]:
    office = factory.organiser(name="Urząd", slug="urzad")
    return [factory.event(office) for _ in range(20)]


def test_calendar_16_after_one_edit_one_event_is_serialised_anew(
    counting: Counting, events: list[Event], now: datetime
) -> None:
    uids = sorted(event.uid for event in events)
    assert counting.read(now) == (20, uids)
    for _subscriber in range(3):
        assert counting.read(now) == (20, [])
    edited = replace(fields_of(events[7]), title="Inny tytuł")
    assert isinstance(change_event(events[7].id, edited, events[7].revision, False, None, now), Changed)
    assert counting.read(now) == (20, [events[7].uid])
    assert counting.read(now) == (20, [])
    cancel_event(events[3].id, "", None, now)
    assert counting.read(now) == (20, [events[3].uid])
    assert isinstance(remove_event(events[5].id, None, now), Deleted)
    assert counting.read(now) == (19, [])


def test_calendar_16_a_new_event_is_the_only_one_serialised(
    counting: Counting, events: list[Event], factory: Factory, now: datetime
) -> None:
    counting.read(now)
    office = factory.organiser(name="Inny urząd")
    new = factory.event(office, starts_at=now + timedelta(days=3), ends_at=now + timedelta(days=3, hours=1))
    assert counting.read(now) == (21, [new.uid])
    assert len(events) == 20


def test_calendar_16_every_feed_uses_the_same_bytes(counting: Counting, events: list[Event], now: datetime) -> None:
    assert counting.read(now, wanted=ListFilter(kind="workshop")) == (20, sorted(event.uid for event in events))
    assert counting.read(now) == (20, [])


def test_calendar_16_what_an_entry_tells_besides_its_event_counts_too(
    counting: Counting, events: list[Event], now: datetime
) -> None:
    uids = sorted(event.uid for event in events)
    counting.read(now)
    assert counting.read(now, "en") == (20, uids)
    assert counting.read(now, "en") == (20, [])
    with transaction() as session:
        session.get_one(Organiser, events[0].organiser_id).name = "Nowa nazwa"
    assert counting.read(now) == (20, uids)
