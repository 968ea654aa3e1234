"""Downloads of an event's registrations: owner and editor only, each one in the trail (abuse 28, 40)."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, request, send_file, stream_with_context
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
    """The list for spreadsheets of every kind, sent while it is read."""
    event = event_for(slug)
    _keep_in_trail(event, "csv")
    words = table_words()
    rows = table_rows(registration_rows(event.id, _state()), words, event.time_zone)
    response = Response(stream_with_context(csv_chunks(headings(words), rows)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=_file_name(event, "csv"))
    return response


@blueprint.get("/registrations.xlsx")
@require_organiser_role("owner", "editor")
def registrations_xlsx(slug: str) -> ResponseReturnValue:
    """The list as an Excel workbook. It is written to a file first: its table of contents comes last."""
    event = event_for(slug)
    _keep_in_trail(event, "xlsx")
    words = table_words()
    rows = table_rows(registration_rows(event.id, _state()), words, event.time_zone)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registrations.xlsx"
        write_xlsx(path, words.sheet, headings(words), list(WIDTHS.values()), rows, now_utc())
        workbook = path.open("rb")  # its name goes with the folder, its content stays until it is closed
    return send_file(
        workbook, mimetype=XLSX_TYPE, as_attachment=True, download_name=_file_name(event, "xlsx"), max_age=0
    )


def _state() -> str | None:
    return read_state(request.args.get("state", ""))


def _keep_in_trail(event: Event, kind: str) -> None:
    if request.method == "GET":  # and not HEAD
        audit.record(
            current_account().id,
            "registrations_exported",
            event.organiser_id,
            event.id,
            detail={"format": kind, "state": _state() or "all"},
            now=now_utc(),
        )


def _file_name(event: Event, ending: str) -> str:
    """'dobre-praktyki-2026-11-22.xlsx', with the day of the download: lists grow old."""
    day, month, year = typed_date(now_utc(), event.time_zone).split(".")
    return f"{event.slug}-{year}-{month}-{day}.{ending}"
