"""Which events an address asks for: the filters of lists, calendars and feeds, read in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from eventreg.events.event_words import KIND_WORDS
from eventreg.events.listed_events import KINDS_WORDS
from eventreg.events.listing_rules import LONGEST_SEARCH, read_month, search_words
from eventreg.events.queries import ListFilter, cities_called
from eventreg.events.when_rules import month_heading
from eventreg.organisers.queries import organiser_by_slug
from eventreg.series.queries import series_by_slug

FILTERS = ("kind", "series", "organiser", "city", "month", "q")
"""What an address may ask by; anything else in it is ignored."""

NOTHING = -1
"""An id that no row has: a filter by an unknown series or organiser finds nothing."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the filter, the arguments that were understood, and the names to say it by.

    `is_unknown`: it names a kind, series, organiser or city that there is not.
    """

    wanted: ListFilter = field(default_factory=ListFilter)
    arguments: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    is_unknown: bool = False

    def by(self, argument: str, value: str, name: str = "", *, is_unknown: bool = False, **wanted: object) -> "Asked":
        """The same with one more filter."""
        return Asked(
            replace(self.wanted, **wanted),  # type: ignore[arg-type]  # names of its fields
            {**self.arguments, argument: value},
            [*self.names, name] if name else self.names,
            self.is_unknown or is_unknown,
        )


def read_asked(given: Mapping[str, str], language: str) -> Asked:
    """The filters of an address. What cannot be understood is left out; an unknown name finds nothing.

    The kind's words are not among the names: lists show kinds as choices of their own.
    """
    asked = Asked()
    kind = given.get("kind", "")
    if kind in KIND_WORDS:
        asked = asked.by("kind", kind, kind=kind)
    elif kind:
        asked = replace(asked, is_unknown=True)
    if slug := given.get("series", ""):
        series = series_by_slug(slug)
        asked = asked.by(
            "series",
            slug,
            series.title if series else slug,
            is_unknown=series is None,
            series_id=series.id if series else NOTHING,
        )
    if slug := given.get("organiser", ""):
        organiser = organiser_by_slug(slug)
        asked = asked.by(
            "organiser",
            slug,
            organiser.name if organiser else slug,
            is_unknown=organiser is None,
            organiser_id=organiser.id if organiser else NOTHING,
        )
    if slug := given.get("city", ""):
        cities = cities_called(slug)
        asked = asked.by("city", slug, cities[0] if cities else slug, is_unknown=not cities, cities=cities)
    if month := read_month(given.get("month", "")):
        asked = asked.by("month", f"{month[0]}-{month[1]:02d}", month_heading(*month, language), month=month)
    if words := search_words(given.get("q", "")):
        asked = asked.by("q", given["q"].strip()[:LONGEST_SEARCH], words=words)
    return asked


def names_with_kind(asked: Asked) -> list[str]:
    """The names to call a calendar by: what was asked for, with the kind in the plural first."""
    kind = asked.wanted.kind
    return [*([str(KINDS_WORDS[kind])] if kind else []), *asked.names]


def calendar_name(asked: Asked) -> str:
    """What a calendar of these events is called: 'Warsztaty – OMP – „Bruksela”'; '' for all events."""
    words = [_("“%(words)s”", words=asked.arguments["q"])] if "q" in asked.arguments else []
    return " – ".join([*names_with_kind(asked), *words])
