"""What every page about one event in the panel shows: its head with state, time, place, figures and tabs."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from eventreg.events.change_register import place_in_words
from eventreg.events.event_life_rules import PublishingObstacle, PublishingWarning, publishing_warnings
from eventreg.events.event_loading import fields_of
from eventreg.events.event_publishing import obstacles_of
from eventreg.events.event_words import (
    KIND_WORDS,
    OBSTACLE_WORDS,
    STATE_TONES,
    STATE_WORDS,
    WARNING_WORDS,
)
from eventreg.events.models import Event
from eventreg.events.when_rules import when_in_full


def event_page_words(event: Event, now: datetime, language: str) -> dict[str, Any]:
    """What `templates/panel/_event_head.html` and the side summary want to know of an event."""
    obstacles = obstacles_of(event, now) if event.state == "draft" else ()
    return {
        "event": event,
        "kind_words": KIND_WORDS[event.kind],
        "state_words": STATE_WORDS[event.state],
        "state_tone": STATE_TONES[event.state],
        "is_over": event.ends_at <= now,
        "when": when_in_full(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        "where": place_in_words(_place(event)),
        "obstacles": [OBSTACLE_WORDS[obstacle] for obstacle in obstacles],
        "lacks_clause": PublishingObstacle.NO_CLAUSE in obstacles,
        "warnings": [WARNING_WORDS[warning] for warning in warnings_of(event)],
    }


def warnings_of(event: Event) -> tuple[PublishingWarning, ...]:
    """What should be told on the event's page and is not yet there."""
    return publishing_warnings(fields_of(event), event.organiser.has_publication_record)


def editing_sections() -> list[tuple[str, str]]:
    """The sections of the form, as (id, title), for the list of contents beside it."""
    return [
        ("what", _("About the event")),
        ("when", _("When")),
        ("where", _("Where")),
        ("sign-up", _("Sign-up")),
        ("programme-section", _("Programme")),
        ("accessibility", _("Accessibility")),
        ("people", _("People and record")),
        ("more", _("More settings")),
    ]


def _place(event: Event) -> dict[str, Any]:
    names = ("attendance", "venue", "room", "street", "postal_code", "city", "country")
    return {name: getattr(event, name) for name in names}
