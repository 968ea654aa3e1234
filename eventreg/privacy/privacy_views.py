"""The public privacy page: who runs the site, what it keeps, cookies, and each organiser's information clause."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from eventreg.events.event_rules import DEFAULT_ZONE
from eventreg.events.markdown_rules import to_html
from eventreg.events.when_rules import long_date
from eventreg.i18n import request_language
from eventreg.organisers.queries import organiser_by_slug
from eventreg.privacy.clause_wording_rules import AUTHORITY
from eventreg.privacy.queries import current_clause, organisers_with_clause
from eventreg.site.site_settings import operator

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """The site's own page, with the way to each organiser's clause."""
    language, runs_it = request_language(), operator()
    addition = runs_it.privacy_en if language == "en" else runs_it.privacy_pl
    return render_template(
        "public/privacy.html",
        operator=runs_it,
        addition=to_html(addition, first_heading=3),
        organisers=organisers_with_clause(),
        authority=AUTHORITY["pl" if language == "pl" else "en"],
    )


@blueprint.get("/privacy/<slug>")
def clause(slug: str) -> ResponseReturnValue:
    """An organiser's clause; in Polish where it was not written in the reader's language."""
    organiser = organiser_by_slug(slug)
    present = current_clause(organiser) if organiser else None
    if organiser is None or present is None:
        abort(404)
    language = request_language()
    text_language = "en" if language == "en" and present.text_en else "pl"
    text = present.text_en if text_language == "en" else present.text_pl
    return render_template(
        "public/clause.html",
        organiser=organiser,
        html=to_html(text, first_heading=2),
        text_language=text_language,
        since=long_date(present.created_at, DEFAULT_ZONE, language),
    )
