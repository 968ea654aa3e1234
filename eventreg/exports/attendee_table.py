"""The table of an event's registrations, before any format: its columns, its rows, its cells.

Headings and the words for states come from outside, already in the reader's language.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    EMAIL = "email"
    STATE = "state"
    SIGNED_UP_AT = "signed_up_at"
    CANCELLED_AT = "cancelled_at"
    SOURCE = "source"
    LANGUAGE = "language"


WIDTHS: Mapping[Column, int] = {
    Column.NUMBER: 6,
    Column.SURNAME: 24,
    Column.NAME: 32,
    Column.EMAIL: 36,
    Column.STATE: 16,
    Column.SIGNED_UP_AT: 18,
    Column.CANCELLED_AT: 18,
    Column.SOURCE: 28,
    Column.LANGUAGE: 10,
}
"""In characters."""


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    """One registration as it is exported. `signed_up_at` and `cancelled_at` are aware."""

    surname: str
    name: str
    email: str
    state: str
    signed_up_at: datetime
    cancelled_at: datetime | None
    source: str
    language: str


@dataclass(frozen=True, slots=True)
class TableWords:
    """The table's words in one language. Keys are the values of `Column`, of states, sources and
    languages."""

    sheet: str
    headings: Mapping[str, str]
    states: Mapping[str, str]
    sources: Mapping[str, str]
    languages: Mapping[str, str]


def headings(words: TableWords) -> list[str]:
    """The heading row."""
    return [words.headings[column.value] for column in Column]


def table_rows(rows: Iterable[AttendeeRow], words: TableWords, zone: str) -> Iterator[list[Cell]]:
    """One list of cells a registration, numbered from 1, one row at a time; times are those of `zone`."""
    for number, row in enumerate(rows, start=1):
        yield [
            number,
            row.surname,
            row.name,
            row.email,
            words.states.get(row.state, row.state),
            _wall_clock(row.signed_up_at, zone),
            _wall_clock(row.cancelled_at, zone) if row.cancelled_at is not None else None,
            words.sources.get(row.source, row.source),
            words.languages.get(row.language, row.language),
        ]


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it reads it from CSV (abuse 1)."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _wall_clock(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
