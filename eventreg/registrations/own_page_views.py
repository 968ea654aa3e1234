"""The person's own page, from the signed link in her mails: what she is signed up for, cancel, undo, calendar.

GET never changes anything (abuse 24): a mail scanner may open every link.
"""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.calendars.registration_calendar import calendar_of_registration
from eventreg.clock import now_utc
from eventreg.events.queries import window_of
from eventreg.events.sign_up_window_rules import Places, places_of
from eventreg.events.when_rules import when_words
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.links import read_token
from eventreg.questions.queries import answers_of
from eventreg.registrations import queries
from eventreg.registrations.cancelling import CannotChange, cancel_registration, restore_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.own_page_rules import own_page_state

blueprint = Blueprint("own_page", __name__, url_prefix="/registrations/<token>")

TOKEN_PURPOSE = "registration"  # noqa: S105  # the purpose signed into the link, no secret


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """Personal pages are in no cache and no search engine (abuse 40)."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("")
@limiter.limit("120 per minute")
def own_page(token: str) -> ResponseReturnValue:
    """What the person is signed up for."""
    return _page(token, _registration(token), None)


@blueprint.get("/cancel")
@blueprint.get("/restore")
def back_to_own_page(token: str) -> ResponseReturnValue:
    """Somebody reloaded or opened the address of a button."""
    return redirect(url_for("own_page.own_page", token=token), 303)


@blueprint.post("/cancel")
@limiter.limit("30 per minute")
def cancel(token: str) -> ResponseReturnValue:
    """Give the place back."""
    outcome = cancel_registration(_registration(token).id, now_utc(), by="person")
    return _after(token, outcome if isinstance(outcome, CannotChange) else None)


@blueprint.post("/restore")
@limiter.limit("30 per minute")
def restore(token: str) -> ResponseReturnValue:
    """Take the place again, while there are places."""
    outcome = restore_registration(_registration(token).id, now_utc(), by="person")
    return _after(token, outcome if isinstance(outcome, CannotChange) else None)


@blueprint.get("/event.ics")
def calendar_file(token: str) -> ResponseReturnValue:
    """The event for the person's own calendar, with the UID of her invitation."""
    registration = _registration(token)
    if registration.state != "confirmed":
        abort(404)
    response = make_response(calendar_of_registration(registration))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{registration.event.slug}.ics"'
    return response


def _registration(token: str) -> Registration:
    link_key = read_token(TOKEN_PURPOSE, token)
    registration = queries.registration_by_link_key(link_key) if link_key else None
    if registration is None:
        abort(404)
    return registration


def _after(token: str, problem: CannotChange | None) -> ResponseReturnValue:
    if problem is None:
        return redirect(url_for("own_page.own_page", token=token), 303)
    return _page(token, _registration(token), _problem_words(problem)), 409


def _page(token: str, registration: Registration, problem: str | None) -> str:
    event = registration.event
    state = own_page_state(window_of(event), registration.state, registration.cancelled_by == "organiser", now_utc())
    return render_template(
        "public/own_page.html",
        token=token,
        registration=registration,
        event=event,
        when=when_words(event.starts_at, event.ends_at, event.time_zone, request_language(), all_day=event.all_day),
        state=state,
        answers=answers_of(registration.id, request_language(), access_needs=True),
        problem=problem,
        has_places=places_of(event.capacity, event.places_taken) is not Places.NONE,
    )


def _problem_words(problem: CannotChange) -> str:
    return {
        CannotChange.EVENT_OVER: _("The event is over, so the registration stays as it is."),
        CannotChange.EVENT_CANCELLED: _("The organiser has cancelled the event. Nothing needs to be done."),
        CannotChange.NO_PLACES: _("All places are taken by now, so the registration could not be brought back."),
        CannotChange.NOT_YOURS_TO_RESTORE: _(
            "The organiser cancelled this registration. Please write to the organiser."
        ),
        CannotChange.NOT_FOUND: _("There is no such registration any more."),
    }[problem]
