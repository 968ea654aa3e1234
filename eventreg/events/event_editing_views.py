"""Writing an event: a new one, changes to one, and how it will look."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.clock import now_utc
from eventreg.events.change_register import replaced_values
from eventreg.events.event_addresses import free_address_like
from eventreg.events.event_changes import Changed, ChangedMeanwhile, Gone, NothingChanged, change_event
from eventreg.events.event_creating import SlugTaken, create_event
from eventreg.events.event_forms import EventForm, new_event_form
from eventreg.events.event_loading import fields_of
from eventreg.events.event_page_views import preview_of_event
from eventreg.events.event_rules import EventDiff, EventFields, diff_event, is_capacity_below_taken
from eventreg.events.models import Event
from eventreg.events.own_event_pages import editing_sections, event_page_words
from eventreg.events.queries import PUBLIC_STATES
from eventreg.events.sign_up_policy_words import promoted_words
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, organisers_with_role, require_organiser_role
from eventreg.organisers.models import Organiser
from eventreg.registrations.event_mails import count_event_mails
from eventreg.series.series_editing import series_choices

blueprint = Blueprint("event_editing", __name__, url_prefix="/panel/events")

UNSENT_FIELDS = frozenset({"csrf_token", "step", "tell", "asked"})
"""What the page between form and saving says itself, and does not carry on from the form."""


@blueprint.get("/new")
@require_organiser_role("editor")
def new_event() -> ResponseReturnValue:
    """The empty form."""
    organiser = _chosen_organiser()
    form = new_event_form(current_account().name)
    return _new_page(organiser, form)


@blueprint.post("/new")
@require_organiser_role("editor")
def create() -> ResponseReturnValue:
    """Makes the draft."""
    organiser = _chosen_organiser()
    form = EventForm()
    form.offer_series(series_choices([organiser.id]))
    if not form.validate():
        return _new_page(organiser, form), 422
    fields = form.fields
    if not form.slug.data:
        fields = replace(fields, slug=free_address_like(fields.slug))
    match create_event(organiser.id, fields, current_account().id, now_utc()):
        case SlugTaken():
            form.slug.errors = [_address_taken()]
            return _new_page(organiser, form), 422
        case created:
            flash(_("The draft is saved. Nobody but you and your colleagues sees it."), "success")
            return redirect(_after_saving(created.event), 303)


@blueprint.get("/<slug>")
@require_organiser_role("editor")
def event_home(slug: str) -> ResponseReturnValue:
    """Where an event's work is: the text of a draft, the people of a published one."""
    event = event_for(slug)
    if event.state == "draft":
        return redirect(url_for("event_editing.edit", slug=slug))
    return redirect(f"{request.script_root}/panel/events/{slug}/registrations")


@blueprint.get("/<slug>/edit")
@require_organiser_role("editor")
def edit(slug: str) -> ResponseReturnValue:
    """The form, filled in."""
    event = event_for(slug)
    if event.state == "archived":
        return redirect(url_for("event_history.history", slug=slug))
    form = EventForm.of(fields_of(event), event.revision, request_language())
    return _edit_page(event, form)


@blueprint.post("/<slug>/edit")
@require_organiser_role("editor")
def save(slug: str) -> ResponseReturnValue:
    """Saves, after asking whether to tell the participants of a published event."""
    event = event_for(slug)
    form = EventForm()
    form.offer_series(series_choices([event.organiser_id]))
    if request.form.get("step") == "back":
        return _edit_page(event, form)
    if not form.validate():
        return _edit_page(event, form), 422
    fields = form.fields
    if not form.slug.data:
        fields = replace(fields, slug=free_address_like(fields.slug, event.id))
    revision = form.known_revision()
    if event.revision == revision and not request.form.get("asked"):
        diff = diff_event(fields_of(event), fields)
        mails = count_event_mails(event.id) if event.state == "published" and diff.changes else 0
        if mails:
            return _ask_page(event, diff, mails, fields.capacity)
    outcome = change_event(event.id, fields, revision, bool(request.form.get("tell")), current_account().id, now_utc())
    return _answer(outcome, form, fields)


