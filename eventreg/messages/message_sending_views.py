"""Sending a message: a test to oneself, the start, its progress, pausing, continuing, stopping."""

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.clock import now_utc
from eventreg.events.own_event_pages import event_page_words
from eventreg.i18n import request_language
from eventreg.messages.message_rules import state_shown
from eventreg.messages.message_views import find_message
from eventreg.messages.messaging import (
    NobodyToWriteTo,
    NoDraft,
    Started,
    continue_message,
    pause_message,
    send_test,
    start_message,
    stop_message,
)
from eventreg.messages.queries import figures_of
from eventreg.organisers.access import current_account, require_organiser_role

blueprint = Blueprint("message_sending", __name__, url_prefix="/panel/events/<slug>/messages/<int:message_id>")


@blueprint.post("/test")
@require_organiser_role("owner", "editor")
def test(slug: str, message_id: int) -> ResponseReturnValue:
    """To the organiser's own mailbox alone."""
    event, _message = find_message(slug, message_id)
    account = current_account()
    if send_test(message_id, event, account, request_language(), now_utc()):
        flash(_("A test is on its way to %(address)s.", address=account.email), "success")
    else:
        _say_too_late()
    return _back(slug, message_id)


@blueprint.post("/send")
@require_organiser_role("owner", "editor")
def send(slug: str, message_id: int) -> ResponseReturnValue:
    """To everybody meant; a second click finds it started."""
    event, _message = find_message(slug, message_id)
    match start_message(message_id, event, current_account().id, now_utc()):
        case Started(mails=mails):
            flash(ngettext("%(num)d mail goes out.", "%(num)d mails go out.", mails), "success")
        case NobodyToWriteTo():
            flash(_("There is nobody to write to. Please choose other recipients."), "warning")
        case NoDraft():
            _say_too_late()
    return _back(slug, message_id)


@blueprint.post("/pause")
@require_organiser_role("owner", "editor")
def pause(slug: str, message_id: int) -> ResponseReturnValue:
    """What waits is held."""
    event, _message = find_message(slug, message_id)
    if not pause_message(message_id, event, current_account().id, now_utc()):
        _say_too_late()
    return _back(slug, message_id)


@blueprint.post("/continue")
@require_organiser_role("owner", "editor")
def go_on(slug: str, message_id: int) -> ResponseReturnValue:
    """What was held leaves."""
    event, _message = find_message(slug, message_id)
    if not continue_message(message_id, event, current_account().id, now_utc()):
        _say_too_late()
    return _back(slug, message_id)


@blueprint.get("/stop")
@require_organiser_role("owner", "editor")
def ask_to_stop(slug: str, message_id: int) -> ResponseReturnValue:
    """Asks before, because it cannot be undone."""
    event, found = find_message(slug, message_id)
    figures = figures_of([found.id])[found.id]
    if state_shown(found.state, figures) not in ("sending", "paused"):
        _say_too_late()
        return _back(slug, message_id)
    return render_template(
        "panel/messages/stop.html",
        message=found,
        waiting=figures.waiting,
        **event_page_words(event, now_utc(), request_language()),
    )


@blueprint.post("/stop")
@require_organiser_role("owner", "editor")
def stop(slug: str, message_id: int) -> ResponseReturnValue:
    """What has not left never will."""
    event, _message = find_message(slug, message_id)
    if stop_message(message_id, event, current_account().id, now_utc()):
        flash(_("Stopped. What was sent cannot be taken back; nothing more will leave."), "success")
    else:
        _say_too_late()
    return _back(slug, message_id)


@blueprint.get("/progress.json")
@require_organiser_role("owner", "editor")
def progress(slug: str, message_id: int) -> ResponseReturnValue:
    """The figures for the bar that lives; numbers only, nobody's name or address."""
    _event, found = find_message(slug, message_id)
    figures = figures_of([found.id])[found.id]
    return jsonify(
        state=state_shown(found.state, figures),
        total=figures.total,
        settled=figures.settled,
        sent=figures.sent,
        failed=figures.failed,
        waiting=figures.waiting,
        stopped=figures.stopped,
    )


def _say_too_late() -> None:
    flash(_("The message is in another state meanwhile. Its page shows which."), "info")


def _back(slug: str, message_id: int) -> ResponseReturnValue:
    return redirect(url_for("messages.message", slug=slug, message_id=message_id), 303)
