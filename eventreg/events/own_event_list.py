"""The organiser's own events for the panel: light rows, grouped by what there is to do with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from eventreg.database import db
from eventreg.events.listing_rules import matches_search
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser
from eventreg.registrations.models import Registration


class OwnGroup(StrEnum):
    """The lists of the panel."""

    UPCOMING = "upcoming"
    DRAFTS = "drafts"
    PAST = "past"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """One row of the list; `places_taken` of `capacity` (None: no limit).

    `waiting` people are in line, `undecided` ones wait for the organiser's decision.
    """

    id: int
    slug: str
    title: str
    state: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    all_day: bool
    attendance: str
    city: str
    capacity: int | None
    places_taken: int
    sign_up_mode: str
    organiser_id: int
    organiser_name: str
    waiting: int
    undecided: int

    def group(self, now: datetime) -> OwnGroup:
        """The list it stands in at `now`."""
        if self.state == "archived":
            return OwnGroup.ARCHIVE
        if self.state == "draft":
            return OwnGroup.DRAFTS
        return OwnGroup.UPCOMING if self.ends_at > now else OwnGroup.PAST


_COLUMNS = (
    *(Event.id, Event.slug, Event.title, Event.state, Event.kind, Event.starts_at, Event.ends_at, Event.time_zone),
    *(Event.all_day, Event.attendance, Event.city, Event.capacity, Event.places_taken, Event.sign_up_mode),
    *(Event.organiser_id, Organiser.name.label("organiser_name"), Event.waiting_count.label("waiting")),
    select(func.count())
    .where(Registration.event_id == Event.id, Registration.state == "pending")
    .correlate(Event)
    .scalar_subquery()
    .label("undecided"),
)


def own_events(organiser_ids: Sequence[int], words: Sequence[str], now: datetime) -> dict[OwnGroup, list[OwnEvent]]:
    """All events of these organisers that contain the searched words, by list: what comes next first, the past
    with the latest first.

    The search compares folded text here and not in the database, because SQLite knows neither case nor diacritics
    of Polish letters; an office has hundreds of events, not millions.
    """
    rows = db.session.execute(
        select(*_COLUMNS)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .where(Event.organiser_id.in_(organiser_ids))
        .order_by(Event.starts_at, Event.id)
    )
    groups: dict[OwnGroup, list[OwnEvent]] = {group: [] for group in OwnGroup}
    for row in rows:
        event = OwnEvent(**row._mapping)
        if not words or matches_search(words, (event.title, event.city, event.organiser_name)):
            groups[event.group(now)].append(event)
    for group in (OwnGroup.PAST, OwnGroup.ARCHIVE):
        groups[group].reverse()
    return groups
