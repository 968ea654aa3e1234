"""What public calendars can be narrowed by: the kinds, organisers, series and cities that there are."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.events.queries import PUBLIC_STATES
from eventreg.events.slug_rules import slug_from_title
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import Organiser
from eventreg.series.models import Series


@dataclass(frozen=True, slots=True)
class CalendarChoices:
    """What calendars can be narrowed by: address word -> name, sorted by name."""

    kinds: frozenset[str]
    organisers: dict[str, str]
    series: dict[str, str]
    cities: dict[str, str]


def public_choices() -> CalendarChoices:
    """The kinds, organisers, series and cities of everything public, the shown events of external calendars too."""
    ours = db.session.execute(
        select(Event.kind, Organiser.slug, Organiser.name, Series.slug, Series.title, Event.city)
        .join(Organiser, Organiser.id == Event.organiser_id)
        .outerjoin(Series, Series.id == Event.series_id)
        .where(Event.listed, Event.state.in_(PUBLIC_STATES))
        .distinct()
    ).all()
    others = db.session.execute(
        select(ExternalCalendar.kind, Organiser.slug, Organiser.name)
        .join(Organiser, Organiser.id == ExternalCalendar.organiser_id)
        .where(ExternalCalendar.events.any(ExternalEvent.shown))
    ).all()
    organisers = [(row[1], row[2]) for row in ours] + [(row[1], row[2]) for row in others]
    return CalendarChoices(
        kinds=frozenset([row[0] for row in ours] + [row[0] for row in others if row[0]]),
        organisers=_by_name(organisers),
        series=_by_name((row[3], row[4]) for row in ours if row[3]),
        cities=_by_name((slug_from_title(row[5]), row[5]) for row in ours if row[5]),
    )


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Sorted as a Polish reader looks for names, nearly: 'Łódź' among the L."""
    return dict(sorted(set(pairs), key=lambda pair: (slug_from_title(pair[1]), pair[1])))
