"""Sixty events drawn by Hypothesis: ten occasions in six time zones, hostile texts, and what each must read back as."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from eventreg.calendars.feed import EventEntry, FeedEvent, FeedHeader
from eventreg.calendars.ical_feed import event_entry, feed_bytes
from eventreg.calendars.invitation import Invitation, Party
from eventreg.calendars.time_zone_rules import EventTimes
from tests.peers.reading import Reading, moment

ZONES = ("Europe/Warsaw", "Europe/Kyiv", "Europe/London", "America/New_York", "UTC", "Asia/Tokyo")
STAMP = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HEADER = FeedHeader("Współpraca; zagraniczna", 'Wydarzenia, "w skrócie": \\ 🎉', "https://example.org/calendar.ics")
OFFICE = Party('Urząd: "Przykładowy"; dział, 🎉', "biuro@example.org")
GUEST = Party("Anna\r\nKowalska: אנה", "anna@example.org")


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody types, and what of it a calendar shows on one line and on several."""

    typed: str
    line: str
    lines: str


@dataclass(frozen=True, slots=True)
class Generated:
    """An event, and the reading that every peer must come to; moments and dates are those put in."""

    times: EventTimes
    title: Text
    description: Text
    expected: Reading

    @property
    def entry(self) -> EventEntry:
        """As a feed keeps it."""
        return event_entry(
            FeedEvent(
                uid=self.expected.uid,
                sequence=3,
                changed_at=STAMP,
                summary=self.title.typed,
                times=self.times,
                description=self.description.typed,
                location=self.title.typed,
                page_url="https://example.org/events/warsztaty",
                geo=(50.19, 20.29),
                categories=("Warsztaty, szkolenia",),
            )
        )

    @property
    def invitation(self) -> Invitation:
        """As the mail to one person carries it."""
        return Invitation(
            uid=self.expected.uid,
            sequence=3,
            dtstamp=STAMP,
            organizer=OFFICE,
            summary=self.title.typed,
            times=self.times,
            description=self.description.typed,
            location=self.title.typed,
            page_url="https://example.org/events/warsztaty",
            online_url="https://meet.example.org/a?b=c;d,e",
            online_label='Spotkanie: "online"; 🎉',
            geo=(50.19, 20.29),
            categories=("Warsztaty, szkolenia",),
        )


def whole_feed(events: list[Generated]) -> bytes:
    return feed_bytes(HEADER, [event.entry for event in events])


# Texts: pieces whose readings are written down here, so that the program's own cleaning is not asked what it should do.

_PIECES = tuple(
    Text(*piece)
    for piece in (
        ("Warsztaty", "Warsztaty", "Warsztaty"),
        (" ", " ", " "),
        ("; , : \" ' \\ ^ | %", "; , : \" ' \\ ^ | %", "; , : \" ' \\ ^ | %"),
        ("\\n\\N\\;\\,", "\\n\\N\\;\\,", "\\n\\N\\;\\,"),
        ("a:b;c=d,e", "a:b;c=d,e", "a:b;c=d,e"),
        ("🎉👩‍👩‍👧‍👦🇵🇱", "🎉👩‍👩‍👧‍👦🇵🇱", "🎉👩‍👩‍👧‍👦🇵🇱"),
        ("שלום مرحبا\u202eabc\u202c", "שלום مرحبا\u202eabc\u202c", "שלום مرحبا\u202eabc\u202c"),
        ("zażółć gęślą jaźń", "zażółć gęślą jaźń", "zażółć gęślą jaźń"),
        ("w\u00a0Łodzi", "w\u00a0Łodzi", "w\u00a0Łodzi"),
        (
            "\r\nATTENDEE:mailto:eve@example.org",
            " ATTENDEE:mailto:eve@example.org",
            "\nATTENDEE:mailto:eve@example.org",
        ),
        ("\nEND:VEVENT", " END:VEVENT", "\nEND:VEVENT"),
        ("\rBEGIN:VALARM", " BEGIN:VALARM", "\nBEGIN:VALARM"),
        ("a\x00b\x07c", "abc", "abc"),
        ("a\x0bb\x0cc", "a b c", "a\nb\nc"),
        ("d\u2028e\u2029f\x85g", "d e f g", "d\ne\nf\ng"),
    )
)


def _joined(pieces: list[Text]) -> Text:
    typed, line, lines = ("".join(getattr(piece, name) for piece in pieces) for name in ("typed", "line", "lines"))
    return Text(typed, re.sub(" +", " ", line).strip(" "), lines)


_letters = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters='"'), min_size=1, max_size=8).map(
    lambda text: Text(text, text, text)
)
_titles = st.lists(st.sampled_from(_PIECES) | _letters, max_size=8).map(
    lambda pieces: _joined([_PIECES[0], *pieces, _PIECES[0]])
)


