"""The page where a person corrects her name and answers."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.questions.answer_forms import AnswersForm, correction_form
from eventreg.questions.correcting_answers import OptionsFull
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.correcting import CannotCorrect, Corrected
from eventreg.registrations.models import Registration
from eventreg.registrations.own_corrections import correct_own
from eventreg.registrations.own_page_forms import OwnNameForm
from eventreg.registrations.own_page_rules import Deed, deeds
from eventreg.registrations.own_page_views import (
    BUTTON_LIMIT,
    PAGE_LIMIT,
    keep_private,
    registration_or_404,
    state_of,
)
from eventreg.registrations.own_page_words import CANNOT_CHANGE_WORDS

blueprint = Blueprint("own_corrections", __name__, url_prefix="/registrations/<token>/correct")
blueprint.after_request(keep_private)


@blueprint.get("")
@limiter.limit(PAGE_LIMIT)
def corrections_page(token: str) -> ResponseReturnValue:
    """The form with what is kept now; back to the own page when nothing can be corrected any more."""
    registration = registration_or_404(token)
    if Deed.CORRECT not in deeds(state_of(registration)):
        return redirect(url_for("own_page.own_page", token=token), 303)
    answers = correction_form(registration.id, registration.event_id, request_language())
    return _page(token, registration, OwnNameForm(None, name=registration.name), answers)


@blueprint.post("")
@limiter.limit(BUTTON_LIMIT)
def correct(token: str) -> ResponseReturnValue:
    """Save; 422 with the form when something is to be changed first."""
    registration = registration_or_404(token)
    form = OwnNameForm(request.form)
    answers = correction_form(registration.id, registration.event_id, request_language(), request.form)
    if not all([form.validate(), answers.validate()]):
        return _page(token, registration, form, answers), 422
    outcome = correct_own(registration.id, form.checked_name, answers.given_answers(), now_utc())
    if isinstance(outcome, Corrected):
        return redirect(url_for("own_page.own_page", token=token, saved=1), 303)
    _tell(outcome, registration.event_id, form, answers)
    return _page(token, registration, form, answers), 422


def _tell(
    outcome: CannotCorrect | OptionsFull | CannotChange, event_id: int, form: OwnNameForm, answers: AnswersForm
) -> None:
    if isinstance(outcome, OptionsFull):
        answers.refuse_full(event_id, outcome.labels)
    elif isinstance(outcome, CannotChange):
        form.form_errors = [CANNOT_CHANGE_WORDS[outcome]]
    elif outcome is CannotCorrect.SAME_PERSON:
        form.name.errors = [_("Somebody with this name is signed up with the same address already.")]
    else:
        form.form_errors = [_("The registration is not valid any more, so nothing was changed.")]


def _page(token: str, registration: Registration, form: OwnNameForm, answers: AnswersForm) -> str:
    return render_template(
        "public/own_corrections.html",
        token=token,
        event=registration.event,
        may_substitute=Deed.SUBSTITUTE in deeds(state_of(registration)),
        form=form,
        answers=answers,
        has_errors=bool(form.errors or answers.errors or form.form_errors or answers.form_errors),
    )
