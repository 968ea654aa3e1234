"""What every answer carries to protect its reader, who may post here, and what is refused before anybody reads it.

No inline script or style and no foreign host (Content-Security-Policy); no framing (abuse 39); tokens do not leak by
Referer (abuse 26; 'same-origin' and not 'no-referrer', with which Chromium posts `Origin: null`); personal pages are
never stored by caches (abuse 40).
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.routing import IntegerConverter, Map

from eventreg.panel_session import is_panel_path

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MAX_FORM_FIELDS = 500
"""No form of ours has more fields (abuse 9)."""

PUBLIC_FORM_BYTES = 64 * 1024
"""The largest body a visitor's form may have; the panel's limit is MAX_CONTENT_LENGTH."""

LARGER_FORMS = {"group_sign_up.take_group": 512 * 1024}
"""Endpoints whose form asks the same questions of ten people."""

UPLOADS = {"importing.upload": 2 * 1024 * 1024 + PUBLIC_FORM_BYTES}
"""Endpoints of the panel that take a file of 2 MB, with the rest of the form around it."""

LARGEST_ROW_NUMBER = 2**31 - 1
"""What an integer column of PostgreSQL holds; a larger number in an address names nothing."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RowNumber(IntegerConverter):
    """`<int:...>` in an address: 404 for numbers that no database could hold, instead of an error of the database."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ROW_NUMBER, **options})


def is_same_origin(*, surely: bool = False) -> bool:
    """Whether the browser says that this request comes from a page of ours.

    Sec-Fetch-Site where the browser sends it, else Origin against our hosts; a client that sends neither is no browser
    with somebody's rights (the panel asks for its CSRF token besides). With `surely` silence is no answer.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin" or (site == "none" and not surely)
    origin = request.headers.get("Origin")
    if origin is None:
        return not surely
    ours = {request.host, urlsplit(current_app.config["BASE_URL"]).netloc}
    return urlsplit(origin).netloc in ours


def _refuse_nul() -> None:
    """No person types NUL, and PostgreSQL stores none."""
    if "\0" in request.path:
        abort(404)
    if any("\0" in name + value for name, value in request.args.items(multi=True)):
        abort(400)


def _guard_posts() -> None:
    if request.method in SAFE_METHODS:
        return
    in_panel = is_panel_path(request.path)
    if not in_panel:
        request.max_content_length = LARGER_FORMS.get(request.endpoint or "", PUBLIC_FORM_BYTES)
    elif request.endpoint in UPLOADS:
        request.max_content_length = UPLOADS[request.endpoint]
    fields = list(request.form.items(multi=True))
    if len(fields) > MAX_FORM_FIELDS:
        abort(400)
    if in_panel and any("\0" in name + value for name, value in fields):  # the public form explains it itself
        abort(400)
    if not is_same_origin():
        abort(400)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if is_panel_path(request.path) or response.status_code >= 400:
        headers["Cache-Control"] = "private, no-store"
    return response


def install(app: Flask) -> None:
    """Guard every request and answer of the application."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)
    app.before_request(_guard_posts)
    app.after_request(_protect)
