"""The personal calendar: asked for on an own page, subscribed to, given another address, switched off.

GET never changes anything (abuse 24). A link that is forged, was revoked or switched off is 404, the same for page and
calendar; a new address is mailed and never shown, so that whoever found an old one gains nothing by it (abuse 32).
"""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.calendars.feed import CANCELLED_STAYS, PAST_STAYS
from eventreg.calendars.personal_feed import calendar_name, personal_feed
from eventreg.calendars.subscribe_rules import qr_picture, ways_to_subscribe
from eventreg.clock import now_utc
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.links import absolute_url, read_token
from eventreg.registrations.own_page_views import BUTTON_LIMIT, PAGE_LIMIT, keep_private, registration_or_404
from eventreg.registrations.personal_calendar import (
    CalendarSeen,
    ask_for_calendar,
    calendar_seen,
    renew_address,
    switch_off,
)

blueprint = Blueprint("personal_calendar", __name__)

TOKEN_PURPOSE = "personal_calendar"  # noqa: S105  # the purpose signed into the link, no secret

FRESH_SECONDS = 300
"""How long a program may show the calendar without asking."""


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """Pages are stored nowhere, the calendar by its owner's program alone (abuse 40)."""
    kept_by_program = request.endpoint == "personal_calendar.calendar_file"
    cache_control = response.headers.get("Cache-Control")
    keep_private(response)
    if kept_by_program and cache_control is not None:
        response.headers["Cache-Control"] = cache_control
    return response


def _link_key_or_404(token: str) -> str:
    link_key = read_token(TOKEN_PURPOSE, token)
    if link_key is None:
        abort(404)
    return link_key


def _calendar_or_404(token: str) -> CalendarSeen:
    seen = calendar_seen(_link_key_or_404(token))
    if seen is None:
        abort(404)
    return seen


@blueprint.post("/registrations/<token>/personal-calendar")
@limiter.limit(BUTTON_LIMIT)
def ask(token: str) -> ResponseReturnValue:
    """The address goes to the mailbox of the registration, whoever pressed the button (abuse 27)."""
    ask_for_calendar(registration_or_404(token).id, request_language(), now_utc())
    return redirect(url_for("own_page.own_page", token=token, calendar="asked"), 303)


@blueprint.get("/registrations/<token>/personal-calendar")
def back_to_own_page(token: str) -> ResponseReturnValue:
    """Somebody reloaded or opened the address of the button."""
    return redirect(url_for("own_page.own_page", token=token), 303)


@blueprint.get("/me/<token>.ics")
@limiter.limit(PAGE_LIMIT)
def calendar_file(token: str) -> ResponseReturnValue:
    """The calendar itself. 304 by ETag alone: what has left a calendar leaves no date behind."""
    feed = personal_feed(_calendar_or_404(token).calendar, request_language(), now_utc())
    response: Response = current_app.response_class(feed.body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
    response.set_etag(feed.tag)
    if request.if_none_match:
        response.make_conditional(request)
    response.last_modified = feed.changed_at
    return response


@blueprint.get("/me/<token>")
@limiter.limit(PAGE_LIMIT)
def calendar_page(token: str) -> ResponseReturnValue:
    """How to subscribe, and how to revoke the address."""
    seen = _calendar_or_404(token)
    address = absolute_url("personal_calendar.calendar_file", request_language(), token=token)
    page = absolute_url("personal_calendar.calendar_page", request_language(), token=token)
    return render_template(
        "public/personal_calendar.html",
        token=token,
        name=seen.name,
        ways=ways_to_subscribe(address, calendar_name()),
        qr=qr_picture(page),
        cancelled_days=CANCELLED_STAYS.days,
        past_days=PAST_STAYS.days,
    )


@blueprint.get("/me/<token>/new-address")
@blueprint.get("/me/<token>/off")
def back_to_calendar_page(token: str) -> ResponseReturnValue:
    """Somebody reloaded or opened the address of a button."""
    return redirect(url_for("personal_calendar.calendar_page", token=token), 303)


@blueprint.post("/me/<token>/new-address")
@limiter.limit(BUTTON_LIMIT)
def new_address(token: str) -> ResponseReturnValue:
    """The old address is dead at once; the new one comes by mail."""
    if not renew_address(_link_key_or_404(token), request_language(), now_utc()):
        abort(404)
    return redirect(url_for("personal_calendar.renewed_page"), 303)


@blueprint.post("/me/<token>/off")
@limiter.limit(BUTTON_LIMIT)
def off(token: str) -> ResponseReturnValue:
    """No calendar any more."""
    if not switch_off(_link_key_or_404(token)):
        abort(404)
    return redirect(url_for("personal_calendar.off_page"), 303)


@blueprint.get("/me/renewed")
def renewed_page() -> ResponseReturnValue:
    """What happens next; the same for everybody."""
    return render_template("public/personal_calendar_renewed.html")


@blueprint.get("/me/switched-off")
def off_page() -> ResponseReturnValue:
    """It is off, and how to have one again; the same for everybody."""
    return render_template("public/personal_calendar_off.html")
