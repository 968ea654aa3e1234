"""Calendars for everybody: one event as a file, and all events to subscribe to.

calendar.md 10-14. No cookie, no content negotiation (Google sends no Accept), the same bytes while nothing
changes.
"""

import gzip
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.calendars.event_feeds import entries_of
from eventreg.calendars.feed import FeedHeader, feed_bytes, feed_etag
from eventreg.calendars.queries import EventMark, FeedFilter, feed_marks, feeds_changed_at
from eventreg.clock import now_utc
from eventreg.events.event_rules import KINDS
from eventreg.events.listed_events import KINDS_WORDS
from eventreg.events.queries import PUBLIC_STATES, event_by_former_slug, event_by_slug
from eventreg.i18n import request_language
from eventreg.links import absolute_url
from eventreg.organisers.queries import organiser_by_slug
from eventreg.series.queries import series_by_slug

blueprint = Blueprint("feeds", __name__)

FRESH_SECONDS = 300
"""How long a feed may be shown without asking; programs ask far more seldom anyway (REFRESH-INTERVAL)."""

PACKED_FROM_BYTES = 1_000
ANSWERS_KEPT = 32
_answers: OrderedDict[tuple[str, bool], bytes] = OrderedDict()
_lock = Lock()


@blueprint.get("/events/<slug>.ics")
def event_calendar(slug: str) -> ResponseReturnValue:
    """One event for a calendar. An unlisted one too: who has its address may know it."""
    event = event_by_slug(slug)
    if event is None:
        former = event_by_former_slug(slug)
        if former is None or former.state not in PUBLIC_STATES:
            abort(404)
        return redirect(url_for("feeds.event_calendar", slug=former.slug), 301)
    if event.state not in PUBLIC_STATES:
        abort(404)
    language = request_language()
    address = absolute_url("feeds.event_calendar", language, slug=event.slug)
    header = FeedHeader(name=event.title, description=event.summary or event.title, source_url=address)
    response = _answer(header, [EventMark(event.id, event.uid, event.revision)], language, event.updated_at)
    if response.status_code == 200:
        response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    return response


@blueprint.get("/calendar.ics")
def public_calendar() -> ResponseReturnValue:
    """All listed events, or those of one kind, series or organiser, to subscribe to."""
    asked = {key: request.args.get(key, "") for key in ("kind", "series", "organiser")}
    address = absolute_url(
        "feeds.public_calendar", request_language(), **{key: value for key, value in asked.items() if value}
    )
    return _feed(address, **asked)


@blueprint.get("/series/<slug>.ics")
def series_calendar(slug: str) -> ResponseReturnValue:
    """The events of one series."""
    return _feed(absolute_url("feeds.series_calendar", request_language(), slug=slug), series=slug)


@blueprint.get("/organisers/<slug>.ics")
def organiser_calendar(slug: str) -> ResponseReturnValue:
    """The events of one organiser."""
    return _feed(absolute_url("feeds.organiser_calendar", request_language(), slug=slug), organiser=slug)


@blueprint.get("/kinds/<kind>.ics")
def kind_calendar(kind: str) -> ResponseReturnValue:
    """The events of one kind."""
    return _feed(absolute_url("feeds.kind_calendar", request_language(), kind=kind), kind=kind)


def _feed(source_url: str, *, kind: str = "", series: str = "", organiser: str = "") -> Response:
    """The listed events that match; 404 for a kind, series or organiser that there is not."""
    one_series = series_by_slug(series) if series else None
    one_organiser = organiser_by_slug(organiser) if organiser else None
    unknown = (series and one_series is None) or (organiser and one_organiser is None)
    if unknown or (kind and kind not in KINDS):
        abort(404)
    named = [
        one_series.title if one_series else "",
        one_organiser.name if one_organiser else "",
        str(KINDS_WORDS[kind]) if kind else "",
    ]
    now = now_utc()
    header = FeedHeader(
        name=" – ".join(name for name in named if name) or _site_name(),
        description=_("Events with sign-up: %(site)s", site=_site_name()),
        source_url=source_url,
    )
    wanted = FeedFilter(
        kind or None, one_series.id if one_series else None, one_organiser.id if one_organiser else None
    )
    return _answer(header, feed_marks(wanted, now), request_language(), feeds_changed_at(now) or now)


def _site_name() -> str:
    return str(current_app.extensions["eventreg.config"].site_name)


def _answer(header: FeedHeader, marks: list[EventMark], language: str, changed_at: datetime) -> Response:
    """The calendar, or 304 for who has these very bytes."""
    tag = feed_etag(header, ((mark.uid, mark.revision) for mark in marks))
    packs = request.accept_encodings["gzip"] > 0
    response: Response = current_app.response_class(mimetype="text/calendar")
    if not _is_known(tag, changed_at):
        body = _body(header, marks, language, tag, packed=packs)
        response.set_data(body)
        if body.startswith(b"\x1f\x8b"):
            response.headers["Content-Encoding"] = "gzip"
            tag += "-gzip"
    else:
        response.status_code = 304
        tag += "-gzip" if f"{tag}-gzip" in _held() else ""
    response.set_etag(tag)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.last_modified = changed_at
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_SECONDS
    response.vary.add("Accept-Encoding")
    return response


def _is_known(tag: str, changed_at: datetime) -> bool:
    """RFC 9110 13.2.2: If-None-Match decides where it is sent, else If-Modified-Since."""
    if request.if_none_match:
        return request.if_none_match.star_tag or bool(_held() & {tag, f"{tag}-gzip"})
    since = request.if_modified_since
    return since is not None and changed_at.replace(microsecond=0) <= since


def _held() -> set[str]:
    """The tags of If-None-Match."""
    return {str(tag) for tag in request.if_none_match.as_set(include_weak=True)}


def _body(header: FeedHeader, marks: list[EventMark], language: str, tag: str, *, packed: bool) -> bytes:
    """The bytes for a tag, made once; packed when they are many and the client takes that."""
    key = (f"{tag}.{language}", packed)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    body = feed_bytes(header, entries_of(marks, language))
    if packed and len(body) >= PACKED_FROM_BYTES:
        body = gzip.compress(body, 6, mtime=0)
    with _lock:
        _answers[key] = body
        while len(_answers) > ANSWERS_KEPT:
            _answers.popitem(last=False)
    return body
