"""'Nothing has changed' for whoever asks again, told in front of Flask: calendars ask every few hours, by the million.

A 304 that a view has given is given again, with the same headers, to the same question (host, address, If-None-Match)
as long as the public version holds by which the view judged. What that costs is one small query. Measured by
`make bench ARGS=feeds`; everything else goes its plain way through Flask.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache
from flask import Flask, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from eventreg.clock import now_utc
from eventreg.database import db
from eventreg.events.public_version import Version, current_mark
from eventreg.logs import REQUEST_ID_HEADER, log_request, new_request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANSWERS_KEPT = 2_048
"""Questions and their headers, about 1 kB each."""

LONGEST_QUESTION = 1_000
"""Characters; a longer one goes through Flask. No program of ours makes one, and a stranger's must not fill memory."""

_HOLDS = "eventreg.unchanged_while"
_STATUS = "304 NOT MODIFIED"
_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """A 304 that was given: by which mark, until when it may be given again, its headers, and the rule for the log."""

    mark: str
    valid_until: datetime
    headers: tuple[tuple[str, str], ...]
    rule: str


def holds_while(version: Version, valid_until: datetime) -> None:
    """For views: the answer being made depends on the address, the public version and the time alone."""
    rule = request.url_rule.rule if request.url_rule else ""
    request.environ[_HOLDS] = (version.mark, valid_until, rule)


class UnchangedAnswers:
    """The WSGI application in front of another one."""

    def __init__(self, wsgi_app: "WSGIApplication", app: Flask) -> None:
        self._wsgi_app = wsgi_app
        self._app = app
        self._given: LRUCache[tuple[str, ...], _Unchanged] = LRUCache(ANSWERS_KEPT)
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held is None or environ["REQUEST_METHOD"] not in _METHODS:
            return self._wsgi_app(environ, start_response)
        began = time.perf_counter()
        question = (
            environ.get("HTTP_HOST", ""),
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            held,
        )
        if sum(map(len, question)) > LONGEST_QUESTION:
            return self._wsgi_app(environ, start_response)
        with self._lock:
            given = self._given.get(question)
        if given is None or not self._still_holds(given):
            return self._wsgi_app(environ, self._noting(environ, question, start_response))
        request_id = new_request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        start_response(_STATUS, [*given.headers, (REQUEST_ID_HEADER, request_id)])
        log_request(environ["REQUEST_METHOD"], given.rule, 304, began, request_id=request_id)
        return ()

    def _still_holds(self, given: _Unchanged) -> bool:
        """A database that is away is told by Flask, which has a page for that."""
        if now_utc() >= given.valid_until:
            return False
        try:
            return current_mark(self._engine) == given.mark
        except SQLAlchemyError:
            return False

    @cached_property
    def _engine(self) -> Engine:
        with self._app.app_context():
            return db.engine

    def _noting(
        self, environ: "WSGIEnvironment", question: tuple[str, ...], start_response: "StartResponse"
    ) -> "StartResponse":
        """Remembers the answer if it is a 304 that a view said may be given again."""

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            held = environ.get(_HOLDS)
            is_for_all = all(name.lower() != "set-cookie" for name, _value in headers)
            if held is not None and status.startswith("304") and is_for_all:
                kept = tuple(pair for pair in headers if pair[0] != REQUEST_ID_HEADER)
                with self._lock:
                    self._given[question] = _Unchanged(held[0], held[1], kept, held[2])
            return start_response(status, headers, *rest)

        return note
