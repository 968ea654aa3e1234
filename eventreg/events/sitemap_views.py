"""For search engines: where the public pages are, and what is not for them."""

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from eventreg.events import queries
from eventreg.events.public_answers import public_page
from eventreg.extensions import compress
from eventreg.i18n import LANGUAGES, language_prefix
from eventreg.links import absolute_url
from eventreg.organisers.queries import all_organisers
from eventreg.series.queries import all_series

blueprint = Blueprint("sitemap", __name__)

MOST_ADDRESSES = 50_000
"""Of one sitemap file, by the protocol; each language of a page counts."""


@blueprint.get("/sitemap.xml")
@compress.compressed()
def sitemap() -> ResponseReturnValue:
    """Every public page in every language, with its last change where it is known."""
    pages: list[tuple[dict[str, str], str]] = [
        (_in_each_language(endpoint), "")
        for endpoint in ("event_list.upcoming", "event_list.archive", "series.series_list", "calendars.subscribe")
    ]
    pages += [(_in_each_language("series.series_page", series.slug), "") for series in all_series()]
    with_events = queries.organisers_with_events()
    pages += [
        (_in_each_language("organiser_page.organiser_page", organiser.slug), "")
        for organiser in all_organisers()
        if organiser.id in with_events
    ]
    pages += [
        (_in_each_language("event_page.event_page", slug), changed.strftime("%Y-%m-%dT%H:%M:%SZ"))
        for slug, changed in queries.public_event_marks()
    ]
    most = MOST_ADDRESSES // len(LANGUAGES)
    return public_page(render_template("public/sitemap.xml", pages=pages[:most]), "application/xml")


_NOT_FOR_ROBOTS = ("panel", "registrations", "groups", "address-change", "me")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots should leave alone. Personal pages say noindex themselves; their addresses are not guessable."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {language_prefix(language)}/{room}/" for room in _NOT_FOR_ROBOTS for language in LANGUAGES),
        f"Sitemap: {current_app.config['BASE_URL']}/sitemap.xml",
    ]
    return public_page("\n".join(lines) + "\n", "text/plain")


def _in_each_language(endpoint: str, slug: str | None = None) -> dict[str, str]:
    values = {} if slug is None else {"slug": slug}
    return {language: absolute_url(endpoint, language, **values) for language in LANGUAGES}
