"""The organiser writes down what a person answers by telephone or letter.

Access needs are not among it: the person says them herself, or the owner notes them (duties.md 5).
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.questions.answer_forms import AnswersForm, correction_form
from eventreg.questions.correcting_answers import Corrected, OptionsFull, correct_answers
from eventreg.registrations import queries
from eventreg.registrations.models import Registration

blueprint = Blueprint(
    "attendee_answers", __name__, url_prefix="/panel/events/<slug>/registrations/<int:registration_id>/answers"
)


@blueprint.get("")
@require_organiser_role("owner", "editor")
def answers_page(slug: str, registration_id: int) -> ResponseReturnValue:
    """The event's questions with what she answered so far."""
    registration = _registration(slug, registration_id)
    return _page(registration, _form(registration))


@blueprint.post("")
@require_organiser_role("owner", "editor")
def correct(slug: str, registration_id: int) -> ResponseReturnValue:
    """Save; 422 with the form when something is to be changed first."""
    registration = _registration(slug, registration_id)
    form = _form(registration, request.form)
    if not form.validate():
        return _page(registration, form), 422
    outcome = correct_answers(registration_id, form.given_answers(), now_utc(), account_id=current_account().id)
    if isinstance(outcome, OptionsFull):
        form.refuse_full(registration.event_id, outcome.labels)
        return _page(registration, form), 422
    if isinstance(outcome, Corrected):
        flash(_("The answers are saved."), "success")
    else:
        flash(_("The registration was cancelled or the event is over, so the answers stay as they were."), "error")
    return redirect(url_for("attendee.person", slug=slug, registration_id=registration_id), 303)


def _registration(slug: str, registration_id: int) -> Registration:
    registration = queries.registration_of_event(registration_id, event_for(slug).id)
    if registration is None:
        abort(404)
    return registration


def _form(registration: Registration, formdata: object = None) -> AnswersForm:
    return correction_form(
        registration.id,
        registration.event_id,
        request_language(),
        formdata,
        access_needs=False,
        all_optional=True,
    )


def _page(registration: Registration, form: AnswersForm) -> str:
    event = registration.event
    return render_template("panel/registrations/person_answers.html", event=event, registration=registration, form=form)
