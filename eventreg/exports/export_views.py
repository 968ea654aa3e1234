"""Downloads of an event's registrations: owner and editor only, each one in the trail (abuse 28, 40).

Rows go from the database to a temporary file as they are read, so memory does not grow with the list.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.date_typing_rules import typed_date
from eventreg.events.models import Event
from eventreg.exports.attendee_table import WIDTHS, headings, table_rows
from eventreg.exports.csv_writing import csv_chunks
from eventreg.exports.table_words import table_words
from eventreg.exports.xlsx_writing import write_xlsx
from eventreg.organisers import audit
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations.attendee_list_rules import read_state
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
    words = table_words()
    rows = table_rows(registration_rows(event.id, _state()), words, event.time_zone)
    file = TemporaryFile()  # noqa: SIM115  # closed with the answer
    file.writelines(csv_chunks(headings(words), rows))
    return _download(file, event, "csv", "text/csv")


@blueprint.get("/registrations.xlsx")
@require_organiser_role("owner", "editor")
def registrations_xlsx(slug: str) -> ResponseReturnValue:
    """The list as an Excel workbook."""
    event = event_for(slug)
    _keep_in_trail(event, "xlsx")
    words = table_words()
    rows = table_rows(registration_rows(event.id, _state()), words, event.time_zone)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registrations.xlsx"
        write_xlsx(path, words.sheet, headings(words), list(WIDTHS.values()), rows, now_utc())
        file = path.open("rb")  # its name goes with the folder, its content stays until it is closed
    return _download(file, event, "xlsx", XLSX_TYPE)


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


def _keep_in_trail(event: Event, kind: str) -> None:
    if request.method == "GET":  # and not HEAD
        audit.record(
            current_account().id,
            "list_exported",
            event.organiser_id,
            event.id,
            detail={"format": kind, "state": _state() or "all"},
            now=now_utc(),
        )


def _file_name(event: Event, ending: str) -> str:
    """'dobre-praktyki-2026-11-22.xlsx', with the day of the download: lists grow old."""
    day, month, year = typed_date(now_utc(), event.time_zone).split(".")
    return f"{event.slug}-{year}-{month}-{day}.{ending}"
