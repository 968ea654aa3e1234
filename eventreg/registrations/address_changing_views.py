"""Another address: the form on the own page's side, and the page where each of the two mailboxes agrees (abuse 27)."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.sign_up_policy_words import allowed_domains_words
from eventreg.events.when_rules import deadline
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.links import read_token
from eventreg.registrations.address_changing import (
    Asked,
    CannotAsk,
    ChangeSeen,
    ChangeStanding,
    agree,
    ask_address_change,
    change_seen,
)
from eventreg.registrations.models import Registration
from eventreg.registrations.own_page_forms import NewAddressForm
from eventreg.registrations.own_page_rules import ADDRESS_CHANGE_HOURS, Deed, deeds
from eventreg.registrations.own_page_views import (
    BUTTON_LIMIT,
    PAGE_LIMIT,
    keep_private,
    registration_or_404,
    state_of,
)
from eventreg.registrations.own_page_words import CANNOT_ASK_WORDS, CANNOT_CHANGE_WORDS

blueprint = Blueprint("address_changing", __name__)
blueprint.after_request(keep_private)

TOKEN_PURPOSE = "address_change"  # noqa: S105  # the purpose signed into the link, no secret


@blueprint.get("/registrations/<token>/address")
@limiter.limit(PAGE_LIMIT)
def new_address_page(token: str) -> ResponseReturnValue:
    """The form; back to the own page when the address cannot change any more."""
    registration = registration_or_404(token)
    if Deed.CHANGE_ADDRESS not in deeds(state_of(registration)):
        return redirect(url_for("own_page.own_page", token=token), 303)
    return _form_page(token, registration, NewAddressForm(None))


@blueprint.post("/registrations/<token>/address")
@limiter.limit(BUTTON_LIMIT)
def ask(token: str) -> ResponseReturnValue:
    """Write to both mailboxes; the answer is the same whether the new address is known here or not."""
    registration = registration_or_404(token)
    form = NewAddressForm(request.form)
    if not form.validate():
        return _form_page(token, registration, form), 422
    outcome = ask_address_change(registration.id, form.checked_email, now_utc())
    if isinstance(outcome, Asked):
        return redirect(url_for("address_changing.asked_page", token=token), 303)
    if outcome is CannotAsk.DOMAIN:
        form.email.errors = [allowed_domains_words(registration.event.allowed_domains)]
    elif isinstance(outcome, CannotAsk):
        form.email.errors = [CANNOT_ASK_WORDS[outcome]]
    else:
        form.form_errors = [CANNOT_CHANGE_WORDS[outcome]]
    return _form_page(token, registration, form), 422


@blueprint.get("/registrations/<token>/address/asked")
@limiter.limit(PAGE_LIMIT)
def asked_page(token: str) -> ResponseReturnValue:
    """What happens next."""
    event = registration_or_404(token).event
    return render_template("public/address_asked.html", token=token, event=event, hours=ADDRESS_CHANGE_HOURS)


@blueprint.get("/address-change/<token>")
@limiter.limit(PAGE_LIMIT)
def address_change_page(token: str) -> ResponseReturnValue:
    """What one mailbox is asked, with the button; nothing happens by opening it (abuse 24)."""
    return _change_page(token, _seen(token))


@blueprint.post("/address-change/<token>")
@limiter.limit(BUTTON_LIMIT)
def agree_to_change(token: str) -> ResponseReturnValue:
    """This mailbox agrees."""
    link_key = read_token(TOKEN_PURPOSE, token)
    standing = agree(link_key, now_utc()) if link_key else None
    if standing is None:
        abort(404)
    if standing in (ChangeStanding.HALF, ChangeStanding.DONE):
        return redirect(url_for("address_changing.address_change_page", token=token), 303)
    return _change_page(token, _seen(token)), 409


def _seen(token: str) -> ChangeSeen:
    link_key = read_token(TOKEN_PURPOSE, token)
    seen = change_seen(link_key, now_utc()) if link_key else None
    if seen is None:
        abort(404)
    return seen


def _form_page(token: str, registration: Registration, form: NewAddressForm) -> str:
    event = registration.event
    return render_template(
        "public/address_new.html",
        token=token,
        event=event,
        form=form,
        domains=allowed_domains_words(event.allowed_domains),
        has_errors=bool(form.errors or form.form_errors),
    )


def _change_page(token: str, seen: ChangeSeen) -> str:
    return render_template(
        "public/address_change.html",
        token=token,
        event=seen.event,
        name=seen.name,
        to_new=seen.to_new,
        standing=seen.standing.value,
        until=deadline(seen.expires_at, seen.event.time_zone, request_language()),
    )
