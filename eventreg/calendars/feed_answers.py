"""A feed over HTTP: 304 for who has it, else its bytes, packed where the client takes that.

calendar.md 10 and 16; RFC 9110 13. Whether anything changed is one small query (events.public_version); a feed's ETag
is then known from the last time it was looked at. No cookie, no content negotiation (Google sends no Accept).
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, current_app, request

from eventreg.calendars.event_feeds import entries_of, marks_of
from eventreg.calendars.feed import FeedHeader, feed_etag
from eventreg.calendars.feed_cache import FeedState, feed_cache
from eventreg.calendars.feed_formats import FeedFormat
from eventreg.calendars.queries import EventMark, latest_leaving
from eventreg.events.public_answers import templates_mark
from eventreg.events.public_version import Version, public_version
from eventreg.events.queries import ListFilter
from eventreg.events.unchanged_answers import holds_while

FRESH_SECONDS = 300
"""How long a feed may be shown without asking; programs ask far more seldom anyway (REFRESH-INTERVAL)."""

PACKED_FROM_BYTES = 1_000
_FOR_GOOD = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and the events it tells, in their order."""

    header: FeedHeader
    marks: list[EventMark]


def filtered_feed(header: FeedHeader, wanted: ListFilter, form: FeedFormat, now: datetime) -> Feed:
    """The public events that match."""
    return Feed(header, marks_of(wanted, now, form.keeps_past))


def feed_answer(
    form: FeedFormat, name: tuple[object, ...], language: str, now: datetime, make: Callable[[], Feed]
) -> Response:
    """The answer for the feed called `name` (its address). `make` looks it up and may abort; it is called only when
    something public changed since the last time, or bytes have to be written."""
    version = public_version()
    key = (form.name, language, *name)
    cache = feed_cache()
    with cache.lock:
        state = cache.states.get(key)
    feed: Feed | None = None
    if state is None or state.version != version.mark or now >= state.valid_until:
        feed = make()
        state = _look(form, feed, language, version, now)
        with cache.lock:
            cache.states[key] = state
    if _is_known(state):
        holds_while(version, state.valid_until)
        return _unchanged(form, state)
    packs = request.accept_encodings["gzip"] > 0
    body = _kept_body(state.tag, packed=packs)
    if body is None:
        body = _write_body(form, feed or make(), language, state.tag, packed=packs)
    response: Response = current_app.response_class(body)
    return _with_headers(response, form, state, packed=body.startswith(b"\x1f\x8b"))


def _look(form: FeedFormat, feed: Feed, language: str, version: Version, now: datetime) -> FeedState:
    made_of = f"{form.name} {language} {templates_mark(str(current_app.template_folder))}"
    left = latest_leaving(now, form.keeps_past)
    return FeedState(
        version=version.mark,
        tag=feed_etag(made_of, feed.header, (mark.key for mark in feed.marks)),
        changed_at=max(version.changed_at, left) if left else version.changed_at,
        valid_until=min((mark.leaves_at for mark in feed.marks), default=_FOR_GOOD),
    )


def _is_known(state: FeedState) -> bool:
    """RFC 9110 13.2.2: If-None-Match decides where it is sent, else If-Modified-Since."""
    if request.if_none_match:
        return request.if_none_match.star_tag or bool(_held() & {state.tag, f"{state.tag}-gzip"})
    since = request.if_modified_since
    return since is not None and state.changed_at.replace(microsecond=0) <= since


def _held() -> set[str]:
    """The tags of If-None-Match."""
    return {str(tag) for tag in request.if_none_match.as_set(include_weak=True)}


def _unchanged(form: FeedFormat, state: FeedState) -> Response:
    response: Response = current_app.response_class(status=304)
    return _with_headers(response, form, state, packed=f"{state.tag}-gzip" in _held())


def _with_headers(response: Response, form: FeedFormat, state: FeedState, *, packed: bool) -> Response:
    """Packed bytes have a tag of their own: a strong ETag names bytes (RFC 9110 8.8.3)."""
    if packed and response.status_code == 200:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{state.tag}-gzip" if packed else state.tag)
    response.headers["Content-Type"] = form.content_type
    response.last_modified = state.changed_at
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _kept_body(tag: str, *, packed: bool) -> bytes | None:
    cache = feed_cache()
    with cache.lock:
        return cache.bodies.get((tag, packed))


def _write_body(form: FeedFormat, feed: Feed, language: str, tag: str, *, packed: bool) -> bytes:
    """The bytes for a tag, made once; packed when they are many and the client takes that."""
    body = form.join(feed.header, entries_of(feed.marks, language, form))
    if packed and len(body) >= PACKED_FROM_BYTES:
        body = gzip.compress(body, 6, mtime=0)
    cache = feed_cache()
    with cache.lock:
        if len(body) <= cache.bodies.maxsize:
            cache.bodies[(tag, packed)] = body
    return body
