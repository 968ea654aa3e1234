"""A table as CSV the way Polish Excel opens it by a double click: UTF-8 with BOM, semicolons, CRLF."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from eventreg.exports.attendee_table import Cell, safe_text

ROWS_A_CHUNK = 200
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def csv_chunks(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file in pieces of `ROWS_A_CHUNK` rows, so that memory does not grow with the table."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_text(heading) for heading in headings])
    yield _BYTE_ORDER_MARK
    for count, row in enumerate(rows, start=1):
        writer.writerow([_written(cell) for cell in row])
        if count % ROWS_A_CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _written(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        # The one form that Excel reads as a date under every regional setting.
        return f"{cell:%Y-%m-%d %H:%M}"
    return safe_text(cell) if isinstance(cell, str) else cell


def _emptied(buffer: io.StringIO) -> bytes:
    written = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return written
