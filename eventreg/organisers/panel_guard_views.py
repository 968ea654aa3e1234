"""What stands before every view of the panel, and what happens when somebody is not signed in.

A post under the panel needs the token of its session (abuse 37). A view that names no access is not
reachable. And no text is lost: a form that arrives after the session ended comes back as a page that keeps
what was typed, to be sent again after signing in. Nothing is ever stored without a valid token, and
passwords and codes are never shown again.
"""

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.wrappers import Response as BaseResponse

from eventreg import error_pages
from eventreg.database import db
from eventreg.extensions import csrf
from eventreg.http_headers import SAFE_METHODS, is_same_origin
from eventreg.organisers.access import access_of, current_account, is_administrator, is_signed_in, organisers_with_role
from eventreg.organisers.sign_in_rules import safe_next
from eventreg.panel_session import is_panel_path

TOKEN_FIELD = "csrf_token"  # noqa: S105  # the name of a field
SECRET_FIELDS = frozenset({"password", "repeat", "current_password", "code"})
"""A form with one of these is never shown again."""

LONG_TEXT = 30
"""Characters from which on a text is shown on the page that keeps it, so that people see it is there."""


def install(app: Flask) -> None:
    """Guard the panel of an application; after the extensions."""
    app.before_request(_guard)
    app.context_processor(_panel_person)
    app.register_error_handler(CSRFError, _stale_token)
    app.register_error_handler(Unauthorized, _not_signed_in)


def _guard() -> None:
    if not is_panel_path(request.path) or request.endpoint is None:
        return
    if access_of(current_app.view_functions[request.endpoint]) is None:
        abort(404)
    if request.method not in SAFE_METHODS:
        csrf.protect()


def _panel_person() -> dict[str, object]:
    """What the panel's bar shows of the signed-in person; nothing elsewhere."""
    if not is_panel_path(request.path) or not is_signed_in():
        return {}
    account = current_account()
    return {
        "panel_person": {
            "name": account.name,
            "is_administrator": is_administrator(account),
            "has_organisers": bool(organisers_with_role("owner")),
        }
    }


def _not_signed_in(_error: HTTPException) -> Response | BaseResponse:
    if not is_panel_path(request.path):
        return error_pages.error_response(404)
    if request.method in SAFE_METHODS:
        return redirect(url_for("sign_in.sign_in_page", next=_this_address()))
    return _kept_form(401)


def _stale_token(_error: HTTPException) -> Response | BaseResponse:
    if not is_panel_path(request.path):
        return error_pages.error_response(400)
    return _kept_form(400)


def _kept_form(status: int) -> Response | BaseResponse:
    """The page that keeps a form, for a post that a page of ours certainly sent; else nothing is shown
    again."""
    db.session.rollback()
    signed_in = is_signed_in()
    if request.form.keys() & SECRET_FIELDS or request.endpoint is None:
        if signed_in:
            return error_pages.error_response(400)
        flash(_("The page was open for too long. Please try again."), "info")
        return redirect(url_for("sign_in.sign_in_page"), 303)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN_FIELD]
    if not fields and not signed_in:
        return redirect(url_for("sign_in.sign_in_page"), 303)
    # Stricter than for the rest: without the browser's word a stranger's text might be shown, to be sent on.
    if not is_same_origin(surely=True) or request.files:
        return error_pages.error_response(400)
    page = render_template(
        "panel/sign_in/kept_form.html",
        fields=fields,
        long_texts=[value for _name, value in fields if len(value) > LONG_TEXT],
        signed_in=signed_in,
        action=request.full_path.rstrip("?"),
    )
    return make_response(page, status)


def _this_address() -> str | None:
    query = request.query_string.decode("ascii", "ignore")
    return safe_next(request.path + (f"?{query}" if query else ""))
