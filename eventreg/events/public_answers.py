"""Answers for visitors: cacheable by everybody, with an ETag, never touching the session."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

from flask import Response, current_app, make_response, request
from flask.sansio.app import App

from eventreg.events.listing_rules import roman, unbroken
from eventreg.i18n import LANGUAGES, request_language
from eventreg.links import absolute_url

FRESH_SECONDS = 60
"""How long a browser or proxy may show a public page without asking."""

CACHED_PAGES = 256
"""Rendered pages kept in memory by each process."""

_lock = Lock()


def public_page(html: str, mimetype: str = "text/html") -> Response:
    """A public answer whose ETag is made from its bytes; 304 for who has it."""
    tag = hashlib.sha256(html.encode()).hexdigest()[:24]
    return _known_already(tag) or _with_tag(make_response(html), tag, mimetype)


def remembered_page(fingerprint: tuple[object, ...], render: Callable[[], str]) -> Response:
    """A public page that is rendered once per fingerprint.

    The fingerprint names everything that the page shows and that may change: revisions, states, language. It is also
    the ETag, so that an unchanged page costs neither rendering nor bytes.
    """
    marks = (request.script_root, templates_mark(str(current_app.template_folder)), *fingerprint)
    tag = hashlib.sha256(repr(marks).encode()).hexdigest()[:24]
    answer = _known_already(tag)
    if answer is not None:
        return answer
    pages: OrderedDict[str, str] = current_app.extensions.setdefault("eventreg.pages", OrderedDict())
    with _lock:
        html = pages.get(tag)
        if html is not None:
            pages.move_to_end(tag)
    if html is None:
        html = render()
        with _lock:
            pages[tag] = html
            while len(pages) > CACHED_PAGES:
                pages.popitem(last=False)
    return _with_tag(make_response(html), tag, "text/html")


def addresses_of(endpoint: str, **values: object) -> dict[str, str]:
    """Language -> the absolute address of a page; values that are None are left out."""
    given = {name: value for name, value in values.items() if value is not None}
    return {language: absolute_url(endpoint, language, **given) for language in LANGUAGES}


def install(app: App) -> None:
    """Give templates `address_of(endpoint, ...)`, in the page's language, and `address_in(language, ...)`."""

    def address_in(language: str, endpoint: str, **values: object) -> str:
        return addresses_of(endpoint, **values)[language]

    def address_of(endpoint: str, **values: object) -> str:
        return address_in(request_language(), endpoint, **values)

    app.jinja_env.globals.update(address_in=address_in, address_of=address_of)
    app.jinja_env.filters.update(roman=roman, unbroken=unbroken)


@lru_cache(maxsize=4)
def templates_mark(folder: str) -> str:
    """A mark of what pages are made of, so that an upgrade changes every ETag. Read once per process."""
    root = Path(folder)
    digest = hashlib.sha256()
    for path in sorted([*root.rglob("*.html"), *(root.parent / "eventreg").glob("translations/*/*/*.mo")]):
        digest.update(path.read_bytes())
    for path in sorted((root.parent / "eventreg" / "static").glob("*.css")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _known_already(tag: str) -> Response | None:
    """304 when the visitor holds this version, in whatever compression."""
    held = [known for known in request.if_none_match.as_set(include_weak=True) if known.split(":")[0] == tag]
    if not held:
        return None
    response = current_app.response_class(status=304)
    response.set_etag(held[0])
    return _cacheable(response)


def _with_tag(response: Response, tag: str, mimetype: str) -> Response:
    response.mimetype = mimetype
    response.set_etag(tag)
    return _cacheable(response)


def _cacheable(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_SECONDS
    return response
