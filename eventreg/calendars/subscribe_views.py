"""How to have all events in one's own calendar: the address of the feed, and steps for each program."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventreg.events.public_answers import public_page
from eventreg.extensions import compress
from eventreg.i18n import request_language
from eventreg.links import absolute_url

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/calendar")
@compress.compressed()
def subscribe() -> ResponseReturnValue:
    """The page about the one feed."""
    address = absolute_url("calendars.subscribe", request_language()) + ".ics"
    webcal = "webcal://" + address.split("://", 1)[1]
    return public_page(render_template("public/subscribe.html", address=address, webcal=webcal))
