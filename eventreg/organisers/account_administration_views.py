"""The administrator's list of accounts: inviting, roles, closing and opening again, a lost telephone."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.organisers import accounts
from eventreg.organisers.access import current_account, is_administrator, require_site_administrator
from eventreg.organisers.account_forms import ROLE_WORDS, InviteAccountForm
from eventreg.organisers.accounts import AccountRefusal, Invitation
from eventreg.organisers.models import Account, Organiser
from eventreg.organisers.queries import account_by_id, all_accounts, all_organisers, organiser_by_slug
from eventreg.organisers.refusal_words import refusal_words
from eventreg.organisers.second_factor import has_second_factor, turn_off_second_factor

blueprint = Blueprint("account_administration", __name__, url_prefix="/panel/administration/accounts")

Change = Callable[[int, int, datetime], AccountRefusal | None]


@blueprint.get("/")
@require_site_administrator
def account_list() -> ResponseReturnValue:
    """Everybody who can sign in."""
    return render_template(
        "panel/administration/accounts.html",
        accounts=all_accounts(),
        role_words=ROLE_WORDS,
        is_administrator=is_administrator,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@require_site_administrator
def new_account() -> ResponseReturnValue:
    """Invites somebody; `?organiser=` proposes for whom. For a known address the role is added."""
    form = _invite_form()
    if request.method == "POST" and form.validate():
        account = _invite(form)
        if account is not None:
            flash(_invited_words(account), "success")
            return redirect(url_for("account_administration.show_account", account_id=account.id), 303)
    return render_template("panel/administration/new_account.html", form=form), 422 if form.errors else 200


@blueprint.get("/<int:account_id>")
@require_site_administrator
def show_account(account_id: int) -> ResponseReturnValue:
    """One account, what it may do, and what may be done with it."""
    account = account_by_id(account_id) or abort(404)
    return render_template(
        "panel/administration/account.html",
        account=account,
        role_words=ROLE_WORDS,
        has_second_factor=has_second_factor(account),
        is_administrator=is_administrator(account),
    )


@blueprint.post("/<int:account_id>/deactivate")
@require_site_administrator
def deactivate(account_id: int) -> ResponseReturnValue:
    """The account can no longer sign in."""
    return _change(account_id, accounts.deactivate, _("The account is closed; all its sessions have ended."))


@blueprint.post("/<int:account_id>/activate")
@require_site_administrator
def activate(account_id: int) -> ResponseReturnValue:
    """The account can sign in again."""
    return _change(account_id, accounts.activate, _("The account is open again."))


@blueprint.post("/<int:account_id>/invite-again")
@require_site_administrator
def invite_again(account_id: int) -> ResponseReturnValue:
    """Sends a new invitation."""
    return _change(account_id, accounts.invite_again, _("A new invitation is on its way."))


@blueprint.post("/<int:account_id>/administrator")
@require_site_administrator
def make_administrator(account_id: int) -> ResponseReturnValue:
    """Makes the account an administrator."""
    return _change(account_id, accounts.make_administrator, _("The account is an administrator now."))


@blueprint.post("/<int:account_id>/administrator/end")
@require_site_administrator
def unmake_administrator(account_id: int) -> ResponseReturnValue:
    """Takes the care for the site away from the account."""
    return _change(account_id, accounts.unmake_administrator, _("The account is no longer an administrator."))


@blueprint.post("/<int:account_id>/second-factor/reset")
@require_site_administrator
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    """For a lost telephone: the password alone signs in, until the person sets the second step up again."""

    def change(changed_id: int, by_account_id: int, now: datetime) -> None:
        turn_off_second_factor(changed_id, by_account_id, "second_factor_reset", now)

    return _change(account_id, change, _("The second step is off until the person turns it on again."))


@blueprint.post("/<int:account_id>/roles/<int:membership_id>/remove")
@require_site_administrator
def remove_role(account_id: int, membership_id: int) -> ResponseReturnValue:
    """Takes a role at an organiser away."""
    account = account_by_id(account_id) or abort(404)
    entry = next((entry for entry in account.memberships if entry.id == membership_id), None)
    if entry is None:
        abort(404)
    refusal = accounts.remove_from_organiser(entry.id, entry.organiser_id, current_account().id, now_utc())
    return _back(account_id, refusal, _("The role is taken away."))


def _change(account_id: int, change: Change, done: str) -> ResponseReturnValue:
    if account_by_id(account_id) is None:
        abort(404)
    refusal = change(account_id, current_account().id, now_utc())
    return _back(account_id, refusal, done)


def _back(account_id: int, refusal: AccountRefusal | None, done: str) -> ResponseReturnValue:
    flash(done if refusal is None else refusal_words(refusal), "success" if refusal is None else "error")
    return redirect(url_for("account_administration.show_account", account_id=account_id), 303)


def _invite_form() -> InviteAccountForm:
    form = InviteAccountForm()
    form.offer([(organiser.slug, organiser.name) for organiser in all_organisers()])
    if request.method == "GET":
        form.organiser.data = request.args.get("organiser", "")
        form.role.data = "owner" if form.organiser.data else "editor"
        form.language.data = "pl"
    return form


def _invite(form: InviteAccountForm) -> Account | None:
    organiser: Organiser | None = None
    if form.organiser.data:
        organiser = organiser_by_slug(form.organiser.data)
    elif not form.administrator.data:
        form.organiser.errors = [_("Please choose an organiser, or make the person an administrator.")]
        return None
    invitation = Invitation(
        email=form.email.data or "",
        name=form.name.data or "",
        language=form.language.data,
        organiser_id=organiser.id if organiser else None,
        role=form.role.data,
        administrator=bool(form.administrator.data),
    )
    return accounts.invite(invitation, current_account().id, now_utc())


def _invited_words(account: Account) -> str:
    if account.password is None:
        return str(_("An invitation is on its way to %(email)s.", email=account.email))
    return str(_("The account exists already; the role was added."))
