"""The panel's list of the organiser's own events."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from eventreg.clock import now_utc
from eventreg.events.event_words import ATTENDANCE_WORDS, KIND_WORDS, STATE_TONES, STATE_WORDS
from eventreg.events.listing_rules import LONGEST_SEARCH, page_count, search_words
from eventreg.events.own_event_list import OwnEvent, OwnGroup, own_events
from eventreg.events.when_rules import day_block, when_words
from eventreg.i18n import request_language
from eventreg.organisers.access import has_role, organisers_with_role, require_organiser_role

blueprint = Blueprint("own_events", __name__, url_prefix="/panel/events")

GROUP_WORDS = {
    OwnGroup.UPCOMING: _l("Upcoming"),
    OwnGroup.DRAFTS: _l("Drafts"),
    OwnGroup.PAST: _l("Past"),
    OwnGroup.ARCHIVE: _l("In the archive"),
}
ROWS_PER_PAGE = 50


@blueprint.get("")
@require_organiser_role("door")
def own_event_list() -> ResponseReturnValue:
    """Own events by group, searched and in pages. Door staff see the list and nothing behind it."""
    now, language = now_utc(), request_language()
    organisers = organisers_with_role("door")
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    groups = own_events([organiser.id for organiser in organisers], search_words(typed), now)
    group = _chosen_group(groups)
    pages = page_count(len(groups[group]), ROWS_PER_PAGE)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = groups[group][(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return render_template(
        "panel/events/list.html",
        rows=[(event, _when(event, language), has_role(event.organiser_id, "editor")) for event in shown],
        tabs=[(_tab_words(name, len(events)), _address(name, typed), name == group) for name, events in groups.items()],
        group=group,
        typed=typed,
        page=page,
        pages=pages,
        url_of=lambda number: _address(group, typed, number),
        several_organisers=len(organisers) > 1,
        may_edit=bool(organisers_with_role("editor")),
        kinds=KIND_WORDS,
        attendances=ATTENDANCE_WORDS,
        states=STATE_WORDS,
        tones=STATE_TONES,
    )


def _chosen_group(groups: dict[OwnGroup, list[OwnEvent]]) -> OwnGroup:
    """The group asked for; else the first one that has something to show."""
    asked = request.args.get("show", "")
    if asked in set(OwnGroup):
        return OwnGroup(asked)
    return next((group for group, events in groups.items() if events), OwnGroup.UPCOMING)


def _tab_words(group: OwnGroup, count: int) -> str:
    return f"{GROUP_WORDS[group]} ({count})"


def _address(group: OwnGroup, typed: str, page: int = 1) -> str:
    return url_for("own_events.own_event_list", show=group.value, q=typed or None, page=page if page > 1 else None)


def _when(event: OwnEvent, language: str) -> dict[str, object]:
    """The date for a row: day block and the whole line."""
    times = (event.starts_at, event.ends_at, event.time_zone, language)
    return {
        "block": day_block(*times, all_day=event.all_day),
        "words": when_words(*times, all_day=event.all_day),
    }
