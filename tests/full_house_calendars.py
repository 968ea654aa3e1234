"""The part of a full house that belongs to others: their calendars, one for each way in which a look can end."""

from datetime import timedelta

from eventreg.database import db
from eventreg.external_calendars.fetch_rules import Outcome
from eventreg.external_calendars.following_rules import EVENTS_PER_PAGE
from eventreg.external_calendars.models import ExternalCalendar
from eventreg.organisers.models import Organiser
from tests.full_house_builder import Builder

LONG_TITLE = "Zgromadzenie Ogólne związku: wybory władz, sprawozdania, debata o finansach i o współpracy z Ukrainą"
OTHER_SCRIPT = "מפגש ראשי ערים"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsversammlung"


def follow_calendars(house: Builder) -> None:
    """Calendars in every state, events of every kind among those of one's own, and the pages about all of it."""
    organiser = db.session.get_one(Organiser, house.organiser_id)
    base = f"/panel/organisers/{organiser.slug}/calendars"
    read = _full_calendar(house, organiser)
    house.panel |= {
        "external calendars": base,
        "external calendar, new": f"{base}/new",
        "external calendar, read": f"{base}/{read.id}",
        "external calendar, all ticked": f"{base}/{read.id}?ticked=all",
        "external calendar, second page": f"{base}/{read.id}?page=2",
        "external calendar, edit": f"{base}/{read.id}/edit",
        "external calendar, stop": f"{base}/{read.id}/stop",
    }
    for number, outcome in enumerate(Outcome):
        row = _calendar_that_ended(house, organiser, outcome, was_read=bool(number % 2))
        house.panel[f"external calendar that ended: {outcome.value}"] = f"{base}/{row.id}"
    due = house.factory.external_calendar(organiser, next_check_at=house.now, shows="by_hand")
    house.panel["external calendar, due"] = f"{base}/{due.id}"
    house.public |= {
        "list with external events": "/?kind=meeting",
        "organiser with external events": f"/organisers/{organiser.slug}",
        "calendar of several conditions": f"/calendar?kind=meeting&organiser={organiser.slug}&q=Zjazd",
    }


def _full_calendar(house: Builder, organiser: Organiser) -> ExternalCalendar:
    """More events than stand on a page: shown and hidden, by rule and by hand, cancelled, over several days."""
    row = house.factory.external_calendar(
        organiser,
        kind="meeting",
        shows="words",
        words="zjazd, zgromadzenie",
        events_left_out=2,
        events_repeating=1,
    )
    titles = (LONG_TITLE, OTHER_SCRIPT, LONG_WORD)
    for number in range(EVENTS_PER_PAGE + 2):
        start = house.now + timedelta(days=2 + number)
        house.factory.external_event(
            row,
            title=titles[number] if number < len(titles) else f"Zjazd {number}",
            starts_at=start,
            ends_at=start + timedelta(hours=2 if number % 2 else 50),
            shown=number % 3 != 1,
            chosen=(None, False, True)[number % 3],
            cancelled=not number % 4,
        )
    return row


def _calendar_that_ended(house: Builder, organiser: Organiser, outcome: Outcome, was_read: bool) -> ExternalCalendar:
    """One whose last look ended so; with what was read before, or never read."""
    row = house.factory.external_calendar(
        organiser,
        outcome=outcome.value,
        checked_at=None if outcome is Outcome.NEW else house.now,
        succeeded_at=house.now - timedelta(days=2) if was_read or outcome.is_good else None,
        failures=0 if outcome.is_good or outcome is Outcome.NEW else 3,
    )
    if was_read:
        house.factory.external_event(row, title=f"Zjazd, {outcome.value}", shown=outcome.is_good)
    return row
