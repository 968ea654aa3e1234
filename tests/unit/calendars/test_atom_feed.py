"""RFC 4287: what a feed and an entry must have, and text that XML cannot hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree as Xml

from hypothesis import given
from hypothesis import strategies as st

from eventreg.calendars.atom_feed import atom_entry, atom_feed
from eventreg.calendars.feed import FeedEvent, FeedHeader
from tests.unit.calendars.test_json_feed import CHANGED, FULL, HEADER

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATOM_HEADER = replace(
    HEADER,
    source_url="https://example.org/events.atom?kind=workshop&q=a",
    page_url="https://example.org/?kind=workshop",
)
CANCELLED = replace(FULL, cancelled=True, heading="Wydarzenie odwołane: Warsztaty")


def read(*events: FeedEvent, header: FeedHeader = ATOM_HEADER) -> Xml.Element:
    return Xml.fromstring(atom_feed(header, [atom_entry(event) for event in events]))  # noqa: S314  # our own bytes


def only_entry(event: FeedEvent) -> Xml.Element:
    (entry,) = read(event).findall(f"{ATOM}entry")
    return entry


def texts(element: Xml.Element, name: str) -> list[str]:
    return [child.text or "" for child in element.findall(ATOM + name)]


def assert_valid(feed: Xml.Element) -> None:
    """The MUSTs of RFC 4287 4.1.1 and 4.1.2 that concern what we write."""
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert urlsplit(texts(element, "id")[0]).scheme in ("https", "urn")
        for name in ("published", "updated"):
            for moment in texts(element, name):
                assert datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates)
        assert all(link.get("href") for link in element.findall(f"{ATOM}link"))
        assert all(category.get("term") for category in element.findall(f"{ATOM}category"))
    for entry in feed.findall(f"{ATOM}entry"):
        assert len(entry.findall(f"{ATOM}author/{ATOM}name")) == 1
        has_link = any(link.get("rel") == "alternate" for link in entry.findall(f"{ATOM}link"))
        assert has_link or len(entry.findall(f"{ATOM}content")) == 1
        assert len(entry.findall(f"{ATOM}summary")) <= 1
    ids = [texts(entry, "id")[0] for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


def test_the_feed_has_what_rfc_4287_demands() -> None:
    assert_valid(read())
    assert_valid(read(FULL, replace(CANCELLED, uid="event-2"), replace(FULL, uid="event-3", page_url="", kind="")))


def test_the_head_of_the_feed() -> None:
    feed = read(FULL, replace(FULL, uid="event-2", changed_at=CHANGED + timedelta(days=1)))
    assert feed.get(LANG) == "pl"
    assert texts(feed, "id") == ["https://example.org/events.atom?kind=workshop&q=a"]
    assert texts(feed, "title") == ["Warsztaty – Ośrodek"]
    assert texts(feed, "subtitle") == ["Wydarzenia z zapisami: Współpraca"]
    assert texts(feed, "updated") == ["2026-11-21T08:30:59Z"]
    assert [(link.get("rel"), link.get("type"), link.get("href")) for link in feed.findall(f"{ATOM}link")] == [
        ("self", "application/atom+xml", "https://example.org/events.atom?kind=workshop&q=a"),
        ("alternate", "text/html", "https://example.org/?kind=workshop"),
    ]


def test_a_feed_without_events_never_tells_the_time_of_day() -> None:
    assert texts(read(), "updated") == ["1970-01-01T00:00:00Z"]
    assert atom_feed(ATOM_HEADER, []) == atom_feed(ATOM_HEADER, [])


def test_everything_that_an_entry_tells() -> None:
    entry = only_entry(FULL)
    assert texts(entry, "title") == ["Warsztaty"]
    assert texts(entry, "published") == ["2026-11-17T08:30:59Z"]
    assert texts(entry, "updated") == ["2026-11-20T08:30:59Z"]
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Ośrodek"]
    assert [(c.get("term"), c.get("label")) for c in entry.findall(f"{ATOM}category")] == [("workshop", "Warsztaty")]
    assert texts(entry, "summary") == [
        "środa, 9\u00a0grudnia 2026\u00a0r., godz.\u00a012.00–13.30\nUrząd Miasta, Proszowice\n"
        "Jedno zdanie.\nOrganizator: Ośrodek"
    ]


def test_the_words_are_those_of_the_readers_language_and_the_title_tells_its_own() -> None:
    entry = only_entry(replace(FULL, read_in="en"))
    assert texts(entry, "summary")[0].startswith("Wednesday, 9\u00a0December 2026, 12:00–13:30\n")
    title = entry.find(f"{ATOM}title")
    assert title is not None
    assert title.get(LANG) == "pl"


def test_a_cancelled_event_says_so_in_its_title() -> None:
    assert texts(only_entry(CANCELLED), "title") == ["Wydarzenie odwołane: Warsztaty"]


def test_the_author_of_an_external_event_is_who_holds_it() -> None:
    entry = only_entry(replace(FULL, source="Związek Miast"))
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Związek Miast"]


def test_an_entry_without_a_page_carries_its_content() -> None:
    entry = only_entry(replace(FULL, page_url="javascript:alert(1)"))
    assert entry.findall(f"{ATOM}link") == []
    assert texts(entry, "summary") == []
    assert "Urząd Miasta" in texts(entry, "content")[0]


def test_the_id_stays_through_every_change_and_differs_between_events() -> None:
    (first,) = texts(only_entry(FULL), "id")
    moved = replace(
        FULL, summary="Inny", page_url="https://example.org/inny", read_in="en", changed_at=FULL.times.ends_at
    )
    assert texts(only_entry(moved), "id") == [first]
    assert first.startswith("urn:uuid:")
    assert UUID(first).version == 5
    assert texts(only_entry(replace(FULL, uid="event-2")), "id") != [first]


def test_the_feed_is_joined_from_each_events_bytes_unchanged() -> None:
    entry = atom_entry(FULL)
    assert entry.changed_at == CHANGED
    assert atom_feed(ATOM_HEADER, [entry, entry]).count(entry.body) == 2


def test_abuse_04_no_element_grows_out_of_text() -> None:
    hostile = "]]></title></entry><entry>&amp;\0\x0b\ufffe\uffff\ud800\x1b \U0001f600"
    entry = only_entry(replace(FULL, heading=hostile, location=hostile, kind_words=hostile, organiser=hostile))
    assert texts(entry, "title") == ["]]></title></entry><entry>&amp; \U0001f600"]
    assert {child.tag.removeprefix(ATOM) for child in entry} == {
        "id", "title", "link", "author", "published", "updated", "category", "summary",
    }  # fmt: skip


@given(st.text(st.characters(codec=None)))
def test_any_text_is_read_back(text: str) -> None:
    hostile = replace(FULL, uid=text, summary=text, heading=text, location=text, description=text, organiser=text)
    header = replace(ATOM_HEADER, name=text, description=text)
    assert_valid(read(replace(hostile, kind_words=text, page_url=text), header=header))


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_letters_and_signs_are_told_as_they_are(text: str) -> None:
    assert texts(only_entry(replace(FULL, heading=text)), "title") == [text]
