"""The page for signing up several people in one go; it answers with the same thanks page for everybody (abuse 16)."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.markdown_rules import to_html
from eventreg.events.models import Event
from eventreg.events.queries import PUBLIC_STATES, event_by_former_slug, event_by_slug, window_of
from eventreg.events.sign_up_policy_words import allowed_domains_words, freed_place_words
from eventreg.events.sign_up_window_rules import SignUpStatus, sign_up_status
from eventreg.events.when_rules import when_words
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.privacy.queries import clause_by_id
from eventreg.registrations.group_sign_up import sign_up_group, terms_of
from eventreg.registrations.group_sign_up_forms import GroupForm
from eventreg.registrations.group_sign_up_rules import GroupRefusal, GroupRefused, may_not_fit

blueprint = Blueprint("group_sign_up", __name__)

PER_CLIENT = "60 per minute; 600 per hour"
"""Forms, not people: a group counts once. How many people one mailbox may sign up is limited in the database."""


@blueprint.get("/events/<slug>/group")
def group_form(slug: str) -> ResponseReturnValue:
    """The empty form; the event's own page where no group can be signed up, which tells why."""
    event = _visible_event(slug)
    status = sign_up_status(window_of(event), now_utc())
    if event.group_limit < 2 or status not in (SignUpStatus.OPEN, SignUpStatus.WAITING):
        return redirect(url_for("event_page.event_page", slug=event.slug), 303)
    response = _page(event, GroupForm(event, request_language()), 200)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.post("/events/<slug>/group")
@limiter.limit(PER_CLIENT)
def take_group(slug: str) -> ResponseReturnValue:
    """Sign up; 303 to the thanks page, 422 with the form when something is to be corrected, 200 with one row more."""
    event = _visible_event(slug)
    form = GroupForm(event, request_language(), request.form)
    if form.asked_for_more:
        return _page(event, form, 200)
    if not form.validate():
        return _page(event, form, 422)
    result = sign_up_group(event.id, form.to_request(request_language()), now_utc())
    if isinstance(result, GroupRefused):
        if result.reason is GroupRefusal.NO_SUCH_EVENT:
            abort(404)
        form.explain(result)
        return _page(event, form, 422)
    return redirect(url_for("sign_up.thanks", slug=event.slug), 303)


def _visible_event(slug: str) -> Event:
    event = event_by_slug(slug) or event_by_former_slug(slug)  # a form may be open while the address changes
    if event is None or event.state not in PUBLIC_STATES:
        abort(404)
    return event


def _page(event: Event, form: GroupForm, status_code: int) -> Response:
    now, language = now_utc(), request_language()
    status = sign_up_status(window_of(event), now)
    clause = clause_by_id(event.organiser.current_clause_id)
    clause_text = clause and ((clause.text_en if language == "en" else "") or clause.text_pl)
    html = render_template(
        "public/group_sign_up.html",
        event=event,
        form=form,
        status=status.value,
        asks_about_places=may_not_fit(window_of(event), terms_of(event), now),
        when=when_words(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        domains=allowed_domains_words(event.allowed_domains),
        freed_words=freed_place_words(event.promotion, event.offer_hours),
        clause=clause_text and to_html(clause_text, first_heading=3),
        clause_language="en" if clause and language == "en" and clause.text_en else "pl",
        has_errors=status_code == 422,
    )
    response = make_response(html, status_code)
    response.headers["Cache-Control"] = "private, no-store"
    return response
