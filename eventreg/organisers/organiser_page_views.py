"""The public page of an organising body: who it is, and what it invites to."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.listed_events import by_months, months_of
from eventreg.events.markdown_rules import excerpt, to_html
from eventreg.events.public_answers import public_page
from eventreg.events.public_list import coming_events, coming_rows
from eventreg.events.queries import ListFilter, events_for_list, public_event_ids
from eventreg.extensions import compress
from eventreg.i18n import request_language
from eventreg.organisers.queries import organiser_by_slug

blueprint = Blueprint("organiser_page", __name__)

PAST_SHOWN = 10
"""Past events on the organiser's page; the archive holds the rest."""


@blueprint.get("/organisers/<slug>")
@compress.compressed()
def organiser_page(slug: str) -> ResponseReturnValue:
    """One organiser with its upcoming and latest events."""
    organiser = organiser_by_slug(slug)
    if organiser is None:
        abort(404)
    now, language = now_utc(), request_language()
    wanted = ListFilter(organiser_id=organiser.id)
    coming = coming_rows(coming_events(wanted, now), language, now)
    past_ids = public_event_ids(wanted, now, past=True)
    html = render_template(
        "public/organiser.html",
        organiser=organiser,
        about=to_html(organiser.about),
        description=excerpt(organiser.about),
        coming=by_months(coming, language),
        past=months_of(events_for_list(past_ids[:PAST_SHOWN]), language, now),
        has_more_past=len(past_ids) > PAST_SHOWN,
    )
    return public_page(html)