@st.composite
def _described(draw: st.DrawFn) -> Text:
    """A few lines, or ten thousand characters and a little more; a letter at both ends, since peers may trim."""
    pieces = [_PIECES[0], *draw(st.lists(st.sampled_from(_PIECES) | _letters, max_size=8)), _PIECES[0]]
    length = len("".join(piece.lines for piece in pieces))
    return _joined(pieces * draw(st.sampled_from((1, 1, 10_000 // length + 1))))


# Times: as a person fills them in, local to the place.

Bounds = tuple[datetime, datetime]
_years = st.integers(2026, 2030)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _nth_sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


CHANGES: dict[str, Callable[[int], datetime]] = {
    "spring in Europe": lambda year: datetime.combine(_last_sunday(year, 3), time(1), UTC),
    "autumn in Europe": lambda year: datetime.combine(_last_sunday(year, 10), time(1), UTC),
    "spring in America": lambda year: datetime.combine(_nth_sunday(year, 3, 2), time(7), UTC),
    "autumn in America": lambda year: datetime.combine(_nth_sunday(year, 11, 1), time(6), UTC),
}
"""When the clock changes: Directive 2000/84/EC, and the Energy Policy Act of 2005 for New York."""


@st.composite
def _around(draw: st.DrawFn, occasion: str) -> Bounds:
    """Within three hours of the change, five minutes to six hours long."""
    start = CHANGES[occasion](draw(_years)) + timedelta(minutes=draw(st.integers(-180, 180)))
    return start, start + timedelta(minutes=draw(st.integers(5, 360)))


@st.composite
def _in_months(draw: st.DrawFn, zone: ZoneInfo, months: tuple[int, ...]) -> Bounds:
    day = date(draw(_years), draw(st.sampled_from(months)), draw(st.integers(1, 28)))
    start = datetime.combine(day, time(draw(st.integers(7, 18)), draw(st.integers(0, 59))), zone)
    return start, start + timedelta(minutes=draw(st.integers(5, 300)))


@st.composite
def _over_midnight(draw: st.DrawFn, zone: ZoneInfo) -> Bounds:
    day = date(draw(_years), 1, 1) + timedelta(days=draw(st.integers(0, 363)))
    start = datetime.combine(day, time(draw(st.integers(18, 23)), draw(st.integers(0, 59))), zone)
    return start, datetime.combine(day + timedelta(days=1), time(draw(st.integers(0, 12)), 15), zone)


@st.composite
def _several_days(draw: st.DrawFn, zone: ZoneInfo) -> Bounds:
    """From morning to evening over days between which a clock may change."""
    change = CHANGES[draw(st.sampled_from(sorted(CHANGES)))](draw(_years)).date()
    first = change - timedelta(days=draw(st.integers(0, 3)))
    last = first + timedelta(days=draw(st.integers(1, 9)))
    return datetime.combine(first, time(9, 30), zone), datetime.combine(last, time(16), zone)


TIMED: dict[str, Callable[[ZoneInfo], st.SearchStrategy[Bounds]]] = {
    "summer": lambda zone: _in_months(zone, (5, 6, 7, 8, 9)),
    "winter": lambda zone: _in_months(zone, (1, 2, 11, 12)),
    "over midnight": _over_midnight,
    "several days": _several_days,
    **{name: lambda _zone, name=name: _around(name) for name in CHANGES},
}
WHOLE_DAYS = {"one day": (1, 1), "a conference": (2, 7)}
OCCASIONS = (*TIMED, *WHOLE_DAYS)


@st.composite
def _events(draw: st.DrawFn, number: int, zone_name: str, occasion: str) -> Generated:
    zone = ZoneInfo(zone_name)
    if occasion in TIMED:
        start, end = draw(TIMED[occasion](zone))
        times = EventTimes(start.astimezone(UTC), end.astimezone(UTC), zone_name)
        bounds = moment(times.starts_at), moment(times.ends_at)
    else:
        change = CHANGES[draw(st.sampled_from(sorted(CHANGES)))](draw(_years)).date()
        first = change - timedelta(days=draw(st.integers(0, 2)))
        after = first + timedelta(days=draw(st.integers(*WHOLE_DAYS[occasion])))
        start, end = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (first, after))
        times = EventTimes(start, end, zone_name, all_day=True)
        bounds = moment(first), moment(after)
    title, description = draw(_titles), draw(_described())
    uid = f"{number:032x}@example.org"
    expected = Reading(uid, title.line, description.lines, "CONFIRMED", *bounds)
    return Generated(times, title, description, expected)


def sixty_events() -> list[Generated]:
    """The same ones in every run of a Hypothesis. The first that it draws is the plainest of all: the last of a few is
    taken."""
    return [
        _drawn(number, zone, occasion) for number, (zone, occasion) in enumerate(product(ZONES, OCCASIONS), start=1)
    ]


def _drawn(number: int, zone: str, occasion: str) -> Generated:
    kept: list[Generated] = []

    @seed(number)
    @settings(max_examples=3, database=None, deadline=None, phases=[Phase.generate])
    @given(_events(number, zone, occasion))
    def take(event: Generated) -> None:
        kept.append(event)

    take()
    return kept[-1]
