"""The public lists: what is coming, and what has been."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events import queries
from eventreg.events.event_words import KIND_WORDS
from eventreg.events.listed_events import KINDS_WORDS, months_of
from eventreg.events.listing_rules import EVENTS_PER_PAGE, matches_search, page_count, read_month, search_words
from eventreg.events.public_answers import addresses_of, install, public_page
from eventreg.events.queries import ListFilter
from eventreg.events.when_rules import month_heading
from eventreg.extensions import compress
from eventreg.i18n import request_language
from eventreg.organisers.queries import organiser_by_slug
from eventreg.series.models import Edition
from eventreg.series.queries import editions_without_events, series_by_slug

blueprint = Blueprint("event_list", __name__)

blueprint.record_once(lambda state: install(state.app))

NOTHING = -1
"""An id that no row has: a filter by an unknown series or organiser finds nothing."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for, with the names to say it by."""

    wanted: ListFilter
    arguments: dict[str, str]
    names: list[str]


@blueprint.get("/")
@compress.compressed()
def upcoming() -> ResponseReturnValue:
    """What is coming, the next first."""
    return _list_page("public/upcoming.html", "event_list.upcoming", past=False)


@blueprint.get("/archive")
@compress.compressed()
def archive() -> ResponseReturnValue:
    """What has been, the latest first."""
    return _list_page("public/archive.html", "event_list.archive", past=True)


def _list_page(template: str, endpoint: str, *, past: bool) -> ResponseReturnValue:
    now, language = now_utc(), request_language()
    asked = _read_filter(language)
    ids = queries.public_event_ids(asked.wanted, now, past=past)
    pages = page_count(len(ids), EVENTS_PER_PAGE)
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    events = queries.events_for_list(ids[(page - 1) * EVENTS_PER_PAGE : page * EVENTS_PER_PAGE])

    def address(**changes: Any) -> str:
        """This list with other arguments; None takes one away."""
        merged = {**asked.arguments, **changes}
        return url_for(endpoint, **{name: value for name, value in merged.items() if value})

    html = render_template(
        template,
        listed=months_of(events, language, now),
        asked=asked,
        kinds=_kind_choices(asked, queries.upcoming_kinds(now)),
        address=address,
        page_address=lambda number: address(page=number if number > 1 else None),
        other_addresses=addresses_of(endpoint, **asked.arguments),
        page=page,
        pages=pages,
        found=len(ids),
        earlier=_earlier_editions(asked.wanted) if past and page == pages else [],
    )
    return public_page(html)


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


def _read_filter(language: str) -> Asked:
    """The filters of the address. What cannot be understood is left out; an unknown slug finds nothing."""
    wanted, arguments, names = ListFilter(), {}, []
    kind = request.args.get("kind", "")
    if kind in KIND_WORDS:
        wanted, arguments["kind"] = replace(wanted, kind=kind), kind
    slug = request.args.get("series", "")
    if slug:
        series = series_by_slug(slug)
        wanted = replace(wanted, series_id=series.id if series else NOTHING)
        arguments["series"] = slug
        names.append(series.title if series else slug)
    slug = request.args.get("organiser", "")
    if slug:
        organiser = organiser_by_slug(slug)
        wanted = replace(wanted, organiser_id=organiser.id if organiser else NOTHING)
        arguments["organiser"] = slug
        names.append(organiser.name if organiser else slug)
    month = read_month(request.args.get("month", ""))
    if month:
        wanted, arguments["month"] = replace(wanted, month=month), f"{month[0]}-{month[1]:02d}"
        names.append(month_heading(*month, language))
    words = search_words(request.args.get("q", ""))
    if words:
        wanted, arguments["q"] = replace(wanted, words=words), request.args["q"].strip()[:100]
    return Asked(wanted, arguments, names)


def _kind_choices(asked: Asked, present: set[str]) -> list[tuple[str, Any, bool]]:
    """(kind, words, chosen) for each kind of which something is coming, and the chosen one."""
    chosen = asked.wanted.kind
    return [(kind, words, kind == chosen) for kind, words in KINDS_WORDS.items() if kind in present or kind == chosen]
