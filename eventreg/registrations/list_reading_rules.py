"""Reading an uploaded list: what kind of file it is by its first bytes, and its rows as tidy text."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from eventreg.registrations.csv_reading_rules import csv_rows
from eventreg.registrations.unreadable_list_rules import (
    LARGEST_FILE,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    CannotRead,
    Unreadable,
    UnreadableListError,
)
from eventreg.registrations.xlsx_reading_rules import xlsx_rows

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BM")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row that is not empty: its number in the file, counted from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


def read_list(content: bytes) -> tuple[ListRow, ...] | CannotRead:
    """The rows of a CSV or XLSX file that are not empty, all of the same width, or why it is not read.

    The kind is told by the content, never by the name. Columns that are empty throughout are left out at the end only,
    so that a column keeps its place.
    """
    if len(content) > LARGEST_FILE:
        return CannotRead(Unreadable.TOO_LARGE)
    try:
        rows = _rows(content)
    except UnreadableListError as error:
        return error.cannot_read
    kept = [ListRow(number, cells) for number, row in enumerate(rows, 1) if _says_something(cells := _tidy(row))]
    if not kept:
        return CannotRead(Unreadable.EMPTY)
    kept = _recipients(kept)
    if len(kept) > MOST_ROWS + 1:  # one of them may hold the headings
        return CannotRead(Unreadable.TOO_MANY_ROWS)
    width = max(len(row.cells) for row in kept)
    if width > MOST_COLUMNS:
        return CannotRead(Unreadable.TOO_MANY_COLUMNS, next(row.number for row in kept if len(row.cells) == width))
    return tuple(ListRow(row.number, row.cells + ("",) * (width - len(row.cells))) for row in kept)


def _rows(content: bytes) -> Sequence[Sequence[str]]:
    if content.startswith(_ZIP):
        return xlsx_rows(content)
    if content.startswith(_OLE):
        raise UnreadableListError(Unreadable.OLD_EXCEL)
    if content.startswith(_OTHER_KINDS) or content[:200].lstrip().lower().startswith(_MARKUP):
        raise UnreadableListError(Unreadable.OTHER_KIND)
    return csv_rows(content)


def _tidy(row: Sequence[str]) -> tuple[str, ...]:
    """NFC and single spaces, without empty cells at the end."""
    cells = [" ".join(unicodedata.normalize("NFC", cell[:LONGEST_CELL].replace("\ufeff", "")).split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _says_something(cells: Sequence[str]) -> bool:
    """Rows of dashes or bare separators are no people."""
    return any(sign.isalnum() for cell in cells for sign in cell)


def _recipients(rows: list[ListRow]) -> list[ListRow]:
    """A single line of addresses, as a mail program copies its recipients, is a list of one column."""
    if len(rows) == 1 and len(rows[0].cells) > 1:
        filled = [cell for cell in rows[0].cells if cell]
        if len(filled) > 1 and all("@" in cell for cell in filled):
            return [ListRow(number, (cell,)) for number, cell in enumerate(filled, 1)]
    return rows
