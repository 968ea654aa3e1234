"""Moving a person to another event of the same organiser: the page that asks where to, and the move."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.events.when_rules import table_moment
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations import attendee_words, queries
from eventreg.registrations.attendee_forms import MoveForm
from eventreg.registrations.models import Registration
from eventreg.registrations.moving_between_events import MOVABLE, Moved, move_registration
from eventreg.registrations.person_page import events_to_move_to, page_of_person

blueprint = Blueprint("moving", __name__, url_prefix="/panel/events/<slug>/registrations/<int:registration_id>/move")


@blueprint.get("")
@require_organiser_role("owner", "editor")
def move_page(slug: str, registration_id: int) -> ResponseReturnValue:
    """Where to, and what comes of it."""
    event = event_for(slug)
    return _page(event, _registration(event, registration_id), _form(event))


@blueprint.post("")
@require_organiser_role("owner", "editor")
def move(slug: str, registration_id: int) -> ResponseReturnValue:
    """Out of this event, into the chosen one."""
    event = event_for(slug)
    registration, form = _registration(event, registration_id), _form(event)
    if not form.validate():
        form.target.errors = [_("Please choose one of the events.")]
        return _page(event, registration, form), 422
    outcome = move_registration(registration_id, event.id, form.target.data, current_account().id, now_utc())
    if not isinstance(outcome, Moved):
        form.target.errors = [str(attendee_words.CANNOT_MOVE_WORDS[outcome])]
        event = event_for(slug)
        return _page(event, _registration(event, registration_id), form), 422
    if outcome.is_waiting:
        flash(_("Moved to the waiting list of this event. Mails tell the person."), "success")
    else:
        flash(_("Moved to this event, with a place. Mails tell the person."), "success")
    slug, registration_id = outcome.target_slug, outcome.registration_id
    return redirect(url_for("attendee.person", slug=slug, registration_id=registration_id), 303)


def _form(event: Event) -> MoveForm:
    form = MoveForm(request.form if request.method == "POST" else None)
    form.offer([(one.id, _words(one)) for one in events_to_move_to(event, now_utc())])
    return form


def _words(event: Event) -> str:
    return f"{table_moment(event.starts_at, event.time_zone, request_language(), with_year=True)} · {event.title}"


def _page(event: Event, registration: Registration, form: MoveForm) -> str:
    return render_template(
        "panel/registrations/move.html",
        event=event,
        registration=registration,
        form=form,
        is_movable=registration.state in MOVABLE and page_of_person(registration, now_utc()).is_event_open,
    )


def _registration(event: Event, registration_id: int) -> Registration:
    registration = queries.registration_of_event(registration_id, event.id)
    if registration is None:
        abort(404)
    return registration
