"""One person on the panel's list: what is known of her, and what the organiser may change."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.events.when_rules import deadline, timestamp
from eventreg.i18n import LANGUAGES, request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.questions.queries import answers_of, live_questions
from eventreg.registrations import attendee_words, queries
from eventreg.registrations.address_changing import AddressChanged, CannotChangeAddress, change_address_for_person
from eventreg.registrations.attendee_forms import AddressForm, CorrectNameForm, NoteForm, ReasonForm
from eventreg.registrations.cancelling import Cancelled, CannotChange, Restored
from eventreg.registrations.cancelling_by_organiser import cancel_for_person, restore_for_person
from eventreg.registrations.correcting import CannotCorrect, correct_name
from eventreg.registrations.models import Registration
from eventreg.registrations.noting import keep_note
from eventreg.registrations.person_page import page_of_person
from eventreg.registrations.resending import resend_confirmation
from eventreg.registrations.standing_rules import LIVE_STATES

blueprint = Blueprint("attendee", __name__, url_prefix="/panel/events/<slug>/registrations/<int:registration_id>")


@blueprint.get("")
@require_organiser_role("owner", "editor")
def person(slug: str, registration_id: int) -> ResponseReturnValue:
    """What is known of the registration, and what can be done."""
    return _page(_registration(event_for(slug), registration_id))


@blueprint.post("/correct")
@require_organiser_role("owner", "editor")
def correct(slug: str, registration_id: int) -> ResponseReturnValue:
    """Another name or surname, and what the office says of the person."""
    registration = _registration(event_for(slug), registration_id)
    form = CorrectNameForm(request.form)
    if not form.validate():
        return _page(registration, form=form), 422
    outcome = correct_name(
        registration_id,
        registration.event_id,
        form.checked_name,
        form.checked_surname,
        current_account().id,
        now_utc(),
        form.office_details(),
    )
    if outcome is CannotCorrect.SAME_PERSON:
        form.name.errors = [_("Somebody with this name and e-mail address is on the list already.")]
        return _page(registration, form=form), 422
    if outcome is CannotCorrect.NOT_FOUND:
        abort(404)
    flash(_("Saved."), "success")
    return _to_person(slug, registration_id)


@blueprint.post("/address")
@require_organiser_role("owner", "editor")
def change_address(slug: str, registration_id: int) -> ResponseReturnValue:
    """Another mailbox for the person, for who cannot read the old one any more."""
    registration = _registration(event_for(slug), registration_id)
    form = AddressForm(request.form)
    if not form.validate():
        return _page(registration, address_form=form), 422
    outcome = change_address_for_person(
        registration_id, registration.event_id, form.checked_email, current_account().id, now_utc()
    )
    if outcome is CannotChangeAddress.SAME_PERSON:
        form.email.errors = [_("Somebody with this name and e-mail address is on the list already.")]
        return _page(registration, address_form=form), 422
    if outcome is CannotChangeAddress.NOT_NOW:
        flash(_("The registration is not valid any more, so its address stays as it is."), "error")
    elif isinstance(outcome, AddressChanged) and not outcome.changed:
        flash(_("This is the address that the registration has now."), "info")
    else:
        return _after(slug, registration_id, outcome, _("The e-mail address is changed. A mail is on its way to it."))
    return _to_person(slug, registration_id)


@blueprint.post("/note")
@require_organiser_role("owner", "editor")
def note(slug: str, registration_id: int) -> ResponseReturnValue:
    """The office's own words."""
    registration = _registration(event_for(slug), registration_id)
    form = NoteForm(request.form)
    if not form.validate():
        return _page(registration, note_form=form), 422
    keep_note(registration_id, registration.event_id, form.note.data or "", current_account().id, now_utc())
    flash(_("The note is saved."), "success")
    return _to_person(slug, registration_id)


@blueprint.post("/cancel")
@require_organiser_role("owner", "editor")
def cancel(slug: str, registration_id: int) -> ResponseReturnValue:
    """Free the place; the person is told by mail, with the reason if one was given."""
    registration = _registration(event_for(slug), registration_id)
    form = ReasonForm(request.form)
    if not form.validate():
        return _page(registration, reason_form=form), 422
    outcome = cancel_for_person(registration, current_account().id, now_utc(), form.reason.data or "")
    if isinstance(outcome, Cancelled) and not outcome.changed:
        flash(_("The registration had been cancelled already."), "info")
        return _to_person(slug, registration_id)
    return _after(slug, registration_id, outcome, _("The registration is cancelled. A mail tells the person."))


@blueprint.post("/restore")
@require_organiser_role("owner", "editor")
def restore(slug: str, registration_id: int) -> ResponseReturnValue:
    """Take the place for the person again, or put her at the end of the waiting list."""
    registration = _registration(event_for(slug), registration_id)
    outcome = restore_for_person(registration, current_account().id, now_utc())
    if isinstance(outcome, Restored) and outcome.dropped:
        labels = ", ".join(outcome.dropped)
        flash(_("Options without a place were taken out of the answers: %(labels)s.", labels=labels), "warning")
    return _after(slug, registration_id, outcome, _("The registration is back. A mail tells the person."))


@blueprint.post("/resend")
@require_organiser_role("owner", "editor")
def resend(slug: str, registration_id: int) -> ResponseReturnValue:
    """The mail that tells where the person stands, once more."""
    registration = _registration(event_for(slug), registration_id)
    outcome = resend_confirmation(registration_id, registration.event_id, current_account().id, now_utc())
    return _after(slug, registration_id, outcome, _("The mail is on its way again."))


def _registration(event: Event, registration_id: int) -> Registration:
    registration = queries.registration_of_event(registration_id, event.id)
    if registration is None:
        abort(404)
    return registration


def _to_person(slug: str, registration_id: int) -> ResponseReturnValue:
    return redirect(url_for("attendee.person", slug=slug, registration_id=registration_id), 303)


def _after(slug: str, registration_id: int, outcome: object, done: str) -> ResponseReturnValue:
    if isinstance(outcome, CannotChange):
        flash(str(attendee_words.CANNOT_CHANGE_WORDS[outcome]), "error")
    else:
        flash(done, "success")
    return _to_person(slug, registration_id)


def _page(
    registration: Registration,
    form: CorrectNameForm | None = None,
    note_form: NoteForm | None = None,
    reason_form: ReasonForm | None = None,
    address_form: AddressForm | None = None,
) -> str:
    event, language = registration.event, request_language()
    return render_template(
        "panel/registrations/person.html",
        event=event,
        registration=registration,
        shown=page_of_person(registration, now_utc()),
        seen=now_utc().isoformat(),
        form=form or CorrectNameForm(None, obj=registration),
        note_form=note_form or NoteForm(None, obj=registration),
        reason_form=reason_form or ReasonForm(None),
        address_form=address_form or AddressForm(None),
        answers=answers_of(registration.id, language),
        may_answer=registration.state in LIVE_STATES
        and any(question.kind != "access_needs" for question in live_questions(event.id)),
        words=attendee_words,
        language_name=LANGUAGES.get(registration.language, registration.language),
        moment=lambda at: timestamp(at, event.time_zone, language),
        until=lambda at: deadline(at, event.time_zone, language),
    )
