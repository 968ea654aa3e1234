"""What the organiser does with the people ticked on the list: admit them or not, mark who came, write to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations import attendee_words, queries
from eventreg.registrations.approval import ACCEPTABLE, DECLINABLE, Decided, EventClosed, accept, decline
from eventreg.registrations.attendance import mark_attendance
from eventreg.registrations.attendee_forms import ReasonForm
from eventreg.registrations.attendee_list_rules import read_ids, read_seen
from eventreg.registrations.decision_words import decided_words, did_something, marked_words

blueprint = Blueprint("approval", __name__, url_prefix="/panel/events/<slug>/registrations")

_MARKS = {"present": True, "absent": False, "unsaid": None}
_ASKS_FIRST = {
    "accept_with_note": "approval.accept_page",
    "decline": "approval.decline_page",
    "write": "messages.new_message",
}
_KEPT = ("q", "state", "category", "order", "page")
"""What the list was narrowed to, so that one comes back to the same people."""


@blueprint.post("/chosen")
@require_organiser_role("owner", "editor")
def act_on_chosen(slug: str) -> ResponseReturnValue:
    """One button under the list, for everybody who is ticked; `doing` says which."""
    event, ids = event_for(slug), read_ids(request.form.getlist("person"))
    doing = request.form.get("doing", "")
    if not ids:
        flash(_("Nobody was chosen. Please tick at least one person."), "error")
        return _back(slug)
    if doing in _ASKS_FIRST:
        return redirect(url_for(_ASKS_FIRST[doing], slug=slug, person=ids), 303)
    if doing == "accept":
        decided = accept(event.id, ids, current_account().id, now_utc(), seen_at=_seen_at())
        flash(decided_words(decided), "success" if did_something(decided) else "warning")
    elif doing in _MARKS:
        marked = mark_attendance(event.id, ids, _MARKS[doing], current_account().id, now_utc())
        flash(marked_words(marked), "success" if did_something(marked) else "warning")
    return _back(slug, ids)


@blueprint.get("/accept")
@require_organiser_role("owner", "editor")
def accept_page(slug: str) -> ResponseReturnValue:
    """Whom it concerns, and what to tell them besides."""
    return _decision_page(event_for(slug), read_ids(request.args.getlist("person")), ReasonForm(None), ACCEPTABLE)


@blueprint.post("/accept")
@require_organiser_role("owner", "editor")
def accept_chosen(slug: str) -> ResponseReturnValue:
    """Admitted; each is told once, with the same words."""
    event, ids, form = event_for(slug), read_ids(request.form.getlist("person")), ReasonForm(request.form)
    if not form.validate():
        return _decision_page(event, ids, form, ACCEPTABLE), 422
    note, me = form.reason.data or "", current_account().id
    return _decided(event, ids, accept(event.id, ids, me, now_utc(), note, seen_at=_seen_at()))


@blueprint.get("/decline")
@require_organiser_role("owner", "editor")
def decline_page(slug: str) -> ResponseReturnValue:
    """Whom it concerns, and what to tell them."""
    return _decision_page(event_for(slug), read_ids(request.args.getlist("person")), ReasonForm(None), DECLINABLE)


@blueprint.post("/decline")
@require_organiser_role("owner", "editor")
def decline_chosen(slug: str) -> ResponseReturnValue:
    """Not admitted; each is told once, with the same words."""
    event, ids, form = event_for(slug), read_ids(request.form.getlist("person")), ReasonForm(request.form)
    if not form.validate():
        return _decision_page(event, ids, form, DECLINABLE), 422
    note, me = form.reason.data or "", current_account().id
    return _decided(event, ids, decline(event.id, ids, note, me, now_utc(), seen_at=_seen_at()))


def _seen_at() -> datetime | None:
    """When the page was made whose button was pressed."""
    return read_seen(request.form.get("seen", ""))


def _decided(event: Event, ids: list[int], outcome: Decided | EventClosed) -> ResponseReturnValue:
    words = decided_words(outcome) or _("Nobody was chosen. Please tick at least one person.")
    flash(words, "success" if did_something(outcome) else "warning")
    if len(ids) == 1 and queries.registration_of_event(ids[0], event.id) is not None:
        return redirect(url_for("attendee.person", slug=event.slug, registration_id=ids[0]), 303)
    return redirect(url_for("attendee_list.registration_list", slug=event.slug), 303)


def _decision_page(event: Event, ids: list[int], form: ReasonForm, states: Sequence[str]) -> str:
    chosen = [one for one in queries.registrations_now(ids) if one.event_id == event.id]
    return render_template(
        "panel/registrations/decision.html",
        event=event,
        admits=states is ACCEPTABLE,
        people=[one for one in chosen if one.state in states],
        left_alone=[one for one in chosen if one.state not in states],
        seen=now_utc().isoformat(),
        form=form,
        words=attendee_words,
    )


def _back(slug: str, ids: list[int] | None = None) -> ResponseReturnValue:
    """To the page one came from: the person's, or the list as it was narrowed."""
    if request.form.get("back") == "person" and ids:
        return redirect(url_for("attendee.person", slug=slug, registration_id=ids[0]), 303)
    kept: dict[str, Any] = {name: request.form[name] for name in _KEPT if request.form.get(name)}
    return redirect(url_for("attendee_list.registration_list", slug=slug, **kept), 303)
