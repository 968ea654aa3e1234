"""An owner's own people: who works for the organiser, and as what."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.organisers import accounts
from eventreg.organisers.access import current_account, organiser_for, organisers_with_role, require_organiser_role
from eventreg.organisers.account_forms import ROLE_HINTS, ROLE_WORDS, InvitePersonForm, RoleForm
from eventreg.organisers.accounts import AccountRefusal, Invitation
from eventreg.organisers.models import Organiser
from eventreg.organisers.queries import people_of
from eventreg.organisers.refusal_words import refusal_words

blueprint = Blueprint("people", __name__, url_prefix="/panel/organisers")


@blueprint.get("/")
@require_organiser_role("owner")
def own_organisers() -> ResponseReturnValue:
    """The organisers that the signed-in person owns; a single one opens at once."""
    organisers = organisers_with_role("owner")
    if len(organisers) == 1:
        return redirect(url_for("people.people", slug=organisers[0].slug))
    return render_template("panel/organiser/own_organisers.html", organisers=organisers)


@blueprint.get("/<slug>/people")
@require_organiser_role("owner")
def people(slug: str) -> ResponseReturnValue:
    """Who works here, and the form to invite somebody."""
    return _page(organiser_for(slug), InvitePersonForm(language="pl", role="editor"))


@blueprint.post("/<slug>/people")
@require_organiser_role("owner")
def invite_person(slug: str) -> ResponseReturnValue:
    """Invites somebody, or gives a role to an account that exists."""
    organiser, form = organiser_for(slug), InvitePersonForm()
    if not form.validate():
        return _page(organiser, form), 422
    invitation = Invitation(
        email=form.email.data or "",
        name=form.name.data or "",
        language=form.language.data,
        organiser_id=organiser.id,
        role=form.role.data,
    )
    account = accounts.invite(invitation, current_account().id, now_utc())
    if account.password is None:
        flash(_("An invitation is on its way to %(email)s.", email=account.email), "success")
    else:
        flash(_("The account exists already; the role was added."), "success")
    return redirect(url_for("people.people", slug=slug), 303)


@blueprint.post("/<slug>/people/<int:membership_id>/role")
@require_organiser_role("owner")
def change_role(slug: str, membership_id: int) -> ResponseReturnValue:
    """Gives a person another role."""
    organiser, form = organiser_for(slug), RoleForm()
    if not form.validate():
        abort(400)
    refusal = accounts.change_role(membership_id, organiser.id, form.role.data, current_account().id, now_utc())
    return _back(slug, refusal, _("The role is changed."))


@blueprint.post("/<slug>/people/<int:membership_id>/remove")
@require_organiser_role("owner")
def remove_person(slug: str, membership_id: int) -> ResponseReturnValue:
    """The person no longer works for this organiser."""
    organiser = organiser_for(slug)
    refusal = accounts.remove_from_organiser(membership_id, organiser.id, current_account().id, now_utc())
    return _back(slug, refusal, _("The person no longer has a role here."))


def _back(slug: str, refusal: AccountRefusal | None, done: str) -> ResponseReturnValue:
    if refusal is AccountRefusal.NOT_FOUND:
        abort(404)
    flash(done if refusal is None else refusal_words(refusal), "success" if refusal is None else "error")
    return redirect(url_for("people.people", slug=slug), 303)


def _page(organiser: Organiser, form: InvitePersonForm) -> str:
    return render_template(
        "panel/organiser/people.html",
        organiser=organiser,
        form=form,
        people=people_of(organiser.id),
        role_words=ROLE_WORDS,
        role_hints=ROLE_HINTS,
        own_id=current_account().id,
    )
