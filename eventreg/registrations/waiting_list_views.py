"""The waiting list as the organiser sees it: the line, the offers under way, and what may be changed by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.events.when_rules import deadline, table_moment
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations import attendee_words, queries
from eventreg.registrations.attendee_forms import PromoteForm
from eventreg.registrations.models import Registration
from eventreg.registrations.waiting_line import line_of
from eventreg.registrations.waiting_list import CannotPromote, Promoted, move_in_line, promote
from eventreg.registrations.waiting_list_rules import position_asked_for
from eventreg.registrations.waiting_list_words import automatic_words

blueprint = Blueprint("waiting_list", __name__, url_prefix="/panel/events/<slug>/registrations")


@blueprint.get("/waiting-list")
@require_organiser_role("owner", "editor")
def waiting_list(slug: str) -> ResponseReturnValue:
    """Who waits, in order, and to whom a place is offered until when."""
    event = event_for(slug)
    return render_template(
        "panel/registrations/waiting_list.html",
        **event_page_words(event, now_utc(), request_language()),
        line=line_of(event.id),
        is_full=_is_full(event),
        is_open=event.state in ("draft", "published") and now_utc() < event.ends_at,
        automatic=automatic_words(event, now_utc()),
        moment=lambda at: table_moment(at, event.time_zone, request_language()),
        until=lambda at: deadline(at, event.time_zone, request_language()),
    )


@blueprint.post("/<int:registration_id>/line")
@require_organiser_role("owner", "editor")
def move(slug: str, registration_id: int) -> ResponseReturnValue:
    """One up, one down, or to the position typed."""
    registration = _registration(event_for(slug), registration_id)
    step, typed = request.form.get("step", ""), request.form.get("position", "")
    position = position_asked_for(queries.waiting_position(registration), step, typed)
    if position is None:
        flash(_("Please give the position as a number, from 1."), "error")
    elif move_in_line(registration_id, registration.event_id, position, current_account().id, now_utc()):
        there = queries.waiting_position(_registration(event_for(slug), registration_id))
        flash(_("Moved: %(name)s. Position now: %(number)d.", name=registration.name, number=there), "success")
    else:
        flash(str(attendee_words.CANNOT_PROMOTE_WORDS[CannotPromote.NOT_WAITING]), "warning")
    return redirect(url_for("waiting_list.waiting_list", slug=slug), 303)


@blueprint.get("/<int:registration_id>/place")
@require_organiser_role("owner", "editor")
def promote_page(slug: str, registration_id: int) -> ResponseReturnValue:
    """Asks before the limit is passed; says who is passed over."""
    event = event_for(slug)
    return _promote_page(event, _registration(event, registration_id), PromoteForm(None))


@blueprint.post("/<int:registration_id>/place")
@require_organiser_role("owner", "editor")
def promote_person(slug: str, registration_id: int) -> ResponseReturnValue:
    """A place by hand, whoever stands before."""
    event, form = event_for(slug), PromoteForm(request.form)
    registration = _registration(event, registration_id)
    name, over = registration.name, form.over_capacity.data
    outcome = promote(registration_id, event.id, current_account().id, now_utc(), over_capacity=over)
    match outcome:
        case Promoted():
            flash(_("%(name)s has a place now. A mail with the invitation is on its way.", name=name), "success")
        case CannotPromote.NO_PLACES:
            form.over_capacity.errors = [str(attendee_words.CANNOT_PROMOTE_WORDS[outcome])]
            event = event_for(slug)
            return _promote_page(event, _registration(event, registration_id), form), 422
        case _:
            flash(str(attendee_words.CANNOT_PROMOTE_WORDS[outcome]), "warning")
    if request.form.get("back") == "person":
        return redirect(url_for("attendee.person", slug=slug, registration_id=registration_id), 303)
    return redirect(url_for("waiting_list.waiting_list", slug=slug), 303)


def _promote_page(event: Event, registration: Registration, form: PromoteForm) -> str:
    return render_template(
        "panel/registrations/promote.html",
        **event_page_words(event, now_utc(), request_language()),
        registration=registration,
        position=queries.waiting_position(registration),
        form=form,
        is_full=_is_full(event),
    )


def _is_full(event: Event) -> bool:
    return event.capacity is not None and event.places_taken >= event.capacity


def _registration(event: Event, registration_id: int) -> Registration:
    registration = queries.registration_of_event(registration_id, event.id)
    if registration is None:
        abort(404)
    return registration
