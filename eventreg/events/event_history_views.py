"""What has happened to an event: its publication record, and the trail of who did what."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.change_register import publication_record, register_lines
from eventreg.events.event_trail import event_trail
from eventreg.events.own_event_pages import event_page_words
from eventreg.i18n import request_language
from eventreg.organisers.access import event_for, require_organiser_role

blueprint = Blueprint("event_history", __name__, url_prefix="/panel/events/<slug>")


@blueprint.get("/history")
@require_organiser_role("editor")
def history(slug: str) -> ResponseReturnValue:
    """The page 'Historia'."""
    event, language = event_for(slug), request_language()
    return render_template(
        "panel/events/history.html",
        record=publication_record(event, language),
        register=register_lines(event, language),
        trail=event_trail(event.id, language),
        **event_page_words(event, now_utc(), language),
    )
