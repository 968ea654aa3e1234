"""Excel workbooks: weighed before they are parsed, then the first sheet with anything in it."""

import io
import zipfile
import zlib
from datetime import date, datetime, time
from typing import Any

import openpyxl

from eventreg.registrations.unreadable_list_rules import (
    LARGEST_UNPACKED,
    LONGEST_CELL,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_ROWS,
    MOST_TAGS,
    Unreadable,
    UnreadableListError,
)

_CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_MARKUP = (b"<!DOCTYPE", b"<!ENTITY")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LAST_ROW = 1_048_576  # of any sheet
_COLUMNS_LOOKED_AT = MOST_COLUMNS + 60
_FORMULA_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


def xlsx_rows(content: bytes) -> list[list[str]]:
    """The cells of the first visible sheet that has any, as text; formulas give the values Excel stored.

    Raises UnreadableListError. The archive is weighed first (`weigh_archive`), so memory stays bounded whatever is
    sent (abuse 11); nothing outside the file is ever opened (abuse 12).
    """
    weigh_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            rows = _rows(sheet) if sheet.sheet_state == "visible" else []
            if rows:
                return rows
    except UnreadableListError:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged part makes its parsers raise
        raise UnreadableListError(Unreadable.DAMAGED) from error
    return []


def weigh_archive(content: bytes) -> None:
    """Unpack every part of a zip file into nothing; UnreadableListError when it is too much, damaged or no workbook.

    What the directory declares is believed only where it speaks against the file. A part with a document type or
    entities is refused: Excel writes none, and they are what XML bombs and outside references are made of.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            unpacked = tags = 0
            for part in parts:
                size, found = _weigh_part(archive, part, LARGEST_UNPACKED - unpacked)
                unpacked, tags = unpacked + size, tags + found
                if tags > MOST_TAGS:
                    raise UnreadableListError(Unreadable.UNPACKS_TOO_FAR)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise UnreadableListError(Unreadable.DAMAGED) from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableListError(Unreadable.UNPACKS_TOO_FAR)
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise UnreadableListError(Unreadable.OTHER_KIND)
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(part.flag_bits & _ENCRYPTED or part.compress_type not in plain for part in parts):
        raise UnreadableListError(Unreadable.DAMAGED)


def _weigh_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> tuple[int, int]:
    """Bytes and tags of one part, of which no more than a chunk is ever in memory."""
    size = tags = 0
    before = b""
    is_xml = False
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if size == 0:
                if chunk.startswith(_UTF_16):
                    raise UnreadableListError(Unreadable.DAMAGED)  # XML that could hide its markup; Excel writes UTF-8
                is_xml = chunk.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
            size += len(chunk)
            if size > most:
                raise UnreadableListError(Unreadable.UNPACKS_TOO_FAR)
            if is_xml:
                tags += chunk.count(b"<")
                if any(markup in before + chunk for markup in _MARKUP):
                    raise UnreadableListError(Unreadable.DAMAGED)
                before = chunk[-16:]
    return size, tags


def _rows(sheet: Any) -> list[list[str]]:
    """The rows up to the last one that is not empty. What a sheet declares of its size is often wrong, so unread."""
    rows: list[list[str]] = []
    filled = characters = 0
    empty: object = None  # the one object that openpyxl gives for all missing rows, of which there may be a million
    for number, cells in enumerate(sheet.iter_rows(max_row=_LAST_ROW, max_col=_COLUMNS_LOOKED_AT, values_only=True), 1):
        if cells is empty:
            continue
        row = [_text(cell) for cell in cells]
        if not any(row):
            empty = cells
            continue
        filled += 1
        characters += sum(map(len, row))
        if filled > MOST_ROWS + 1:
            raise UnreadableListError(Unreadable.TOO_MANY_ROWS)
        if characters > MOST_CHARACTERS:
            raise UnreadableListError(Unreadable.UNPACKS_TOO_FAR)
        rows.extend([] for _ in range(number - 1 - len(rows)))
        rows.append(row)
    return rows


def _text(value: object) -> str:
    if value is None or (isinstance(value, str) and value in _FORMULA_ERRORS):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)[:LONGEST_CELL]
