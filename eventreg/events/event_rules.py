"""What an organiser may set of an event, what a change of it means.

Frozen values in, named values out. Lengths agree with the columns of `events/models.py` (there is a test).
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from eventreg.events.text_change_rules import is_substantive_change, is_substantive_title_change

KINDS = ("workshop", "training", "conference", "mission", "visit", "meeting", "exchange", "webinar")
STATES = ("draft", "published", "cancelled", "archived")

TITLE_LENGTH = 200
SUMMARY_LENGTH = 400
PROGRAMME_LENGTH = 20_000
AUDIENCE_LENGTH = 300
COST_LENGTH = 200
FUNDING_LENGTH = 400
PARTNERS_LENGTH = 400
VENUE_LENGTH = 200
POSTAL_CODE_LENGTH = 20
CITY_LENGTH = 100
URL_LENGTH = 500
ACCESSIBILITY_LENGTH = 4_000
PERSON_LENGTH = 200
EMAIL_LENGTH = 254
PHONE_LENGTH = 60
REASON_LENGTH = 400

LARGEST_CAPACITY = 100_000
DEFAULT_CAP_PER_ADDRESS = 10
LARGEST_CAP_PER_ADDRESS = 1_000
LONGEST_EVENT = timedelta(days=366)
"""A longer one is a typing mistake in the year."""

DEFAULT_ZONE = "Europe/Warsaw"
ZONES = (
    "Europe/Warsaw",
    *(f"Europe/{city}" for city in ("Athens", "Berlin", "Brussels", "Bucharest", "Chisinau", "Copenhagen")),
    *(f"Europe/{city}" for city in ("Dublin", "Helsinki", "Istanbul", "Kyiv", "Lisbon", "London", "Madrid")),
    *(f"Europe/{city}" for city in ("Paris", "Prague", "Riga", "Rome", "Sofia", "Stockholm", "Tallinn")),
    *(f"Europe/{city}" for city in ("Vienna", "Vilnius", "Zagreb", "Zurich")),
    *("Asia/Tbilisi", "Asia/Jerusalem", "Asia/Almaty", "Asia/Kolkata", "Asia/Shanghai", "Asia/Seoul"),
    *("Asia/Tokyo", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto"),
    "UTC",
)
"""Where local governments go on missions; the form offers these, an event may have any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFields:
    """Everything an organiser may set. Moments are aware; empty text means 'not told'."""

    slug: str
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    language: str = "pl"
    listed: bool = True
    series_id: int | None = None
    edition_id: int | None = None
    summary: str = ""
    programme: str = ""
    audience: str = ""
    cost: str = ""
    funding: str = ""
    partners: str = ""
    time_zone: str = DEFAULT_ZONE
    all_day: bool = False
    attendance: str = "place"
    venue: str = ""
    room: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    online_url: str = ""
    venue_accessibility: str = ""
    access_contact_until: datetime | None = None
    capacity: int | None = None
    sign_up_mode: str = "here"
    sign_up_url: str = ""
    sign_up_opens_at: datetime | None = None
    sign_up_closes_at: datetime | None = None
    cap_per_address: int = DEFAULT_CAP_PER_ADDRESS
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    responsible_person: str = ""
    editor_name: str = ""


FIELD_NAMES: tuple[str, ...] = tuple(field.name for field in fields(EventFields))


class ChangeKind(StrEnum):
    """What a change is about; the values stand in `EventChange.what`."""

    TIME = "time"
    PLACE = "place"
    ONLINE = "online"
    TITLE = "title"
    PROGRAMME = "programme"
    OTHER = "other"


FIELDS_OF_KIND: dict[ChangeKind, tuple[str, ...]] = {
    ChangeKind.TIME: ("starts_at", "ends_at", "time_zone", "all_day"),
    ChangeKind.PLACE: ("attendance", "venue", "room", "street", "postal_code", "city", "country"),
    ChangeKind.ONLINE: ("online_url",),
    ChangeKind.TITLE: ("title",),
    ChangeKind.PROGRAMME: ("programme",),
}
"""The fields of each kind; all others are OTHER."""

