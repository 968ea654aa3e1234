"""The calm pages for what went wrong: what happened, what was kept, what to do. Never a stack trace."""

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from limits.errors import StorageError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from eventreg.database import db
from eventreg.http_headers import UPLOADS
from eventreg.logs import log
from eventreg.panel_session import is_panel_path

RETRY_AFTER_SECONDS = {429: 60, 503: 15}
"""When to come back, for the refusals that pass by themselves."""


def _words(code: int) -> tuple[str, str]:
    """Title and explanation for a status code."""
    words = {
        404: (
            _("Page not found"),
            _("The address may be mistyped, or the page was withdrawn. Please start from the list of events."),
        ),
        405: (_("This cannot be done here"), _("Please go back to the page and use the buttons on it.")),
        413: (
            _("Too much was sent"),
            _("The form was larger than accepted. Nothing was saved. Please shorten the text."),
        ),
        429: (
            _("Too many attempts in a short time"),
            _("Nothing was saved yet. Please wait a minute and try again."),
        ),
        500: (
            _("Something went wrong on our side"),
            _(
                "Nothing was saved. The administrator can find the cause by the request number below. "
                "Please try again later."
            ),
        ),
        503: (
            _("The service is busy"),
            _("Nothing was saved yet. Please try again in a moment."),
        ),
    }
    return words.get(
        code,
        (
            _("The request could not be understood"),
            _("Nothing was saved. Please open the page again and retry."),
        ),
    )


def _upload_words() -> tuple[str, str]:
    """The same where a file was sent and no text can be shortened."""
    return (
        _("The file is too large"),
        _("The file is larger than 2 MB. Please import the list in parts.") + " " + _("Nothing was saved."),
    )


def error_response(code: int) -> Response:
    """The rendered page for a status code. A visitor's form that came in a bad moment can be sent again from it."""
    title, text = _upload_words() if code == 413 and request.endpoint in UPLOADS else _words(code)
    html = render_template("errors/error.html", code=code, title=title, text=text, kept=_kept_fields(code))
    response = make_response(html, code)
    if code in RETRY_AFTER_SECONDS:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS[code]))
    return response


def _kept_fields(code: int) -> list[tuple[str, str]] | None:
    """What a visitor posted, when the refusal passes by itself. The panel keeps its forms by other means."""
    if code not in RETRY_AFTER_SECONDS or request.method != "POST" or is_panel_path(request.path):
        return None
    return list(request.form.items(multi=True))


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # A Host that is not ours (abuse 40): no page with links can be built for it, and none is owed.
        return Response("This host is not served here.\n", 400, mimetype="text/plain")
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]  # werkzeug's Response; Flask wraps it
    # 403 tells that something is there: it looks like 404 (abuse 35).
    code = 404 if error.code in (401, 403, 410) else error.code or 500
    response = error_response(code)
    if error.code == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    return response


def _database_away(error: OperationalError | PoolTimeoutError) -> Response:
    db.session.rollback()
    g._login_user = None  # or Flask-Login would ask the database once more, for the bar of this very page
    log.error("database away", kind=type(error.__cause__ or error).__name__)
    return error_response(503)


def _limits_away(_error: StorageError) -> Response:
    """Without its counter of attempts the sign-in stays shut; sign-ups go on (application.py: fallback)."""
    log.error("the store of the rate limits is away")
    return error_response(503)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    rule = request.url_rule.rule if request.url_rule else None
    # The traceback may hold what people typed: only its places are logged, not its values.
    trace = error.__traceback__
    places = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("unexpected error", rule=rule, kind=type(error).__name__, places=places[-8:])
    return error_response(500)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(StorageError, _limits_away)
    app.register_error_handler(PoolTimeoutError, _database_away)
    if not app.testing and not app.debug:
        app.register_error_handler(Exception, _unexpected)
