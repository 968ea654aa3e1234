"""One's own account: name, language, password, second factor."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.organisers import second_factor, sign_in
from eventreg.organisers.access import current_account, require_sign_in
from eventreg.organisers.account_forms import OwnDetailsForm
from eventreg.organisers.accounts import change_own_details
from eventreg.organisers.attempts import count_failure, forget_failures, seconds_until_next_attempt
from eventreg.organisers.models import Account
from eventreg.organisers.sign_in_forms import ChangePasswordForm, CodeForm, CurrentPasswordForm

blueprint = Blueprint("own_account", __name__, url_prefix="/panel")


@blueprint.route("/account", methods=["GET", "POST"])
@require_sign_in
def own_account() -> ResponseReturnValue:
    """Name and language; ways to the password and the second step."""
    account = current_account()
    form = OwnDetailsForm(obj=account)
    if request.method == "POST" and form.validate():
        change_own_details(account.id, form.name.data or "", form.language.data, now_utc())
        flash(_("Saved."), "success")
        return redirect(url_for("own_account.own_account"), 303)
    page = render_template(
        "panel/account/own_account.html",
        form=form,
        account=account,
        has_second_factor=second_factor.has_second_factor(account),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/password", methods=["GET", "POST"])
@require_sign_in
def change_password() -> ResponseReturnValue:
    """A new password, against the present one. All sessions end but this one, which begins anew."""
    account = current_account()
    form = ChangePasswordForm()
    form.account_email = account.email
    if request.method == "GET" or not form.validate():
        return _password_page(form, account), 422 if form.errors else 200
    if not _knows_password(account, form.current_password.data or ""):
        form.current_password.errors = [_("This is not the present password.")]
        return _password_page(form, account), 422
    account = sign_in.change_password(account.id, form.password.data or "", "password_changed", now_utc())
    sign_in.open_session(account)
    flash(_("The new password is set. All other sessions are closed."), "success")
    return redirect(url_for("own_account.own_account"), 303)


@blueprint.get("/account/second-factor")
@require_sign_in
def second_factor_page() -> ResponseReturnValue:
    """How to turn the second step on, or off."""
    return _second_factor_page(current_account(), CodeForm(), CurrentPasswordForm())


@blueprint.post("/account/second-factor")
@require_sign_in
def second_factor_on() -> ResponseReturnValue:
    """Turns it on once a code proves that the authenticator is set up."""
    account, form = current_account(), CodeForm()
    if not form.validate():
        return _second_factor_page(account, form, CurrentPasswordForm(formdata=None)), 422
    renewed = second_factor.turn_on_second_factor(account.id, form.code.data or "", now_utc())
    if renewed is None:
        form.code.errors = [_("The code is not right, or its time has passed. Please enter the present one.")]
        return _second_factor_page(account, form, CurrentPasswordForm(formdata=None)), 422
    sign_in.open_session(renewed)
    flash(_("From now on signing in asks for a code. All other sessions are closed."), "success")
    return redirect(url_for("own_account.own_account"), 303)


@blueprint.post("/account/second-factor/off")
@require_sign_in
def second_factor_off() -> ResponseReturnValue:
    """Turns it off, against the password."""
    account, form = current_account(), CurrentPasswordForm()
    if not form.validate():
        return _second_factor_page(account, CodeForm(formdata=None), form), 422
    if not _knows_password(account, form.current_password.data or ""):
        form.current_password.errors = [_("This is not the present password.")]
        return _second_factor_page(account, CodeForm(formdata=None), form), 422
    second_factor.turn_off_second_factor(account.id, account.id, "second_factor_off", now_utc())
    flash(_("Signing in asks for the password alone."), "success")
    return redirect(url_for("own_account.own_account"), 303)


def _knows_password(account: Account, password: str) -> bool:
    """Counted like a sign-in, so that an open session is no place to guess."""
    if seconds_until_next_attempt(account.email):
        return False
    if not sign_in.is_own_password(account, password[:1000]):
        count_failure(account.email)
        return False
    forget_failures(account.email)
    return True


def _password_page(form: ChangePasswordForm, account: Account) -> str:
    return render_template("panel/account/password.html", form=form, account=account)


def _second_factor_page(account: Account, code_form: CodeForm, password_form: CurrentPasswordForm) -> str:
    is_on = second_factor.has_second_factor(account)
    qr_code = key = ""
    if not is_on:
        address, key = second_factor.setup_values(account, second_factor.begin_second_factor_setup(now_utc()))
        qr_code = segno.make_qr(address, error="m").svg_data_uri(scale=5, border=3, dark="#15203b", light="#fff")
    return render_template(
        "panel/account/second_factor.html",
        is_on=is_on,
        code_form=code_form,
        password_form=password_form,
        qr_code=qr_code,
        key=key,
    )
