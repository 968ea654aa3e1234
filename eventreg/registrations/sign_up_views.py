"""Signing up on the event page: one POST, answered with a redirect to the same thanks page for everybody."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.after_sign_up import steps_after_sign_up
from eventreg.events.event_page_views import render_event_page
from eventreg.events.models import Event
from eventreg.events.queries import PUBLIC_STATES, event_by_former_slug, event_by_slug, public_event_at
from eventreg.events.sign_up_policy_words import allowed_domains_words
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_forms import SignUpForm, sign_up_form_of
from eventreg.registrations.sign_up_rules import Refusal, Refused

blueprint = Blueprint("sign_up", __name__)

PER_CLIENT = "60 per minute; 600 per hour"
"""A whole office is one client address, so the limit is wide; mail quotas stand in the database."""


@blueprint.post("/events/<slug>")
@limiter.limit(PER_CLIENT)
def take_sign_up(slug: str) -> ResponseReturnValue:
    """Sign up; 303 to the thanks page, 422 with the form when something is to be corrected."""
    found = public_event_at(slug)
    if found is None:
        abort(404)
    event_id, slug_now = found
    form = sign_up_form_of(event_id, request_language())(request.form)
    if not form.validate():
        return render_event_page(_visible_event(slug), form, 422)
    result = sign_up(event_id, form.to_request(request_language()), now_utc())
    if isinstance(result, Refused):
        return _refused(_visible_event(slug), form, result)
    return redirect(url_for("sign_up.thanks", slug=slug_now), 303)


@blueprint.get("/events/<slug>/thanks")
def thanks(slug: str) -> ResponseReturnValue:
    """What happens next; the same for everybody."""
    event = _visible_event(slug)
    contact = event.contact_email or event.organiser.contact_email
    steps = steps_after_sign_up(event)
    response = make_response(render_template("public/thanks.html", event=event, contact=contact, steps=steps))
    response.headers["Cache-Control"] = "public, no-cache"  # the last place may go within a second
    return response


def _visible_event(slug: str) -> Event:
    event = event_by_slug(slug) or event_by_former_slug(slug)  # a form may be open while the address changes
    if event is None or event.state not in PUBLIC_STATES:
        abort(404)
    return event


def _refused(event: Event, form: SignUpForm, refused: Refused) -> ResponseReturnValue:
    """The page again, which tells what the event's state is now; above a mailbox's cap the field explains."""
    if refused.reason is Refusal.NO_SUCH_EVENT:
        abort(404)
    if refused.reason is Refusal.OPTION_FULL:
        form.refuse_full(event.id, refused.detail)
    elif refused.reason is Refusal.DOMAIN:
        form.email.errors = [allowed_domains_words(event.allowed_domains)]
    elif refused.reason is Refusal.ADDRESS_CAP:
        form.email.errors = [
            _(
                "As many people as the organiser allows are signed up with this address already. "
                "Please use another address or write to the organiser."
            )
        ]
    else:
        form.form_errors = [
            _("All places are taken, so the registration could not be accepted.")
            if refused.reason is Refusal.FULL
            else _("Registrations for this event are not being accepted now.")
        ]
    return render_event_page(event, form, 422)
