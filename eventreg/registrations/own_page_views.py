"""The person's own page, from the signed link in her mails: where she stands and what she can do, in every state.

GET never changes anything (abuse 24): a mail scanner may open every link. Each button POSTs.
"""

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.calendars.adding_to_calendar import participants_calendar_links
from eventreg.calendars.registration_calendar import calendar_of_registration
from eventreg.clock import now_utc
from eventreg.events.queries import window_of
from eventreg.events.when_rules import deadline, when_words
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.links import read_token
from eventreg.questions.queries import answers_of
from eventreg.registrations import queries
from eventreg.registrations.cancelling import (
    CannotChange,
    Restored,
    cancel_registration,
    restore_registration,
)
from eventreg.registrations.facts_for_mails import event_facts
from eventreg.registrations.holds_and_offers import Taken, accept_offer, confirm_address, expire_due
from eventreg.registrations.models import Registration
from eventreg.registrations.own_page_rules import OwnPageState, OwnStanding, deeds, own_page_state
from eventreg.registrations.own_page_words import CANNOT_CHANGE_WORDS, TAKEN_WORDS
from eventreg.registrations.personal_calendar_rules import MAIL_CALENDAR_EVERY_MINUTES
from eventreg.registrations.standing_rules import Entry, place_or_line

blueprint = Blueprint("own_page", __name__, url_prefix="/registrations/<token>")

TOKEN_PURPOSE = "registration"  # noqa: S105  # the purpose signed into the link, no secret

PAGE_LIMIT, BUTTON_LIMIT = "120 per minute", "30 per minute"
"""A whole office is one client address."""


def keep_private(response: Response) -> Response:
    """Personal pages are in no cache and no search engine (abuse 40)."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


blueprint.after_request(keep_private)


def registration_or_404(token: str) -> Registration:
    """The registration that a link names; 404 for a link that is forged, or was revoked."""
    link_key = read_token(TOKEN_PURPOSE, token)
    registration = queries.registration_by_link_key(link_key) if link_key else None
    if registration is None:
        abort(404)
    return registration


def state_of(registration: Registration) -> OwnPageState:
    """What her page shows now."""
    standing = OwnStanding(
        registration.state, registration.cancelled_by, registration.offer_until, registration.hold_until
    )
    return own_page_state(window_of(registration.event), standing, now_utc())


@blueprint.get("")
@limiter.limit(PAGE_LIMIT)
def own_page(token: str) -> ResponseReturnValue:
    """What the person is signed up for, and where she stands."""
    return _page(token, registration_or_404(token))


@blueprint.get("/confirm")
@blueprint.get("/accept")
@blueprint.get("/cancel")
@blueprint.get("/restore")
def back_to_own_page(token: str) -> ResponseReturnValue:
    """Somebody reloaded or opened the address of a button."""
    return redirect(url_for("own_page.own_page", token=token), 303)


@blueprint.post("/confirm")
@limiter.limit(BUTTON_LIMIT)
def confirm(token: str) -> ResponseReturnValue:
    """The address is hers: the registration counts."""
    return _after(token, confirm_address(registration_or_404(token).id, now_utc()))


@blueprint.post("/accept")
@limiter.limit(BUTTON_LIMIT)
def accept(token: str) -> ResponseReturnValue:
    """Take the place that is offered."""
    return _after(token, accept_offer(registration_or_404(token).id, now_utc()))


@blueprint.post("/cancel")
@limiter.limit(BUTTON_LIMIT)
def cancel(token: str) -> ResponseReturnValue:
    """Give the place back, or leave the line."""
    return _after(token, cancel_registration(registration_or_404(token).id, now_utc(), by="person"))


@blueprint.post("/restore")
@limiter.limit(BUTTON_LIMIT)
def restore(token: str) -> ResponseReturnValue:
    """Come back: to a place, to the waiting list, or to wait for the organiser's decision."""
    registration = registration_or_404(token)
    if registration.state != "cancelled":
        expire_due(now_utc())  # her page says already that the time has run out
    return _after(token, restore_registration(registration.id, now_utc(), by="person"))


@blueprint.get("/event.ics")
def calendar_file(token: str) -> ResponseReturnValue:
    """The event for the person's own calendar, with the UID of her invitation."""
    registration = registration_or_404(token)
    if registration.state != "confirmed":
        abort(404)
    response = make_response(calendar_of_registration(registration))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{registration.event.slug}.ics"'
    return response


def _after(token: str, outcome: object) -> ResponseReturnValue:
    """Back to the page, which shows where she stands; or the page at once with what has to be said besides."""
    if isinstance(outcome, CannotChange):
        return _page(token, registration_or_404(token), str(CANNOT_CHANGE_WORDS[outcome])), 409
    if isinstance(outcome, Taken) and outcome in TAKEN_WORDS:
        return _page(token, registration_or_404(token), str(TAKEN_WORDS[outcome])), 409
    if isinstance(outcome, Restored) and outcome.dropped:
        options = "; ".join(outcome.dropped)
        told = _("No places are left here, so this was taken out of your answers: %(options)s.", options=options)
        return _page(token, registration_or_404(token), told)
    return redirect(url_for("own_page.own_page", token=token), 303)


def _page(token: str, registration: Registration, told: str = "") -> str:
    event, language = registration.event, request_language()
    state = state_of(registration)
    until = registration.offer_until or registration.hold_until
    return render_template(
        "public/own_page.html",
        token=token,
        registration=registration,
        event=event,
        when=when_words(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        state=state.value,
        deeds={deed.value for deed in deeds(state)},
        position=queries.waiting_position(registration),
        until=deadline(until, event.time_zone, language) if until is not None else "",
        answers=answers_of(registration.id, language, access_needs=True),
        told=told,
        is_saved=request.args.get("saved") == "1",
        is_calendar_asked=request.args.get("calendar") == "asked",
        calendar_minutes=MAIL_CALENDAR_EVERY_MINUTES,
        calendar_links=participants_calendar_links(event_facts(event), event.organiser.name, language),
        **_coming_back(registration),
    )


def _coming_back(registration: Registration) -> dict[str, Any]:
    """What awaits somebody who comes back."""
    entry = place_or_line(window_of(registration.event))
    by_decision = registration.event.approval
    return {
        "can_return": by_decision or entry is not Entry.NO_PLACE,
        "returns_to_line": not by_decision and entry is Entry.WAITLISTED,
        "had_place": registration.confirmed_at is not None,
    }
