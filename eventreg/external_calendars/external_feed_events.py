"""An event of an external calendar as the site's own feeds tell it: marked as external, with its source."""

from flask import current_app
from flask_babel import gettext as _

from eventreg.calendars.feed import FeedEvent
from eventreg.calendars.time_zone_rules import EventTimes
from eventreg.events.event_words import KIND_WORDS
from eventreg.external_calendars.feed_address_rules import public_front_page
from eventreg.external_calendars.models import ExternalEvent
from eventreg.i18n import in_locale
from eventreg.links import absolute_url


def external_feed_event(row: ExternalEvent, language: str) -> FeedEvent:
    """What a feed tells of it. The UID is ours: the source's could be a copy of one of our events."""
    calendar = row.calendar
    with in_locale(language):
        kind = str(KIND_WORDS[calendar.kind]) if calendar.kind else ""
        external = _("External event")
        source = _("External event. Source: %(name)s", name=calendar.name)
        heading = _("Event cancelled: %(title)s", title=row.title) if row.cancelled else row.title
    return FeedEvent(
        uid=row.uid,
        sequence=row.revision - 1,
        changed_at=row.changed_at,
        summary=row.title,
        times=EventTimes(row.starts_at, row.ends_at, row.time_zone, row.all_day),
        description="\n".join(line for line in (source, row.description) if line),
        location=row.place,
        page_url=source_link(row, language),
        categories=(kind, external) if kind else (external,),
        cancelled=row.cancelled,
        kind=calendar.kind or "",
        kind_words=kind,
        organiser=calendar.organiser.name,
        organiser_slug=calendar.organiser.slug,
        source=calendar.name,
        read_in=language,
        heading=heading,
        organiser_url=_organiser_page(row, language),
    )


def source_link(row: ExternalEvent, language: str) -> str:
    """Where the event is told by those who hold it: its own link, the page of the calendar, or its site's front page.

    Never the address of the feed: many of them hold a secret; nor a host of the own network, instead of which the
    organiser's page is told. And whatever is stored, never anything but http(s).
    """
    for link in (row.url, row.calendar.page_url):
        if link.startswith(("https://", "http://")):
            return link
    internal_hosts = current_app.extensions["eventreg.config"].internal_calendar_hosts
    return public_front_page(row.calendar.feed_url, internal_hosts) or _organiser_page(row, language)


def _organiser_page(row: ExternalEvent, language: str) -> str:
    return absolute_url("organiser_page.organiser_page", language, slug=row.calendar.organiser.slug)
