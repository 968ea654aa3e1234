"""Messages to the people of an event: the list, writing one, and how it will read."""

from datetime import datetime
from typing import Any

from babel.dates import format_timedelta
from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.event_rules import DEFAULT_ZONE
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.events.when_rules import table_moment
from eventreg.i18n import request_language
from eventreg.messages import message_words
from eventreg.messages.audience_rules import read_audience, read_ids
from eventreg.messages.message_forms import MessageForm, message_form
from eventreg.messages.message_preview import MessagePreview, preview_of_message
from eventreg.messages.message_report import report_of
from eventreg.messages.message_rules import Figures, state_shown
from eventreg.messages.messaging import discard_message, rewrite_message, write_message
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import count_recipients, figures_of, ids_of_event, message_of_event, messages_of_event
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.outbox import mail_words
from eventreg.outbox.mail_log_views import FRAMING_POLICY, PREVIEW_POLICY

blueprint = Blueprint("messages", __name__, url_prefix="/panel/events/<slug>/messages")


@blueprint.get("")
@require_organiser_role("owner", "editor")
def message_list(slug: str) -> ResponseReturnValue:
    """Every message kept with the event, the newest first."""
    event = event_for(slug)
    messages = messages_of_event(event.id)
    figures = figures_of([message.id for message in messages])
    lines = [_line(message, figures[message.id]) for message in messages]
    return render_template("panel/messages/list.html", lines=lines, **_page_words(event))


@blueprint.get("/new")
@require_organiser_role("owner", "editor")
def new_message(slug: str) -> ResponseReturnValue:
    """The empty form; `?person=1&person=2` are people picked from the list of registrations."""
    event = event_for(slug)
    picked = ids_of_event(event.id, read_ids(request.args.getlist("person")))
    return _form_page(event, message_form(event, request_language(), picked=picked))


@blueprint.post("/new")
@require_organiser_role("owner", "editor")
def write(slug: str) -> ResponseReturnValue:
    """Keeps the draft and shows how it will read."""
    event = event_for(slug)
    form = message_form(event, request_language(), request.form)
    if not form.validate():
        return _form_page(event, form), 422
    message_id = write_message(event, form.to_wording(), current_account().id, now_utc())
    return redirect(url_for("messages.message", slug=slug, message_id=message_id), 303)


@blueprint.get("/<int:message_id>/edit")
@require_organiser_role("owner", "editor")
def edit(slug: str, message_id: int) -> ResponseReturnValue:
    """The form with a draft in it; what was sent is only shown."""
    event, message = find_message(slug, message_id)
    if message.state != "draft":
        return redirect(url_for("messages.message", slug=slug, message_id=message_id))
    return _form_page(event, message_form(event, request_language(), message=message), message)


@blueprint.post("/<int:message_id>/edit")
@require_organiser_role("owner", "editor")
def rewrite(slug: str, message_id: int) -> ResponseReturnValue:
    """Keeps the changed draft."""
    event, message = find_message(slug, message_id)
    form = message_form(event, request_language(), request.form)
    if message.state == "draft" and not form.validate():
        return _form_page(event, form, message), 422
    if message.state != "draft" or not rewrite_message(
        message_id, event, form.to_wording(), current_account().id, now_utc()
    ):
        flash(_("The message was sent already, so it cannot be changed."), "warning")
    return redirect(url_for("messages.message", slug=slug, message_id=message_id), 303)


@blueprint.post("/<int:message_id>/discard")
@require_organiser_role("owner", "editor")
def discard(slug: str, message_id: int) -> ResponseReturnValue:
    """Throws a draft away."""
    event, _message = find_message(slug, message_id)
    if discard_message(message_id, event, current_account().id, now_utc()):
        flash(_("The draft was discarded."), "success")
        return redirect(url_for("messages.message_list", slug=slug), 303)
    flash(_("The message was sent already, so it is kept with the event."), "warning")
    return redirect(url_for("messages.message", slug=slug, message_id=message_id), 303)


@blueprint.get("/<int:message_id>")
@require_organiser_role("owner", "editor")
def message(slug: str, message_id: int) -> ResponseReturnValue:
    """A draft as it will read for one real recipient; a message that went out: how far it has got."""
    event, found = find_message(slug, message_id)
    words = {**_page_words(event), "message": found, "to_whom": message_words.audience_words(found, request_language())}
    if found.state != "draft":
        report = report_of(found, now_utc())
        return render_template(
            "panel/messages/progress.html",
            report=report,
            took=format_timedelta(report.took, locale=request_language()) if report.took is not None else "",
            failure_words=mail_words.failure_words,
            **words,
        )
    mailboxes, people = count_recipients(event.id, read_audience(found.audience))
    page = render_template(
        "panel/messages/draft.html",
        mailboxes=mailboxes,
        people=people,
        preview=_preview(event, found),
        own_address=current_account().email,
        **words,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


@blueprint.get("/<int:message_id>/html")
@require_organiser_role("owner", "editor")
def preview_html(slug: str, message_id: int) -> ResponseReturnValue:
    """A draft's HTML for the frame of its preview."""
    event, found = find_message(slug, message_id)
    preview = _preview(event, found)
    if preview is None:
        abort(404)
    response = make_response(preview.readable.html)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def find_message(slug: str, message_id: int) -> tuple[Event, EventMessage]:
    """The event and its message, or 404."""
    event = event_for(slug)
    found = message_of_event(message_id, event.id)
    if found is None:
        abort(404)
    return event, found


def _preview(event: Event, found: EventMessage) -> MessagePreview | None:
    return preview_of_message(event, found, request.args.get("recipient", 1, type=int))


def _line(found: EventMessage, figures: Figures) -> dict[str, Any]:
    return {
        "message": found,
        "figures": figures,
        "state": state_shown(found.state, figures),
        "to_whom": message_words.audience_words(found, request_language()),
    }


def _form_page(event: Event, form: MessageForm, found: EventMessage | None = None) -> str:
    return render_template(
        "panel/messages/form.html",
        form=form,
        message=found,
        placeholders=message_words.placeholders_in(request_language()),
        **_page_words(event),
    )


def _page_words(event: Event) -> dict[str, Any]:
    return {
        **event_page_words(event, now_utc(), request_language()),
        "words": message_words,
        "moment": _moment,
    }


def _moment(at: datetime) -> str:
    return table_moment(at, DEFAULT_ZONE, request_language(), with_year=True)
