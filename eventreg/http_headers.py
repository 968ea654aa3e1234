"""What every answer carries to protect its reader, and who may post here.

No inline script or style and no foreign host (Content-Security-Policy); no framing (abuse 39); tokens do not leak by
Referer (abuse 26; 'same-origin' and not 'no-referrer', with which Chromium posts `Origin: null`); personal pages are
never stored by caches (abuse 40).
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from eventreg.panel_session import is_panel_path

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MAX_FORM_FIELDS = 500
"""No form of ours has more fields (abuse 9)."""

PUBLIC_FORM_BYTES = 64 * 1024
"""The largest body a visitor's form may have; the panel's limit is MAX_CONTENT_LENGTH."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin() -> bool:
    """Whether the browser says that this request comes from a page of ours.

    Sec-Fetch-Site where the browser sends it, else Origin against our hosts; a client that sends neither is no browser
    with somebody's rights (the panel asks for its CSRF token besides).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    ours = {request.host, urlsplit(current_app.config["BASE_URL"]).netloc}
    return urlsplit(origin).netloc in ours


def _guard_posts() -> None:
    if request.method in SAFE_METHODS:
        return
    if not is_panel_path(request.path):
        request.max_content_length = PUBLIC_FORM_BYTES
    if sum(1 for _ in request.form.items(multi=True)) > MAX_FORM_FIELDS:
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
    app.before_request(_guard_posts)
    app.after_request(_protect)