def _answer(outcome: object, form: EventForm, fields: EventFields) -> ResponseReturnValue:
    match outcome:
        case Changed(event=event, mails=mails, promoted=promoted):
            flash(_saved_words(event, mails, promoted), "success")
            _warn_of_capacity(event)
            return redirect(_after_saving(event), 303)
        case NothingChanged(event=event):
            flash(_("Nothing was changed."), "info")
            return redirect(_after_saving(event), 303)
        case ChangedMeanwhile(event=event):
            theirs = replaced_values(diff_event(fields, fields_of(event)), request_language())
            form.revision.data = str(event.revision)
            return _edit_page(event, form, meanwhile=theirs), 409
        case SlugTaken():
            form.slug.errors = [_address_taken()]
            return _edit_page(event_for(request.view_args["slug"]), form), 422  # type: ignore[index]  # in the rule
        case Gone():
            flash(_("The event was moved to the archive meanwhile. Nothing was saved."), "warning")
            return redirect(url_for("own_events.own_event_list"), 303)
    abort(500)


@blueprint.get("/<slug>/preview")
@require_organiser_role("editor")
def preview(slug: str) -> ResponseReturnValue:
    """The page as visitors will see it, marked as a preview; for members only. A public one is shown itself."""
    event = event_for(slug)
    if event.state in PUBLIC_STATES:
        return redirect(url_for("event_page.event_page", slug=slug))
    return preview_of_event(event)


def _chosen_organiser() -> Organiser:
    """For which organiser an event is made; only those where one may."""
    organisers = organisers_with_role("editor")
    asked = request.values.get("organiser", "")
    chosen = [organiser for organiser in organisers if organiser.slug == asked] if asked else organisers
    if not chosen:
        abort(404)
    return chosen[0]


def _new_page(organiser: Organiser, form: EventForm) -> str:
    form.offer_series(series_choices([organiser.id]))
    return render_template(
        "panel/events/new.html",
        form=form,
        organiser=organiser,
        organisers=organisers_with_role("editor"),
        has_errors=bool(form.errors),
        sections=editing_sections(),
    )


def _edit_page(event: Event, form: EventForm, meanwhile: object = ()) -> str:
    form.offer_series(series_choices([event.organiser_id]))
    return render_template(
        "panel/events/edit.html",
        form=form,
        meanwhile=meanwhile,
        has_errors=bool(form.errors),
        is_typed=request.method == "POST",
        too_few_places=_too_few_places(event, event.capacity),
        mails=count_event_mails(event.id) if event.state == "published" else 0,
        sections=editing_sections(),
        **event_page_words(event, now_utc(), request_language()),
    )


def _ask_page(event: Event, diff: EventDiff, mails: int, capacity: int | None) -> str:
    return render_template(
        "panel/events/ask.html",
        kept=[(name, value) for name, value in request.form.items(multi=True) if name not in UNSENT_FIELDS],
        changes=replaced_values(diff, request_language()),
        mails=mails,
        too_few_places=_too_few_places(event, capacity),
        ticked=diff.is_told_by_default and event.ends_at > now_utc(),
        then=request.form.get("then", ""),
        **event_page_words(event, now_utc(), request_language()),
    )


def _after_saving(event: Event) -> str:
    """Where a saved form leads: the preview when that button was pressed, else the form again."""
    page = "preview" if request.form.get("then") == "preview" else "edit"
    return url_for(f"event_editing.{page}", slug=event.slug)


def _saved_words(event: Event, mails: int, promoted: int) -> str:
    if promoted:
        return _("The changes are saved.") + " " + promoted_words(event.promotion, promoted)
    if mails:
        return ngettext(
            "The changes are saved. %(num)d mail goes out.", "The changes are saved. %(num)d mails go out.", mails
        )
    if event.state == "draft":
        return _("The draft is saved.")
    return _("The changes are saved. No mail goes out.")


def _too_few_places(event: Event, capacity: int | None) -> str:
    """What a capacity below the places taken means; '' when there are enough."""
    if not is_capacity_below_taken(capacity, event.places_taken):
        return ""
    return ngettext(
        "%(num)d place is taken, and the limit is %(capacity)d. Nobody loses a place. New sign-ups are possible when "
        "fewer than %(capacity)d are taken.",
        "%(num)d places are taken, and the limit is %(capacity)d. Nobody loses a place. New sign-ups are possible when "
        "fewer than %(capacity)d are taken.",
        event.places_taken,
        capacity=capacity,
    )


def _warn_of_capacity(event: Event) -> None:
    if is_capacity_below_taken(event.capacity, event.places_taken):
        flash(
            ngettext(
                "More places are taken (%(num)d) than there are now. Nobody was crossed off the list.",
                "More places are taken (%(num)d) than there are now. Nobody was crossed off the list.",
                event.places_taken,
            ),
            "warning",
        )


def _address_taken() -> str:
    return _("Another event has this address, or had it once. Please choose another one.")
