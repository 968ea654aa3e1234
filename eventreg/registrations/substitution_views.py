"""'Somebody comes instead': the page where a person names a colleague."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.sign_up_policy_words import allowed_domains_words
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.questions.queries import live_questions
from eventreg.registrations.models import Registration
from eventreg.registrations.own_page_forms import SubstituteForm
from eventreg.registrations.own_page_rules import Deed, deeds
from eventreg.registrations.own_page_views import (
    BUTTON_LIMIT,
    PAGE_LIMIT,
    keep_private,
    registration_or_404,
    state_of,
)
from eventreg.registrations.own_page_words import CANNOT_CHANGE_WORDS, CANNOT_SUBSTITUTE_WORDS
from eventreg.registrations.substitution import CannotSubstitute, Substituted, substitute

blueprint = Blueprint("substitution", __name__, url_prefix="/registrations/<token>/substitute")
blueprint.after_request(keep_private)


@blueprint.get("")
@limiter.limit(PAGE_LIMIT)
def substitution_page(token: str) -> ResponseReturnValue:
    """The form; back to the own page when there is nothing to hand over."""
    registration = registration_or_404(token)
    if Deed.SUBSTITUTE not in deeds(state_of(registration)):
        return redirect(url_for("own_page.own_page", token=token), 303)
    return _page(token, registration, SubstituteForm(None))


@blueprint.post("")
@limiter.limit(BUTTON_LIMIT)
def name_substitute(token: str) -> ResponseReturnValue:
    """Hand the place over; 422 with the form when the person named cannot take it."""
    registration = registration_or_404(token)
    form = SubstituteForm(request.form)
    if not form.validate():
        return _page(token, registration, form), 422
    outcome = substitute(registration.id, form.to_substitute(request_language()), now_utc())
    if isinstance(outcome, Substituted):
        return redirect(url_for("own_page.own_page", token=token), 303)
    if outcome is CannotSubstitute.DOMAIN:
        form.email.errors = [allowed_domains_words(registration.event.allowed_domains)]
    elif isinstance(outcome, CannotSubstitute):
        form.form_errors = [CANNOT_SUBSTITUTE_WORDS[outcome]]
    else:
        form.form_errors = [CANNOT_CHANGE_WORDS[outcome]]
    return _page(token, registration, form), 422


def _page(token: str, registration: Registration, form: SubstituteForm) -> str:
    event = registration.event
    domains = allowed_domains_words(event.allowed_domains)
    return render_template(
        "public/substitution.html",
        token=token,
        registration=registration,
        event=event,
        form=form,
        domains=domains,
        has_questions=bool(live_questions(event.id)),
        has_errors=bool(form.errors or form.form_errors),
    )
