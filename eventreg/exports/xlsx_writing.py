"""A table as an Excel workbook: typed dates, a frozen heading row with filters, text that stays text (abuse
1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from eventreg.exports.attendee_table import Cell

_TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_DATE_FORMAT = "dd.mm.yyyy hh:mm"
_A4 = 9


def write_xlsx(
    path: Path,
    sheet: str,
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Cell]],
    created: datetime,
) -> None:
    """Write the workbook to `path`, row by row in constant memory.

    `sheet` is the sheet's name (at most 31 characters, none of []:*?/\\), `widths` are in characters,
    `created` is the moment the file names as its own.
    """
    # The library's temporary file lies in the folder of the result, so that it goes away with it.
    options = {"constant_memory": True, "tmpdir": str(path.parent), **_TEXT_STAYS_TEXT}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": sheet, "created": created})
        page = workbook.add_worksheet(sheet)
        _lay_out(page, widths)
        bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        date = workbook.add_format({"num_format": _DATE_FORMAT, "align": "left"})
        for place, heading in enumerate(headings):
            page.write_string(0, place, heading, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            _write_row(page, last, row, date)
        page.autofilter(0, 0, last, len(headings) - 1)


def _lay_out(page: Any, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def _write_row(page: Any, number: int, row: Sequence[Cell], date: Any) -> None:
    for place, cell in enumerate(row):
        if isinstance(cell, datetime):
            page.write_datetime(number, place, cell, date)
        elif isinstance(cell, int):
            page.write_number(number, place, cell)
        elif cell is not None:
            page.write_string(number, place, cell)
