"""The public events for feed readers: Atom (RFC 4287).

Entries stand in the order of the events, as in every other form: readers sort by `updated` themselves (4.1.1 gives the
order no meaning), and an edit then changes no other entry's place. No clock in here: the same data give the same bytes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from eventreg.calendars.calendar_text_rules import clean_line, clean_text, clean_url
from eventreg.calendars.feed import EventEntry, FeedEvent, FeedHeader
from eventreg.events.when_rules import when_in_full

ATOM = "http://www.w3.org/2005/Atom"
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""`updated` of a feed without events, which must have one (4.1.1) and must not change by itself."""

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_IN_XML = dict.fromkeys((0xFFFE, 0xFFFF))
"""The two characters that calendars may hold and XML 1.0 (2.2) may not."""


def atom_entry(event: FeedEvent) -> EventEntry:
    """One event as the bytes of an entry, to stand in a feed that names the namespace."""
    entry, times = Xml.Element("entry"), event.times
    _add(entry, "id", entry_id(event.uid))
    title = _add(entry, "title", _line(event.heading or event.summary))
    if event.language and not event.cancelled:  # of a cancelled one the title begins in the feed's language
        title.set(_LANGUAGE, event.language)
    page = clean_url(event.page_url)
    if page:
        Xml.SubElement(entry, "link", rel="alternate", type="text/html", href=page)
    author = Xml.SubElement(entry, "author")
    _add(author, "name", _line(event.source or event.organiser))
    if event.published_at:
        _add(entry, "published", _moment(event.published_at))
    _add(entry, "updated", _moment(event.changed_at))
    if event.kind:
        Xml.SubElement(entry, "category", term=event.kind, label=_line(event.kind_words))
    when = when_in_full(times.starts_at, times.ends_at, times.timezone, event.read_in, all_day=times.all_day)
    text = "\n".join(line for line in (when, event.location, event.description) if line)
    # 4.1.2: an entry without a link must have its content.
    _add(entry, "summary" if page else "content", _text(text)).set("type", "text")
    return EventEntry(Xml.tostring(entry, encoding="utf-8"), changed_at=event.changed_at)


def atom_feed(header: FeedHeader, entries: Iterable[EventEntry]) -> bytes:
    """The whole feed. Its `updated` is the latest change of an event in it."""
    kept = list(entries)
    feed = Xml.Element("feed", {"xmlns": ATOM, _LANGUAGE: header.language})
    address = clean_url(header.source_url)
    _add(feed, "id", address)
    _add(feed, "title", _line(header.name))
    _add(feed, "subtitle", _line(header.description))
    _add(feed, "updated", _moment(max((entry.changed_at or NOTHING_YET for entry in kept), default=NOTHING_YET)))
    Xml.SubElement(feed, "link", rel="self", type="application/atom+xml", href=address)
    page = clean_url(header.page_url)
    if page:
        Xml.SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    head: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return head.removesuffix(b"</feed>") + b"\n" + b"\n".join([*(entry.body for entry in kept), b"</feed>\n"])


def entry_id(uid: str) -> str:
    """The permanent id of an event's entry: a UUID made of its UID, the same in every feed and language."""
    return uuid5(NAMESPACE_URL, _line(uid)).urn


def _add(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    element = Xml.SubElement(parent, name)
    element.text = text
    return element


def _moment(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(value: str) -> str:
    return clean_line(value.translate(_NOT_IN_XML))


def _text(value: str) -> str:
    return clean_text(value.translate(_NOT_IN_XML))
