"""Downloads of an event's registrations: owner and editor only, each one in the trail (abuse 28, 40).

Rows go from the database to a temporary file as they are read, so memory does not grow with the list.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from flask import Blueprint, Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.date_typing_rules import typed_date
from eventreg.events.models import Event
from eventreg.exports.answer_columns import ANSWER_WIDTH, answer_columns, answer_headings, with_answers
from eventreg.exports.attendee_table import EVERYDAY_COLUMNS, WIDTHS, AttendeeRow, Cell, Column, headings, table_rows
from eventreg.exports.csv_writing import csv_chunks
from eventreg.exports.table_words import table_words
from eventreg.exports.xlsx_writing import write_xlsx
from eventreg.i18n import request_language
from eventreg.organisers import audit
from eventreg.organisers.access import current_account, event_for, has_role, require_organiser_role
from eventreg.registrations.attendee_list_rules import read_category, read_state
from eventreg.registrations.queries import registration_rows

blueprint = Blueprint("exports", __name__, url_prefix="/panel/events/<slug>")

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/registrations.csv")
@require_organiser_role("owner", "editor")
def registrations_csv(slug: str) -> ResponseReturnValue:
    """The list for spreadsheets of every kind."""
    event = event_for(slug)
    _keep_in_trail(event, "csv")
    table = _table(event)
    file = TemporaryFile()  # noqa: SIM115  # closed with the answer
    file.writelines(csv_chunks(table.headings, table.rows))
    return _download(file, event, "csv", "text/csv")


@blueprint.get("/registrations.xlsx")
@require_organiser_role("owner", "editor")
def registrations_xlsx(slug: str) -> ResponseReturnValue:
    """The list as an Excel workbook."""
    event = event_for(slug)
    _keep_in_trail(event, "xlsx")
    table = _table(event)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registrations.xlsx"
        write_xlsx(path, table.sheet, table.headings, table.widths, table.rows, now_utc())
        file = path.open("rb")  # its name goes with the folder, its content stays until it is closed
    return _download(file, event, "xlsx", XLSX_TYPE)


@dataclass(frozen=True, slots=True)
class _Table:
    """What is written, in whichever format."""

    sheet: str
    headings: list[str]
    widths: list[int]
    rows: Iterator[list[Cell]]


def _table(event: Event) -> _Table:
    words, language, columns = table_words(), request_language(), _columns()
    needs = _asks_for_access_needs(event)
    asked = answer_columns(event.id, language, access_needs=needs)
    rows = with_answers(_rows(event), asked, language, access_needs=needs)
    return _Table(
        sheet=words.sheet,
        headings=[*headings(words, columns), *answer_headings(asked)],
        widths=[*(WIDTHS[column] for column in columns), *(ANSWER_WIDTH for _question in asked)],
        rows=table_rows(rows, words, event.time_zone, columns),
    )


def _download(file: IO[bytes], event: Event, ending: str, mimetype: str) -> Response:
    """The file, once it is whole: a slow reader holds no database, an error is an error page and no torn file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = send_file(
        file, mimetype=mimetype, as_attachment=True, download_name=_file_name(event, ending), max_age=0
    )
    response.content_length = size
    return response


def _state() -> str | None:
    return read_state(request.args.get("state", ""))


def _rows(event: Event) -> Iterator[AttendeeRow]:
    return registration_rows(event.id, _state(), read_category(request.args.get("category", "")))


def _columns() -> Sequence[Column]:
    """All columns with ?notes=1, for the one who asked for the office's notes; else without them."""
    return tuple(Column) if _asks_for_notes() else EVERYDAY_COLUMNS


def _asks_for_notes() -> bool:
    return request.args.get("notes") == "1"


def _asks_for_access_needs(event: Event) -> bool:
    """With ?access_needs=1 what support people want comes along; for owners alone (duties.md 5)."""
    asks = request.args.get("access_needs") == "1"
    if asks and not has_role(event.organiser_id, "owner"):
        abort(404)
    return asks


def _keep_in_trail(event: Event, kind: str) -> None:
    if request.method == "GET":  # and not HEAD
        audit.record(
            current_account().id,
            "access_needs_exported" if _asks_for_access_needs(event) else "list_exported",
            event.organiser_id,
            event.id,
            detail={"format": kind, "state": _state() or "all", **({"notes": True} if _asks_for_notes() else {})},
            now=now_utc(),
        )


def _file_name(event: Event, ending: str) -> str:
    """'dobre-praktyki-2026-11-22.xlsx', with the day of the download: lists grow old."""
    day, month, year = typed_date(now_utc(), event.time_zone).split(".")
    return f"{event.slug}-{year}-{month}-{day}.{ending}"
