"""The table of an event's registrations, before any format: its columns, its rows, its cells.

Headings and the words for states come from outside, already in the reader's language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

Cell = str | int | datetime | None
"""Text, a number, a time on the wall clock (naive, because spreadsheets know no zones), or nothing."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Column(Enum):
    """The columns in their order; the value is the key of the heading."""

    NUMBER = "number"
    SURNAME = "surname"
    NAME = "name"
    ACADEMIC_TITLE = "academic_title"
    EMAIL = "email"
    STATE = "state"
    WAITING_POSITION = "waiting_position"
    CATEGORY = "category"
    ATTENDED = "attended"
    STANDS_FOR = "stands_for"
    SIGNED_UP_AT = "signed_up_at"
    CANCELLED_AT = "cancelled_at"
    REASON = "reason"
    SOURCE = "source"
    CHANNEL = "channel"
    CASE_NUMBER = "case_number"
    LANGUAGE = "language"
    INVITATION_SENT_AT = "invitation_sent_at"
    INVITATION_SEQUENCE = "invitation_sequence"
    NOTE = "note"


EVERYDAY_COLUMNS = tuple(column for column in Column if column is not Column.NOTE)
"""Notes are for the office's eyes: they leave only when somebody asks for them."""


WIDTHS: Mapping[Column, int] = {
    Column.NUMBER: 6,
    Column.SURNAME: 24,
    Column.NAME: 32,
    Column.ACADEMIC_TITLE: 16,
    Column.EMAIL: 36,
    Column.STATE: 20,
    Column.WAITING_POSITION: 12,
    Column.CATEGORY: 16,
    Column.ATTENDED: 12,
    Column.STANDS_FOR: 28,
    Column.SIGNED_UP_AT: 18,
    Column.CANCELLED_AT: 18,
    Column.REASON: 36,
    Column.SOURCE: 28,
    Column.CHANNEL: 16,
    Column.CASE_NUMBER: 20,
    Column.LANGUAGE: 10,
    Column.INVITATION_SENT_AT: 18,
    Column.INVITATION_SEQUENCE: 12,
    Column.NOTE: 48,
}
"""In characters."""


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    """One registration as it is exported. Moments are aware.

    `waiting_position` from 1, 0 when not in line; `attended` None when nobody has said.
    """

    surname: str
    name: str
    email: str
    state: str
    signed_up_at: datetime
    cancelled_at: datetime | None
    source: str
    language: str
    academic_title: str = ""
    category: str = "participant"
    channel: str = ""
    case_number: str = ""
    waiting_position: int = 0
    attended: bool | None = None
    stands_for: str = ""
    reason: str = ""
    note: str = ""
    sent_sequence: int | None = None  # of the last invitation, update or cancel that left
    sent_sequence_at: datetime | None = None
    id: int = 0
    answers: tuple[str, ...] = ()  # to the questions whose headings stand behind the other columns


@dataclass(frozen=True, slots=True)
class TableWords:
    """The table's words in one language. Keys are the values of `Column`, of states, sources, languages, categories
    and channels, and of `attended`."""

    sheet: str
    headings: Mapping[str, str]
    states: Mapping[str, str]
    sources: Mapping[str, str]
    languages: Mapping[str, str]
    categories: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    attendance: Mapping[bool | None, str] = field(default_factory=dict)


def headings(words: TableWords, columns: Sequence[Column] = EVERYDAY_COLUMNS) -> list[str]:
    """The heading row."""
    return [words.headings[column.value] for column in columns]


def table_rows(
    rows: Iterable[AttendeeRow], words: TableWords, zone: str, columns: Sequence[Column] = EVERYDAY_COLUMNS
) -> Iterator[list[Cell]]:
    """One list of cells a registration, numbered from 1, one row at a time; times are those of `zone`."""
    for number, row in enumerate(rows, start=1):
        cells = {Column.NUMBER: number, **_person_cells(row, words), **_standing_cells(row, words, zone)}
        yield [*(cells[column] for column in columns), *row.answers]


def _person_cells(row: AttendeeRow, words: TableWords) -> dict[Column, Cell]:
    return {
        Column.SURNAME: row.surname,
        Column.NAME: row.name,
        Column.ACADEMIC_TITLE: row.academic_title,
        Column.EMAIL: row.email,
        Column.CATEGORY: words.categories.get(row.category, row.category),
        Column.SOURCE: words.sources.get(row.source, row.source),
        Column.CHANNEL: words.channels.get(row.channel, row.channel),
        Column.CASE_NUMBER: row.case_number,
        Column.LANGUAGE: words.languages.get(row.language, row.language),
        Column.NOTE: row.note,
    }


def _standing_cells(row: AttendeeRow, words: TableWords, zone: str) -> dict[Column, Cell]:
    return {
        Column.STATE: words.states.get(row.state, row.state),
        Column.WAITING_POSITION: row.waiting_position or None,
        Column.ATTENDED: words.attendance.get(row.attended, ""),
        Column.STANDS_FOR: row.stands_for,
        Column.SIGNED_UP_AT: _wall_clock(row.signed_up_at, zone),
        Column.CANCELLED_AT: _wall_clock_if_any(row.cancelled_at, zone),
        Column.REASON: row.reason,
        Column.INVITATION_SENT_AT: _wall_clock_if_any(row.sent_sequence_at, zone),
        Column.INVITATION_SEQUENCE: row.sent_sequence,
    }


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it reads it from CSV (abuse 1)."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _wall_clock_if_any(moment: datetime | None, zone: str) -> datetime | None:
    return None if moment is None else _wall_clock(moment, zone)


def _wall_clock(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