TOLD_TO_CALENDARS = frozenset(name for names in FIELDS_OF_KIND.values() for name in names) | {
    "summary",
    "audience",
    "slug",
}
"""What an entry in somebody's calendar shows, its text and link too: the event's SEQUENCE rises with it (calendar.md
12; RFC 5545, 3.8.7.4)."""

TOLD_BY_DEFAULT = frozenset({ChangeKind.TIME, ChangeKind.PLACE, ChangeKind.ONLINE})
"""Who does not hear of these stands before a closed door: 'tell the participants' is ticked."""

PUBLIC_KINDS = frozenset({ChangeKind.TIME, ChangeKind.PLACE, ChangeKind.TITLE, ChangeKind.PROGRAMME})
"""What the public register of changes names (duties.md); the online address is not public."""


@dataclass(frozen=True, slots=True)
class FieldsChange:
    """One kind of change: the names of the fields that differ, and the kind's values before and after.

    `before` and `after` hold all fields of the kind (of OTHER only those that differ), so that a line of the
    register can tell a whole place or a whole time.
    """

    kind: ChangeKind
    changed: tuple[str, ...]
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def is_public(self) -> bool:
        """Whether it belongs into the public register: a substantive change, not a corrected typo."""
        if self.kind not in PUBLIC_KINDS:
            return False
        if self.kind is ChangeKind.TITLE:
            return is_substantive_title_change(self.before["title"], self.after["title"])
        if self.kind is ChangeKind.PROGRAMME:
            return is_substantive_change(self.before["programme"], self.after["programme"])
        if self.kind is ChangeKind.PLACE:
            return any(is_substantive_change(str(self.before[name]), str(self.after[name])) for name in self.changed)
        return True


@dataclass(frozen=True, slots=True)
class EventDiff:
    """What differs between two states of an event, by kind, in the order of `ChangeKind`."""

    before: EventFields
    after: EventFields
    changes: tuple[FieldsChange, ...]

    @property
    def kinds(self) -> frozenset[ChangeKind]:
        """The kinds that changed."""
        return frozenset(change.kind for change in self.changes)

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """The names of all changed fields."""
        return tuple(name for change in self.changes for name in change.changed)

    @property
    def is_told_to_calendars(self) -> bool:
        """Whether the event's SEQUENCE has to rise."""
        return not TOLD_TO_CALENDARS.isdisjoint(self.changed_fields)

    @property
    def is_told_by_default(self) -> bool:
        """Whether 'tell the participants' is ticked before anybody decides."""
        return bool(self.kinds & TOLD_BY_DEFAULT)

    @property
    def public_changes(self) -> tuple[FieldsChange, ...]:
        """The changes that the public register names."""
        return tuple(change for change in self.changes if change.is_public)


def diff_event(before: EventFields, after: EventFields) -> EventDiff:
    """What changed, grouped by kind. Moments are compared as moments, whatever their offset."""
    different = [name for name in FIELD_NAMES if not _is_same(getattr(before, name), getattr(after, name))]
    grouped = {name for names in FIELDS_OF_KIND.values() for name in names}
    changes = []
    for kind in ChangeKind:
        if kind is ChangeKind.OTHER:
            changed = tuple(name for name in different if name not in grouped)
            shown = changed
        else:
            shown = FIELDS_OF_KIND[kind]
            changed = tuple(name for name in different if name in shown)
        if changed:
            changes.append(FieldsChange(kind, changed, _values(before, shown), _values(after, shown)))
    return EventDiff(before, after, tuple(changes))


def _is_same(before: object, after: object) -> bool:
    """Whether two values read the same: line ends and blanks around a text, which forms strip, do not count."""
    if isinstance(before, str) and isinstance(after, str):
        return before.replace("\r\n", "\n").strip() == after.replace("\r\n", "\n").strip()
    return before == after


def _values(source: EventFields, names: tuple[str, ...]) -> dict[str, Any]:
    """The named values as JSON can hold them; moments as ISO 8601."""
    values = {name: getattr(source, name) for name in names}
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def is_capacity_below_taken(capacity: int | None, places_taken: int) -> bool:
    """Whether fewer places are set than are taken: allowed (nobody is thrown out), but said."""
    return capacity is not None and capacity < places_taken
