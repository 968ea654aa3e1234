"""Structured logs: one JSON line per request, with a request id, without personal data, tokens or query strings.

The *rule* of an address is logged ('/registrations/<token>'), never the address itself (abuse 26).
"""

import logging
import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")

log = structlog.stdlib.get_logger("eventreg")


def set_up(level: int = logging.INFO) -> None:
    """Send the program's own logs to standard error as JSON lines."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.__stderr__),
        cache_logger_on_first_use=False,
    )


REQUEST_ID_HEADER = "X-Request-Id"


def new_request_id(given: str) -> str:
    """The id that a proxy gave the request, if it looks like one, else one of our own."""
    return given if _REQUEST_ID.match(given) else secrets.token_hex(8)


def log_request(method: str, rule: str | None, status: int, began: float, **more: str) -> None:
    """One line for a request that began at that moment of time.perf_counter()."""
    milliseconds = round((time.perf_counter() - began) * 1000, 1)
    log.info("request", method=method, rule=rule, status=status, milliseconds=milliseconds, **more)


def _begin() -> None:
    g.request_id = new_request_id(request.headers.get(REQUEST_ID_HEADER, ""))
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.get("request_id", "")
    rule = request.url_rule.rule if request.url_rule else None
    log_request(request.method, rule, response.status_code, g.get("began", time.perf_counter()))
    return response


def install(app: Flask) -> None:
    """Log every request of the application."""
    app.before_request(_begin)
    app.after_request(_end)
