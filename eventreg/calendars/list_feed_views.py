"""The public list for machines: JSON for other sites, Atom for feed readers (docs/feeds.md)."""

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from eventreg.calendars.calendar_views import answer_filtered, filters_given
from eventreg.calendars.feed_formats import ATOM, JSON

blueprint = Blueprint("list_feeds", __name__)


@blueprint.get("/events.json")
def events_json() -> ResponseReturnValue:
    """Upcoming events as JSON. Pages of every site may read it by script: it is public and knows no cookie."""
    given = filters_given()
    response = make_response(answer_filtered(JSON, "list_feeds.events_json", given, given))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/events.atom")
def events_atom() -> ResponseReturnValue:
    """Upcoming events for a feed reader."""
    given = filters_given()
    return answer_filtered(ATOM, "list_feeds.events_atom", given, given)
