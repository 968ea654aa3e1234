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
    wanted, name, arguments = _wanted()
    now, language = now_utc(), request_language()
    header = FeedHeader(
        name=name,
        description=_("Events with sign-up: %(site)s", site=_site_name()),
        source_url=absolute_url("feeds.public_calendar", language, **arguments),
    )
    changed_at = feeds_changed_at(now) or now
    return _answer(header, feed_marks(wanted, now), language, changed_at)


def _wanted() -> tuple[FeedFilter, str, dict[str, str]]:
    """The filter that the address asks for, the feed's name, and the arguments again; 404 for unknown ones."""
    kind = request.args.get("kind") or None
    series_slug = request.args.get("series") or None
    organiser_slug = request.args.get("organiser") or None
    series = series_by_slug(series_slug) if series_slug else None
    organiser = organiser_by_slug(organiser_slug) if organiser_slug else None
    unknown = (series_slug and series is None) or (organiser_slug and organiser is None)
    if unknown or (kind is not None and kind not in KINDS):
        abort(404)
    name = series.title if series else organiser.name if organiser else _site_name()
    given = {"kind": kind, "series": series_slug, "organiser": organiser_slug}
    return (
        FeedFilter(kind, series.id if series else None, organiser.id if organiser else None),
        name,
        {key: value for key, value in given.items() if value},
    )


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
