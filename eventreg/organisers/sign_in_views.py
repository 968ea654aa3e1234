"""Signing in and out, the second step, forgotten passwords and invitations. GET never changes anything."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.clock import now_utc
from eventreg.organisers import audit, second_factor, sign_in
from eventreg.organisers.access import current_account, is_signed_in, open_to_all, require_sign_in
from eventreg.organisers.accounts import ask_for_reset
from eventreg.organisers.attempts import (
    count_failure,
    count_wrong_code,
    forget_failures,
    may_ask_for_reset,
    may_mail_reset,
    seconds_until_next_attempt,
    seconds_until_next_code,
)
from eventreg.organisers.models import Account
from eventreg.organisers.sign_in_forms import CodeForm, ForgottenPasswordForm, NewPasswordForm, SignInForm
from eventreg.organisers.sign_in_rules import safe_next

blueprint = Blueprint("sign_in", __name__, url_prefix="/panel")


def panel_home() -> str:
    """The first page of the panel, in the language of the page being shown."""
    return request.script_root + "/panel/"


@blueprint.get("/sign-in")
@open_to_all
def sign_in_page() -> ResponseReturnValue:
    """The form; somebody signed in already goes on at once."""
    if is_signed_in():
        return redirect(_next_address())
    return _sign_in_form(SignInForm())


@blueprint.post("/sign-in")
@open_to_all
def sign_in_submit() -> ResponseReturnValue:
    """Checks the password; then the second step, or in."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_form(form), 422
    email, password = form.credentials()
    wait = seconds_until_next_attempt(email)
    if wait:
        form.form_errors.append(_wait_words(wait))
        return _sign_in_form(form), 429, {"Retry-After": str(wait)}
    account = sign_in.check_credentials(email, password)
    if account is None:
        count_failure(email)
        form.form_errors.append(_("The e-mail address and the password do not match. Please try again."))
        return _sign_in_form(form), 422
    if second_factor.has_second_factor(account):
        second_factor.await_second_factor(account, now_utc())
        return redirect(url_for("sign_in.second_step", next=_next_value()), 303)
    return _enter(account)


@blueprint.get("/second-factor")
@open_to_all
def second_step() -> ResponseReturnValue:
    """Asks for the code; without a password before it, back to the start."""
    if second_factor.awaited_account(now_utc()) is None:
        return redirect(url_for("sign_in.sign_in_page", next=_next_value()), 303)
    return _second_step_form(CodeForm())


@blueprint.post("/second-factor")
@open_to_all
def second_step_submit() -> ResponseReturnValue:
    """Checks the code."""
    account = second_factor.awaited_account(now_utc())
    if account is None:
        flash(_("The sign-in took too long. Please enter your password again."), "info")
        return redirect(url_for("sign_in.sign_in_page", next=_next_value()), 303)
    form = CodeForm()
    if not form.validate():
        return _second_step_form(form), 422
    wait = seconds_until_next_code(account.email)
    if wait:
        form.form_errors.append(_wait_words(wait))
        return _second_step_form(form), 429, {"Retry-After": str(wait)}
    if not second_factor.is_code(account.id, form.code.data or ""):
        count_wrong_code(account.email)
        form.code.errors = [_("The code is not right, or its time has passed. Please enter the present one.")]
        return _second_step_form(form), 422
    return _enter(account)


@blueprint.post("/sign-out")
@require_sign_in
def sign_out() -> ResponseReturnValue:
    """Ends all sessions of the account, on other machines too."""
    account_id = current_account().id
    sign_in.sign_out(account_id)
    audit.record(account_id, "signed_out", now=now_utc())
    flash(_("You have signed out. All sessions of the account are closed."), "success")
    return redirect(url_for("sign_in.sign_in_page"), 303)


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@open_to_all
def forgotten_password() -> ResponseReturnValue:
    """Mails a link; the answer is the same whether or not there is such an account."""
    form = ForgottenPasswordForm()
    if request.method == "GET":
        return render_template("panel/sign_in/forgotten_password.html", form=form)
    if not form.validate():
        return render_template("panel/sign_in/forgotten_password.html", form=form), 422
    if not may_ask_for_reset():
        form.form_errors.append(_("Too many requests from this computer. Please try again in an hour."))
        return render_template("panel/sign_in/forgotten_password.html", form=form), 429
    if may_mail_reset(form.address()):
        ask_for_reset(form.address(), now_utc())
    return redirect(url_for("sign_in.reset_link_sent"), 303)


@blueprint.get("/password/forgotten/sent")
@open_to_all
def reset_link_sent() -> ResponseReturnValue:
    """What happens next."""
    return render_template("panel/sign_in/reset_link_sent.html")


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@open_to_all
def reset_password(token: str) -> ResponseReturnValue:
    """A new password through the mailed link. Signing in follows: the link alone opens nothing (second
    factor)."""
    return _password_by_link(sign_in.account_of_reset(token), "password_reset", is_invitation=False)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_all
def accept_invitation(token: str) -> ResponseReturnValue:
    """The first password of somebody invited."""
    return _password_by_link(sign_in.account_of_invitation(token), "invitation_accepted", is_invitation=True)


def _password_by_link(account: Account | None, action: str, *, is_invitation: bool) -> ResponseReturnValue:
    if account is None:
        return render_template("panel/sign_in/link_not_valid.html", is_invitation=is_invitation), 404
    form = NewPasswordForm()
    form.account_email = account.email
    if request.method == "POST" and form.validate():
        sign_in.change_password(account.id, form.password.data or "", action, now_utc())
        flash(_("The new password is set. Please sign in with it."), "success")
        return redirect(url_for("sign_in.sign_in_page"), 303)
    page = render_template("panel/sign_in/new_password.html", form=form, account=account, is_invitation=is_invitation)
    return page, 422 if form.errors else 200


def _enter(account: Account) -> ResponseReturnValue:
    forget_failures(account.email)
    target = _next_address()
    sign_in.open_session(account)
    if account.generated_password:
        flash(_("This password was generated. Please set your own under “My account”."), "warning")
    return redirect(target, 303)


def _sign_in_form(form: SignInForm) -> str:
    return render_template("panel/sign_in/sign_in.html", form=form, next_value=_next_value())


def _second_step_form(form: CodeForm) -> str:
    return render_template("panel/sign_in/second_step.html", form=form, next_value=_next_value())


def _next_value() -> str | None:
    return safe_next(request.values.get("next"))


def _next_address() -> str:
    target = _next_value()
    return request.script_root + target if target else panel_home()


def _wait_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    words: str = ngettext(
        "Too many attempts from this computer. Please wait %(num)d minute and try again.",
        "Too many attempts from this computer. Please wait %(num)d minutes and try again.",
        minutes,
    )
    return words
