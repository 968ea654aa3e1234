"""What happens to an event as a whole: publishing, withdrawing, calling off, deleting, copying, restoring."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.clock import now_utc
from eventreg.events.event_cancelling import AlreadyOver, Cancelled, cancel_event
from eventreg.events.event_changes import Gone
from eventreg.events.event_creating import copy_event
from eventreg.events.event_deleting import (
    Archived,
    CancelFirst,
    Deleted,
    Restored,
    removal_for,
    remove_event,
    restore_event,
)
from eventreg.events.event_life_forms import CancelForm
from eventreg.events.event_publishing import (
    NotPublishable,
    NotPublished,
    Published,
    Withdrawn,
    publish_event,
    withdraw_event,
)
from eventreg.events.event_words import OBSTACLE_WORDS
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations.event_mails import count_event_mails

blueprint = Blueprint("event_life", __name__, url_prefix="/panel/events/<slug>")


@blueprint.get("/publish")
@require_organiser_role("editor")
def publish_page(slug: str) -> ResponseReturnValue:
    """What is missing, what should be put right, and the button."""
    return _page("publish", event_for(slug))


@blueprint.post("/publish")
@require_organiser_role("editor")
def publish(slug: str) -> ResponseReturnValue:
    """Publishes, or says what is missing."""
    event = event_for(slug)
    match publish_event(event.id, current_account(), now_utc()):
        case Published(event=published):
            flash(_("The event is published."), "success")
            return redirect(url_for("event_editing.edit", slug=published.slug), 303)
        case NotPublishable(obstacles=obstacles):
            refused = [OBSTACLE_WORDS[obstacle] for obstacle in obstacles]
            return _page("publish", event_for(slug), refused=refused, has_errors=True), 422
        case Gone():
            return _gone()


@blueprint.get("/withdraw")
@require_organiser_role("editor")
def withdraw_page(slug: str) -> ResponseReturnValue:
    """Asks, and says that nobody is told."""
    event = event_for(slug)
    return _page("withdraw", event) if event.state == "published" else _to_edit(event)


@blueprint.post("/withdraw")
@require_organiser_role("editor")
def withdraw(slug: str) -> ResponseReturnValue:
    """Back to a draft."""
    event = event_for(slug)
    match withdraw_event(event.id, current_account().id, now_utc()):
        case Withdrawn():
            flash(_("The event is withdrawn from publication. It is a draft again."), "success")
        case NotPublished():
            flash(_("The event is not published."), "info")
        case Gone():
            return _gone()
    return _to_edit(event)


@blueprint.get("/cancel")
@require_organiser_role("editor")
def cancel_page(slug: str) -> ResponseReturnValue:
    """Asks for the reason, and says how many mails go out."""
    event = event_for(slug)
    return _page("cancel", event, form=CancelForm()) if event.state == "published" else _to_edit(event)


@blueprint.post("/cancel")
@require_organiser_role("editor")
def cancel(slug: str) -> ResponseReturnValue:
    """Calls the event off and tells everybody who is signed up."""
    event, form = event_for(slug), CancelForm()
    if not form.validate():
        return _page("cancel", event, form=form, has_errors=True), 422
    match cancel_event(event.id, str(form.reason.data), current_account().id, now_utc()):
        case Cancelled(mails=mails):
            flash(
                ngettext(
                    "The event is cancelled. %(num)d mail goes out.",
                    "The event is cancelled. %(num)d mails go out.",
                    mails,
                ),
                "success",
            )
        case NotPublished():
            flash(_("Only a published event can be cancelled. Nothing was changed."), "warning")
        case AlreadyOver():
            flash(_("The event is over, so it cannot be cancelled. Nothing was changed."), "warning")
        case Gone():
            return _gone()
    return _to_edit(event)


@blueprint.get("/delete")
@require_organiser_role("editor")
def delete_page(slug: str) -> ResponseReturnValue:
    """Says what deleting means for this event, and asks."""
    event = event_for(slug)
    return _to_history(event) if event.state == "archived" else _page("delete", event)


@blueprint.post("/delete")
@require_organiser_role("editor")
def delete(slug: str) -> ResponseReturnValue:
    """Deletes, or moves to the archive."""
    event = event_for(slug)
    match remove_event(event.id, current_account().id, now_utc()):
        case Deleted(title=title):
            flash(_("The event “%(title)s” is deleted.", title=title), "success")
        case Archived(event=archived):
            flash(_("The event “%(title)s” is in the archive.", title=archived.title), "success")
        case CancelFirst():
            return _page("delete", event_for(slug), has_errors=True), 422
        case Gone():
            return _gone()
    return redirect(url_for("own_events.own_event_list"), 303)


@blueprint.post("/restore")
@require_organiser_role("editor")
def restore(slug: str) -> ResponseReturnValue:
    """Out of the archive; a draft again."""
    event = event_for(slug)
    match restore_event(event.id, current_account().id, now_utc()):
        case Restored():
            flash(_("The event is out of the archive. It is a draft again."), "success")
        case Gone():
            flash(_("The event is not in the archive."), "info")
    return _to_edit(event)


@blueprint.post("/copy")
@require_organiser_role("editor")
def copy(slug: str) -> ResponseReturnValue:
    """A new draft that begins as this event reads."""
    account = current_account()
    made = copy_event(event_for(slug).id, account.id, account.name, now_utc())
    if made is None:
        return _gone()
    flash(_("This is the copy, a draft. Please check the title and give the new date."), "success")
    return redirect(url_for("event_editing.edit", slug=made.slug), 303)


def _page(name: str, event: Event, **values: object) -> str:
    """One of the pages that ask before something happens."""
    now = now_utc()
    return render_template(
        f"panel/events/{name}.html",
        removal=removal_for(event, now).value,
        mails=count_event_mails(event.id),
        **{**event_page_words(event, now, request_language()), **values},
    )


def _to_edit(event: Event) -> ResponseReturnValue:
    return redirect(url_for("event_editing.edit", slug=event.slug), 303 if request.method == "POST" else 302)


def _to_history(event: Event) -> ResponseReturnValue:
    return redirect(url_for("event_history.history", slug=event.slug))


def _gone() -> ResponseReturnValue:
    flash(_("The event was deleted or moved to the archive meanwhile. Nothing was changed."), "warning")
    return redirect(url_for("own_events.own_event_list"), 303)
