"""How to have events in one's own calendar: the page of each calendar, with its address and steps for each program."""

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from eventreg.calendars.calendar_choices import public_choices
from eventreg.calendars.calendar_views import filters_given
from eventreg.calendars.feed import CANCELLED_STAYS, PAST_STAYS
from eventreg.calendars.subscribe_rules import (
    LONGEST_ADDRESS,
    feed_endpoint,
    is_short_enough,
    qr_picture,
    ways_to_subscribe,
    wider_calendars,
)
from eventreg.events.asked_events import Asked, calendar_name, read_asked
from eventreg.events.listed_events import KINDS_WORDS
from eventreg.events.public_answers import addresses_of, public_page
from eventreg.extensions import compress
from eventreg.i18n import request_language
from eventreg.links import absolute_url

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/calendar")
@compress.compressed()
def subscribe() -> ResponseReturnValue:
    """The page about the calendar of all events, or of those that match the filters; 404 for what there is not."""
    language = request_language()
    asked = read_asked(filters_given(), language)
    if asked.is_unknown:
        abort(404)
    name, wider = calendar_name(asked), _nearest_short_one(asked)
    pages = addresses_of("calendars.subscribe", **asked.arguments)
    choices = public_choices()
    html = render_template(
        "public/subscribe.html",
        asked=asked,
        name=name,
        ways=ways_to_subscribe(_feed_address(asked.arguments), name or _site_name()),
        wider=wider,
        wider_name=calendar_name(wider) if wider else "",
        longest=LONGEST_ADDRESS,
        qr=qr_picture(pages[language]),
        choices=choices,
        kinds=[
            (kind, words) for kind, words in KINDS_WORDS.items() if kind in choices.kinds or kind == asked.wanted.kind
        ],
        cancelled_days=CANCELLED_STAYS.days,
        past_days=PAST_STAYS.days,
        other_addresses=pages,
    )
    return public_page(html)


def _site_name() -> str:
    return str(current_app.extensions["eventreg.config"].site_name)


def _feed_address(arguments: dict[str, str]) -> str:
    endpoint, values = feed_endpoint(arguments)
    return absolute_url(endpoint, request_language(), **values)


def _nearest_short_one(asked: Asked) -> Asked | None:
    """What to offer when the address of this calendar is too long for Google; None: it is not."""
    if is_short_enough(_feed_address(asked.arguments)):
        return None
    wider = (some for some in wider_calendars(asked.arguments) if is_short_enough(_feed_address(some)))
    return read_asked(next(wider, {}), request_language())
