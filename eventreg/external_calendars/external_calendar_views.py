"""The panel's side of calendars that an organiser follows: what is read, what is shown, what is wrong."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.listing_rules import page_count
from eventreg.events.when_rules import when_in_full
from eventreg.external_calendars.choosing_events import choose_events
from eventreg.external_calendars.external_calendar_forms import ExternalCalendarForm, calendar_form
from eventreg.external_calendars.external_calendar_words import (
    SHOWS_WORDS,
    chosen_words,
    refusal_words,
    state_of,
    why_words,
)
from eventreg.external_calendars.external_feed_events import source_link
from eventreg.external_calendars.feed_address_rules import AddressFault
from eventreg.external_calendars.following import (
    FollowRefusal,
    LookRefusal,
    ask_for_look,
    change_calendar,
    follow_calendar,
    stop_following,
)
from eventreg.external_calendars.following_rules import EVENTS_PER_PAGE, MOST_CALENDARS
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.external_calendars.queries import (
    calendar_of,
    calendars_of,
    coming_of_calendar,
    figures_of_calendars,
)
from eventreg.i18n import request_language
from eventreg.organisers.access import (
    current_account,
    has_role,
    organiser_for,
    organisers_with_role,
    require_organiser_role,
)
from eventreg.organisers.models import Organiser
from eventreg.registrations.attendee_list_rules import read_ids, read_page

blueprint = Blueprint("external_calendars", __name__, url_prefix="/panel")

_DOINGS: dict[str, bool | None] = {"show": True, "hide": False, "rule": None}
"""The buttons under the list of events."""


@blueprint.get("/calendars")
@require_organiser_role("editor")
def own_calendars() -> ResponseReturnValue:
    """The organisers that the signed-in person works for; a single one opens at once."""
    organisers = organisers_with_role("editor")
    if len(organisers) == 1:
        return redirect(url_for("external_calendars.calendar_list", slug=organisers[0].slug))
    return render_template("panel/external_calendars/organisers.html", organisers=organisers)


@blueprint.get("/organisers/<slug>/calendars")
@require_organiser_role("editor")
def calendar_list(slug: str) -> ResponseReturnValue:
    """What the organiser follows, each with its state."""
    organiser, now, language = organiser_for(slug), now_utc(), request_language()
    calendars = calendars_of(organiser.id)
    figures = figures_of_calendars([calendar.id for calendar in calendars], now)
    return render_template(
        "panel/external_calendars/list.html",
        organiser=organiser,
        is_owner=has_role(organiser.id, "owner"),
        lines=[(calendar, state_of(calendar, figures[calendar.id], language, now)) for calendar in calendars],
        shows_words=SHOWS_WORDS,
        most=MOST_CALENDARS,
    )


@blueprint.route("/organisers/<slug>/calendars/new", methods=["GET", "POST"])
@require_organiser_role("editor")
def new_calendar(slug: str) -> ResponseReturnValue:
    """Following one more."""
    organiser, form = organiser_for(slug), calendar_form()
    if request.method == "POST" and form.validate():
        followed = follow_calendar(organiser.id, form.to_fields(), current_account().id, now_utc())
        if isinstance(followed, ExternalCalendar):
            flash(_("The calendar is now followed. It will be read within minutes."), "success")
            return _to_calendar(slug, followed.id)
        _refuse(form, followed)
    return _form_page(organiser, None, form)


@blueprint.route("/organisers/<slug>/calendars/<int:calendar_id>/edit", methods=["GET", "POST"])
@require_organiser_role("editor")
def edit_calendar(slug: str, calendar_id: int) -> ResponseReturnValue:
    """What is said of a calendar, and what of it is shown."""
    organiser, calendar = _find(slug, calendar_id)
    form = calendar_form(calendar)
    if request.method == "POST" and form.validate():
        changed = change_calendar(organiser.id, calendar_id, form.to_fields(), current_account().id, now_utc())
        if isinstance(changed, list):
            flash(_("Saved."), "success")
            return _to_calendar(slug, calendar_id)
        _refuse(form, changed)
    return _form_page(organiser, calendar, form)


@blueprint.get("/organisers/<slug>/calendars/<int:calendar_id>")
@require_organiser_role("editor")
def calendar(slug: str, calendar_id: int) -> ResponseReturnValue:
    """One calendar: its state, and its events to come with ticks."""
    organiser, found = _find(slug, calendar_id)
    now, language = now_utc(), request_language()
    figures = figures_of_calendars([found.id], now)[found.id]
    pages = page_count(figures.coming, EVENTS_PER_PAGE)
    page = read_page(request.args.get("page", ""), pages)
    events = coming_of_calendar(found.id, now, (page - 1) * EVENTS_PER_PAGE, EVENTS_PER_PAGE)
    return render_template(
        "panel/external_calendars/calendar.html",
        organiser=organiser,
        calendar=found,
        state=state_of(found, figures, language, now),
        lines=[_line(found, event, language) for event in events],
        shows_words=SHOWS_WORDS,
        is_due=found.next_check_at <= now,
        all_ticked=request.args.get("ticked") == "all",
        page=page,
        pages=pages,
    )


@blueprint.post("/organisers/<slug>/calendars/<int:calendar_id>/choose")
@require_organiser_role("editor")
def choose(slug: str, calendar_id: int) -> ResponseReturnValue:
    """One button under the list, for every event that is ticked; `doing` says which."""
    organiser, _calendar = _find(slug, calendar_id)
    ids, doing = read_ids(request.form.getlist("event")), request.form.get("doing", "")
    if doing not in _DOINGS:
        abort(400)
    chosen = _DOINGS[doing]
    count = choose_events(organiser.id, calendar_id, ids, chosen, current_account().id, now_utc())
    if count is None:
        abort(404)
    if count:
        flash(chosen_words(count, chosen), "success")
    else:
        flash(_("Nothing was chosen. Please tick at least one event."), "error")
    page = read_page(request.form.get("page", ""), 1_000_000)
    return _to_calendar(slug, calendar_id, page=page if page > 1 else None)


@blueprint.post("/organisers/<slug>/calendars/<int:calendar_id>/look")
@require_organiser_role("editor")
def look(slug: str, calendar_id: int) -> ResponseReturnValue:
    """Makes a look due; the worker takes it, never the web process."""
    organiser, _calendar = _find(slug, calendar_id)
    refusal = ask_for_look(organiser.id, calendar_id, current_account().id, now_utc())
    if refusal is LookRefusal.NOT_FOUND:
        abort(404)
    if refusal is LookRefusal.LOOKED_LATELY:
        flash(_("This calendar has just been checked, or a check is already due. Please wait a minute."), "warning")
    else:
        flash(_("The calendar will be read within minutes. Please open this page again then."), "success")
    return _to_calendar(slug, calendar_id)


@blueprint.route("/organisers/<slug>/calendars/<int:calendar_id>/stop", methods=["GET", "POST"])
@require_organiser_role("editor")
def stop(slug: str, calendar_id: int) -> ResponseReturnValue:
    """Asked before: what disappears; then it does."""
    organiser, found = _find(slug, calendar_id)
    if request.method == "POST":
        stop_following(organiser.id, calendar_id, current_account().id, now_utc())
        flash(_("The calendar is not followed any more."), "success")
        return redirect(url_for("external_calendars.calendar_list", slug=slug), 303)
    figures = figures_of_calendars([found.id], now_utc())[found.id]
    return render_template("panel/external_calendars/stop.html", organiser=organiser, calendar=found, figures=figures)


def _find(slug: str, calendar_id: int) -> tuple[Organiser, ExternalCalendar]:
    """The organiser and a calendar that it follows; else 404 (abuse 28)."""
    organiser = organiser_for(slug)
    return organiser, calendar_of(organiser.id, calendar_id) or abort(404)


def _line(calendar: ExternalCalendar, event: ExternalEvent, language: str) -> dict[str, Any]:
    times = (event.starts_at, event.ends_at, event.time_zone, language)
    return {
        "event": event,
        "link": source_link(event, language),
        "when": when_in_full(*times, all_day=event.all_day),
        "why": why_words(calendar, event),
    }


def _refuse(form: ExternalCalendarForm, refusal: FollowRefusal | AddressFault) -> None:
    if refusal is FollowRefusal.NOT_FOUND:
        abort(404)
    if refusal is FollowRefusal.TOO_MANY:
        form.form_errors.append(refusal_words(refusal))
    else:
        form.feed_url.errors = [refusal_words(refusal)]


def _form_page(
    organiser: Organiser, calendar: ExternalCalendar | None, form: ExternalCalendarForm
) -> ResponseReturnValue:
    page = render_template("panel/external_calendars/form.html", organiser=organiser, calendar=calendar, form=form)
    return page, 422 if form.errors else 200


def _to_calendar(slug: str, calendar_id: int, page: int | None = None) -> ResponseReturnValue:
    return redirect(url_for("external_calendars.calendar", slug=slug, calendar_id=calendar_id, page=page), 303)
