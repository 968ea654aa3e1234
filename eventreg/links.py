"""Addresses that leave the site: absolute from the configured base URL (never from the Host header), and the signed,
revocable links that stand in mails.

A link carries a random key of 128 bits which the database knows (changing it revokes the link) and a signature, so
that guesses never reach the database. Keys that were rotated out stay valid through EVENTREG_SECRET_KEY_FALLBACKS.
"""

import hashlib
import re
import secrets
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from itsdangerous import BadSignature, Signer

from eventreg.i18n import language_prefix

_TOKEN = re.compile(r"[A-Za-z0-9_.-]{10,200}", re.ASCII)
"""What a token of ours looks like; anything else is not even checked."""


def new_link_key() -> str:
    """128 random bits, URL-safe (22 characters)."""
    return secrets.token_urlsafe(16)


def _signer(purpose: str) -> Signer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return Signer(keys, salt=f"eventreg.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256)


def signed_token(purpose: str, link_key: str) -> str:
    """The token for a link of the given purpose ('registration', ...), from a key made by new_link_key()."""
    return _signer(purpose).sign(link_key).decode("ascii")


def read_token(purpose: str, token: str) -> str | None:
    """The link key in a token, or None when it is forged, damaged or of another purpose (constant-time compare)."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        return _signer(purpose).unsign(token).decode("ascii")
    except BadSignature:
        return None


def absolute_url(endpoint: str, language: str, /, **values: object) -> str:
    """The address of a page from the configured base URL; needs an application, no request."""
    base = current_app.config["BASE_URL"]
    parts = urlsplit(base)
    adapter = current_app.url_map.bind(
        parts.netloc, script_name=parts.path + language_prefix(language) + "/", url_scheme=parts.scheme
    )
    return adapter.build(endpoint, values, force_external=True)


def same_page_in(language: str) -> str:
    """The absolute address of the page being shown, in another language; the front page for unknown addresses."""
    if request.endpoint is None or request.view_args is None:
        return absolute_url("event_list.upcoming", language)
    query = request.args.to_dict(flat=False)
    return absolute_url(request.endpoint, language, **{**query, **request.view_args})


@lru_cache(maxsize=256)
def _file_mark(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_url(filename: str) -> str:
    """The address of a file in eventreg/static with a mark of its content, so that browsers may keep it for good."""
    path = Path(current_app.static_folder or "") / filename
    try:
        mark = _file_mark(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        mark = ""
    prefix = str(request.environ.get("eventreg.outer_prefix", ""))
    return f"{prefix}{current_app.static_url_path}/{filename}" + (f"?v={mark}" if mark else "")


def install(app: Flask) -> None:
    """Make static_url and same_page_in known to templates."""
    app.jinja_env.globals.update(static_url=static_url, same_page_in=same_page_in)
