"""One person on the panel's list: correct the name, cancel, take back, send the confirmation again."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.events.when_rules import timestamp
from eventreg.i18n import LANGUAGES, request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations import attendee_words, queries
from eventreg.registrations.attendee_forms import CorrectNameForm
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.cancelling_by_organiser import cancel_for_person, restore_for_person
from eventreg.registrations.correcting import CannotCorrect, correct_name
from eventreg.registrations.models import Registration
from eventreg.registrations.resending import resend_confirmation

blueprint = Blueprint("attendee", __name__, url_prefix="/panel/events/<slug>/registrations/<int:registration_id>")


@blueprint.get("")
@require_organiser_role("owner", "editor")
def person(slug: str, registration_id: int) -> ResponseReturnValue:
    """What is known of the registration, and what can be done."""
    registration = _registration(event_for(slug), registration_id)
    return _page(registration, CorrectNameForm(name=registration.name, surname=registration.surname))


@blueprint.post("/correct")
@require_organiser_role("owner", "editor")
def correct(slug: str, registration_id: int) -> ResponseReturnValue:
    """Another name or surname."""
    registration = _registration(event_for(slug), registration_id)
    form = CorrectNameForm(request.form)
    if not form.validate():
        return _page(registration, form), 422
    outcome = correct_name(
        registration_id,
        registration.event_id,
        form.checked_name,
        form.checked_surname,
        current_account().id,
        now_utc(),
    )
    if outcome is CannotCorrect.SAME_PERSON:
        form.name.errors = [_("Somebody with this name and e-mail address is on the list already.")]
        return _page(registration, form), 422
    if outcome is CannotCorrect.NOT_FOUND:
        abort(404)
    flash(_("The name is saved."), "success")
    return redirect(url_for("attendee.person", slug=slug, registration_id=registration_id), 303)


@blueprint.post("/cancel")
@require_organiser_role("owner", "editor")
def cancel(slug: str, registration_id: int) -> ResponseReturnValue:
    """Free the place; the person is told by mail."""
    registration = _registration(event_for(slug), registration_id)
    outcome = cancel_for_person(registration, current_account().id, now_utc())
    done = _("The registration is cancelled, the place is free. A mail tells the person.")
    return _after(slug, registration, outcome, done)


@blueprint.post("/restore")
@require_organiser_role("owner", "editor")
def restore(slug: str, registration_id: int) -> ResponseReturnValue:
    """Take the place for the person again."""
    registration = _registration(event_for(slug), registration_id)
    outcome = restore_for_person(registration, current_account().id, now_utc())
    return _after(slug, registration, outcome, _("The registration is back. A mail tells the person."))


@blueprint.post("/resend")
@require_organiser_role("owner", "editor")
def resend(slug: str, registration_id: int) -> ResponseReturnValue:
    """The confirmation with its invitation once more."""
    registration = _registration(event_for(slug), registration_id)
    outcome = resend_confirmation(registration_id, registration.event_id, current_account().id, now_utc())
    return _after(slug, registration, outcome, _("The confirmation is on its way again."))


def _registration(event: Event, registration_id: int) -> Registration:
    registration = queries.registration_of_event(registration_id, event.id)
    if registration is None:
        abort(404)
    return registration


def _after(slug: str, registration: Registration, outcome: object, done: str) -> ResponseReturnValue:
    if isinstance(outcome, CannotChange):
        flash(str(attendee_words.CANNOT_CHANGE_WORDS[outcome]), "error")
    else:
        flash(done, "success")
    return redirect(url_for("attendee.person", slug=slug, registration_id=registration.id), 303)


def _page(registration: Registration, form: CorrectNameForm) -> str:
    event = registration.event
    return render_template(
        "panel/registrations/person.html",
        event=event,
        registration=registration,
        form=form,
        words=attendee_words,
        language_name=LANGUAGES.get(registration.language, registration.language),
        last_mail=queries.last_mails(registration.event_id, [registration]).get(registration.id),
        moment=lambda at: timestamp(at, event.time_zone, request_language()),
    )
