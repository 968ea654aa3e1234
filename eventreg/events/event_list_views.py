"""The public lists: what is coming, and what has been."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events import queries
from eventreg.events.asked_events import Asked, read_asked
from eventreg.events.listed_events import KINDS_WORDS, Listed, by_months, row_of
from eventreg.events.listing_rules import EVENTS_PER_PAGE, matches_search, page_count
from eventreg.events.public_answers import addresses_of, install, public_page
from eventreg.events.public_list import coming_events, coming_kinds, coming_rows
from eventreg.events.queries import ListFilter
from eventreg.extensions import compress, limiter
from eventreg.i18n import request_language
from eventreg.series.models import Edition
from eventreg.series.queries import editions_without_events

blueprint = Blueprint("event_list", __name__)

RowsBetween = Callable[[int, int], list[Listed]]
"""The rows of a list from one place in it to another."""

SEARCH_LIMIT = "60 per minute"
"""Of one client, which may be a whole office: each search looks through the texts of all events."""

_searches_limited = limiter.shared_limit(
    SEARCH_LIMIT, scope="searches", exempt_when=lambda: not request.args.get("q", "").strip()
)

blueprint.record_once(lambda state: install(state.app))


@blueprint.get("/")
@_searches_limited
@compress.compressed()
def upcoming() -> ResponseReturnValue:
    """What is coming, the next first."""
    return _list_page("public/upcoming.html", "event_list.upcoming", past=False)


@blueprint.get("/archive")
@_searches_limited
@compress.compressed()
def archive() -> ResponseReturnValue:
    """What has been, the latest first."""
    return _list_page("public/archive.html", "event_list.archive", past=True)


def _list_page(template: str, endpoint: str, *, past: bool) -> ResponseReturnValue:
    now, language = now_utc(), request_language()
    asked = read_asked(request.args, language)
    found, rows_between = _past(asked.wanted, now, language) if past else _coming(asked.wanted, now, language)
    pages = page_count(found, EVENTS_PER_PAGE)
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = rows_between((page - 1) * EVENTS_PER_PAGE, page * EVENTS_PER_PAGE)

    def address(**changes: Any) -> str:
        """This list with other arguments; None takes one away."""
        merged = {**asked.arguments, **changes}
        return url_for(endpoint, **{name: value for name, value in merged.items() if value})

    html = render_template(
        template,
        listed=by_months(rows, language),
        asked=asked,
        kinds=_kind_choices(asked, coming_kinds(now)),
        address=address,
        page_address=lambda number: address(page=number if number > 1 else None),
        other_addresses=addresses_of(endpoint, **asked.arguments),
        page=page,
        pages=pages,
        found=found,
        earlier=_earlier_editions(asked.wanted) if past and page == pages else [],
    )
    return public_page(html)


def _coming(wanted: ListFilter, now: datetime, language: str) -> tuple[int, RowsBetween]:
    coming = coming_events(wanted, now)
    return len(coming), lambda first, after: coming_rows(coming[first:after], language, now)


def _past(wanted: ListFilter, now: datetime, language: str) -> tuple[int, RowsBetween]:
    """What others held is told by them: the archive holds the site's own events alone."""
    ids = queries.public_event_ids(wanted, now, past=True)
    return len(ids), lambda first, after: [
        row_of(event, language, now) for event in queries.events_for_list(ids[first:after])
    ]


def _earlier_editions(wanted: ListFilter) -> list[Edition]:
    """Editions from before this program that match: they stand at the end of the archive."""
    if wanted.kind or wanted.month:
        return []
    return [
        edition
        for edition in editions_without_events()
        if wanted.series_id in (None, edition.series_id)
        and wanted.organiser_id in (None, edition.series.organiser_id)
        and matches_search(wanted.words, (edition.series.title, edition.city, edition.host, edition.theme))
    ]


def _kind_choices(asked: Asked, present: set[str]) -> list[tuple[str, Any, bool]]:
    """(kind, words, chosen) for each kind of which something is coming, and the chosen one."""
    chosen = asked.wanted.kind
    return [(kind, words, kind == chosen) for kind, words in KINDS_WORDS.items() if kind in present or kind == chosen]
