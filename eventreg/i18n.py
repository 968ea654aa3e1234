"""Languages: Polish without a prefix, English below /en; mails in the recipient's language.

A small WSGI middleware moves the prefix from PATH_INFO to SCRIPT_NAME, so that views, url_for and redirects need not
know of it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import has_request_context, request
from flask_babel import force_locale

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_LANGUAGE = "pl"
LANGUAGES = {"pl": "Polski", "en": "English"}
"""What can be chosen, each in its own words."""

_ENVIRON_KEY = "eventreg.language"


def language_prefix(language: str) -> str:
    """'' for the default language, '/en' and so on for the others."""
    return "" if language == DEFAULT_LANGUAGE else f"/{language}"


class LanguagePrefix:
    """The middleware: `/en/events/x` reaches the views as `/events/x` with the language told in the environ."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        environ[_ENVIRON_KEY] = DEFAULT_LANGUAGE
        environ["eventreg.outer_prefix"] = environ.get("SCRIPT_NAME", "")
        for language in LANGUAGES:
            prefix = language_prefix(language)
            if prefix and (path == prefix or path.startswith(prefix + "/")):
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
                environ["PATH_INFO"] = path[len(prefix) :] or "/"
                environ[_ENVIRON_KEY] = language
        return self.app(environ, start_response)


def request_language() -> str:
    """The language of the page being asked for; the default outside a request."""
    if has_request_context():
        return str(request.environ.get(_ENVIRON_KEY, DEFAULT_LANGUAGE))
    return DEFAULT_LANGUAGE


@contextmanager
def in_locale(language: str) -> Iterator[None]:
    """Everything translated inside speaks `language` (an unknown one falls back to the default)."""
    with force_locale(language if language in LANGUAGES else DEFAULT_LANGUAGE):
        yield


def install_language_prefix(wsgi_app: Callable[..., Any]) -> LanguagePrefix:
    """Wrap an application's WSGI callable."""
    return LanguagePrefix(wsgi_app)
