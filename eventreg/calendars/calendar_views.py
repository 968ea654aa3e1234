"""Calendars for everybody: one event as a file, and all events, or those asked for, to subscribe to."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.calendars.feed import FeedHeader
from eventreg.calendars.feed_answers import Feed, feed_answer, filtered_feed
from eventreg.calendars.feed_formats import ICALENDAR, FeedFormat
from eventreg.calendars.queries import mark_of_one
from eventreg.clock import now_utc
from eventreg.events.asked_events import FILTERS, calendar_name, read_asked
from eventreg.events.listing_rules import LONGEST_SEARCH, read_month
from eventreg.events.queries import PUBLIC_STATES, event_by_former_slug, event_by_slug
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.links import absolute_url

blueprint = Blueprint("feeds", __name__)

LONGEST_ARGUMENT = 200
"""Characters of one filter; nothing of ours is longer."""

LOOKS_LIMIT = "30 per minute"
"""Of one client, for feeds that nobody asked for since the last change, by words or by several filters.

Of those there is no end, and each makes us look through all events (10,000 take about half a second). What is known
already, 304s included, is not counted: programs that ask for many feeds from one address get them.
"""


@blueprint.get("/events/<slug>.ics")
def event_calendar(slug: str) -> ResponseReturnValue:
    """One event for a calendar. An unlisted one too: who has its address may know it."""
    language = request_language()

    def look() -> Feed:
        event = event_by_slug(slug)
        if event is None:
            former = event_by_former_slug(slug)
            if former is None or former.state not in PUBLIC_STATES:
                abort(404)
            abort(redirect(url_for("feeds.event_calendar", slug=former.slug), 301))
        if event.state not in PUBLIC_STATES:
            abort(404)
        address = absolute_url("feeds.event_calendar", language, slug=event.slug)
        return Feed(FeedHeader(event.title, event.summary or event.title, address), [mark_of_one(event)])

    response = feed_answer(ICALENDAR, ("event", slug), language, now_utc(), look)
    if response.status_code == 200:
        response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


@blueprint.get("/calendar.ics")
def public_calendar() -> ResponseReturnValue:
    """All listed events, or those that match the filters, to subscribe to."""
    given = filters_given()
    return answer_filtered(ICALENDAR, "feeds.public_calendar", given, given)


@blueprint.get("/series/<slug>.ics")
def series_calendar(slug: str) -> ResponseReturnValue:
    """The events of one series."""
    return answer_filtered(ICALENDAR, "feeds.series_calendar", {"slug": slug}, {"series": slug})


@blueprint.get("/organisers/<slug>.ics")
def organiser_calendar(slug: str) -> ResponseReturnValue:
    """The events of one organiser."""
    return answer_filtered(ICALENDAR, "feeds.organiser_calendar", {"slug": slug}, {"organiser": slug})


@blueprint.get("/kinds/<kind>.ics")
def kind_calendar(kind: str) -> ResponseReturnValue:
    """The events of one kind."""
    return answer_filtered(ICALENDAR, "feeds.kind_calendar", {"kind": kind}, {"kind": kind})


@blueprint.get("/cities/<slug>.ics")
def city_calendar(slug: str) -> ResponseReturnValue:
    """The events in one city."""
    return answer_filtered(ICALENDAR, "feeds.city_calendar", {"slug": slug}, {"city": slug})


def filters_given() -> dict[str, str]:
    """The filters of the address being asked for; 404 for one longer than anything of ours.

    What cannot be understood is left out: else one feed would be many, each looked up and packed anew.
    """
    given = {name: value for name in FILTERS if (value := request.args.get(name, ""))}
    if any(len(value) > LONGEST_ARGUMENT for value in given.values()):
        abort(404)
    if read_month(given.get("month", "")) is None:
        given.pop("month", None)
    if words := " ".join(given.pop("q", "").split())[:LONGEST_SEARCH].rstrip():
        given["q"] = words
    return given


def answer_filtered(
    form: FeedFormat, endpoint: str, address: Mapping[str, str], filters: Mapping[str, str]
) -> ResponseReturnValue:
    """The public events that match the filters; 404 for a kind, series, organiser or city that there is not."""
    language, now = request_language(), now_utc()
    look = _limited_look if "q" in filters or len(filters) > 1 else _look
    return feed_answer(
        form,
        (endpoint, *sorted(address.items())),
        language,
        now,
        lambda: look(form, absolute_url(endpoint, language, **address), filters, now),
    )


def _look(form: FeedFormat, source_url: str, filters: Mapping[str, str], now: datetime) -> Feed:
    asked = read_asked(filters, request_language())
    if asked.is_unknown:
        abort(404)
    site = current_app.extensions["eventreg.config"].site_name
    header = FeedHeader(
        name=calendar_name(asked) or site,
        description=_("Events with sign-up: %(site)s", site=site),
        source_url=source_url,
        site=site,
        page_url=absolute_url("event_list.upcoming", request_language(), **asked.arguments),
        language=request_language(),
    )
    return filtered_feed(header, asked.wanted, form, now)


_limited_look = limiter.shared_limit(LOOKS_LIMIT, scope="filtered feeds")(_look)
