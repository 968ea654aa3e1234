"""Recurring conferences and workshops: the list of series, and one series with its editions."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.listed_events import months_of
from eventreg.events.markdown_rules import excerpt, to_html
from eventreg.events.public_answers import public_page
from eventreg.events.queries import ListFilter, events_for_list, public_event_ids
from eventreg.extensions import compress
from eventreg.i18n import request_language
from eventreg.series.queries import all_series, series_by_slug

blueprint = Blueprint("series", __name__)


@blueprint.get("/series")
@compress.compressed()
def series_list() -> ResponseReturnValue:
    """Every series, by title."""
    return public_page(render_template("public/series_list.html", all_series=all_series()))


@blueprint.get("/series/<slug>")
@compress.compressed()
def series_page(slug: str) -> ResponseReturnValue:
    """One series: what it is, what is coming, and every edition so far."""
    series = series_by_slug(slug)
    if series is None:
        abort(404)
    now, language = now_utc(), request_language()
    wanted = ListFilter(series_id=series.id)
    coming = events_for_list(public_event_ids(wanted, now, past=False))
    past = events_for_list(public_event_ids(wanted, now, past=True))
    held_here = {event.edition_id: event for event in [*coming, *past] if event.edition_id is not None}
    html = render_template(
        "public/series.html",
        series=series,
        about=to_html(series.about),
        description=excerpt(series.about),
        coming=months_of(coming, language, now),
        past=months_of([event for event in past if event.edition_id is None], language, now),
        editions=[(edition, held_here.get(edition.id)) for edition in series.editions],
    )
    return public_page(html)
