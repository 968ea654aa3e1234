"""The public register of changes, and lists of what a change replaces, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from eventreg.events.event_rules import ChangeKind, EventDiff
from eventreg.events.event_words import (
    ATTENDANCE_WORDS,
    CHANGE_WORDS,
    FIELD_WORDS,
    KIND_WORDS,
    SIGN_UP_MODE_WORDS,
)
from eventreg.events.models import Event
from eventreg.events.when_rules import HOME_ZONE, machine_time, timestamp, when_in_full
from eventreg.i18n import LANGUAGES

_CHOICES: dict[str, Any] = {
    "kind": KIND_WORDS,
    "attendance": ATTENDANCE_WORDS,
    "sign_up_mode": SIGN_UP_MODE_WORDS,
    "language": LANGUAGES,
}
_LONG_TEXTS = frozenset({"programme", "venue_accessibility"})
_ROW_NUMBERS = frozenset({"series_id", "edition_id"})


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of the register. `before` and `after` may be empty: then `words` say all."""

    at: str
    at_for_machines: str
    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """The 'metryczka': moments in words ('' when it was never published) and the register, newest line first."""

    created: str
    published: str
    updated: str
    changes: list[RegisterLine]


@dataclass(frozen=True, slots=True)
class ReplacedValue:
    """One field of an event: its label, what stood there and what stands there now ('' for long texts)."""

    label: str
    before: str
    after: str
    is_long: bool = False


def publication_record(event: Event, language: str) -> PublicationRecord | None:
    """The publication record of an event; None where the organiser switched it off (an NGO may)."""
    if not event.organiser.has_publication_record:
        return None
    return PublicationRecord(
        created=timestamp(event.created_at, HOME_ZONE, language),
        published=timestamp(event.published_at, HOME_ZONE, language) if event.published_at else "",
        updated=timestamp(event.updated_at, HOME_ZONE, language),
        changes=register_lines(event, language),
    )


def register_lines(event: Event, language: str) -> list[RegisterLine]:
    """The public register of an event, newest first; times on the Polish clock."""
    return [
        RegisterLine(
            at=timestamp(change.at, HOME_ZONE, language),
            at_for_machines=machine_time(change.at, HOME_ZONE),
            words=CHANGE_WORDS.get(change.what, change.what),
            before=_told(change.what, change.before, language),
            after=_told(change.what, change.after, language),
        )
        for change in event.changes
    ]


def replaced_values(diff: EventDiff, language: str) -> list[ReplacedValue]:
    """What a change replaces, field by field, in the order of the kinds of change."""
    return [
        ReplacedValue(
            label=FIELD_WORDS[name],
            before=_value(name, getattr(diff.before, name), diff.before.time_zone, language),
            after=_value(name, getattr(diff.after, name), diff.after.time_zone, language),
            is_long=name in _LONG_TEXTS,
        )
        for name in diff.changed_fields
    ]


def _told(what: str, values: dict[str, Any] | None, language: str) -> str:
    if not values:
        return ""
    if what == ChangeKind.TIME:
        return when_in_full(
            datetime.fromisoformat(values["starts_at"]),
            datetime.fromisoformat(values["ends_at"]),
            values["time_zone"],
            language,
            all_day=values["all_day"],
        )
    if what == ChangeKind.PLACE:
        return place_in_words(values)
    return str(values.get("title", "")) if what == ChangeKind.TITLE else ""


def place_in_words(values: dict[str, Any]) -> str:
    """A place in one line: 'Urząd Miasta, sala 2, ul. 3 Maja 72, 32-100 Proszowice'; 'Online' without one."""
    town = " ".join(part for part in (values["postal_code"], values["city"]) if part)
    lines = [values["venue"], values["room"], values["street"], town, values["country"]]
    if values["attendance"] != "place":
        lines.append(str(ATTENDANCE_WORDS["online"]))
    return ", ".join(line for line in lines if line)


def _value(name: str, value: Any, zone: str, language: str) -> str:
    if name in _LONG_TEXTS or name in _ROW_NUMBERS:
        return ""
    if isinstance(value, datetime):
        return timestamp(value, zone, language)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return _("nothing")
    return str(_CHOICES[name][value]) if name in _CHOICES else str(value)
