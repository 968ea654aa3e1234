"""Importing a list of people: upload, columns, preview, import. Nothing is written before the last step."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from eventreg.clock import now_utc
from eventreg.events.listing_rules import page_count
from eventreg.events.models import Event
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations import import_words
from eventreg.registrations.attendee_list_rules import read_page
from eventreg.registrations.import_columns_rules import columns_shown, guess_columns
from eventreg.registrations.import_drafts import NoDraft, UploadedList, delete_draft, keep_draft, open_draft
from eventreg.registrations.import_forms import (
    TELL_HINTS,
    ColumnsForm,
    ImportForm,
    UploadForm,
    columns_as_fields,
    columns_form,
    reason_words,
)
from eventreg.registrations.import_judging_rules import JudgedRow, Verdict, verdict_counts
from eventreg.registrations.importing import (
    DraftGone,
    NotImported,
    import_people,
    import_questions,
    judge_list,
    missing_places,
)
from eventreg.registrations.list_reading_rules import ListRow, read_list
from eventreg.registrations.unreadable_list_rules import MOST_ROWS, CannotRead

blueprint = Blueprint("importing", __name__, url_prefix="/panel/events/<slug>/registrations/import")

ROWS_PER_PAGE = 100


@blueprint.route("", methods=["GET", "POST"])
@require_organiser_role("owner", "editor")
def upload(slug: str) -> ResponseReturnValue:
    """Choose a file; a readable one waits for its import and leads on to its columns."""
    event = event_for(slug)
    form = UploadForm(request.files if request.method == "POST" else None)
    if request.method == "GET":
        return _upload_page(event, form)
    if not form.validate():
        return _upload_page(event, form), 422
    content = form.list_file.data.read()
    rows = read_list(content)
    if isinstance(rows, CannotRead):
        form.list_file.errors = [import_words.unreadable_words(rows)]
        return _upload_page(event, form), 422
    token = keep_draft(event.id, current_account().id, form.list_file.data.filename, content, now_utc())
    return redirect(url_for("importing.columns", slug=slug, draft_token=token), 303)


@blueprint.get("/<draft_token>")
@require_organiser_role("owner", "editor")
def columns(slug: str, draft_token: str) -> ResponseReturnValue:
    """What each column holds, guessed; or as chosen before, when somebody comes back from the preview."""
    event = event_for(slug)
    draft = _draft(event, draft_token)
    if draft is None:
        return _gone(slug)
    form = _columns_form(event, _rows(draft), request.args or None)
    return _columns_page(event, draft, draft_token, form)


@blueprint.get("/<draft_token>/preview")
@require_organiser_role("owner", "editor")
def preview(slug: str, draft_token: str) -> ResponseReturnValue:
    """Each row with its verdict."""
    event = event_for(slug)
    draft = _draft(event, draft_token)
    if draft is None:
        return _gone(slug)
    rows = _rows(draft)
    form = _columns_form(event, rows, request.args)
    if not form.validate():
        return _columns_page(event, draft, draft_token, form), 422
    return _preview_page(event, draft, draft_token, form, rows, ImportForm(None, event))


@blueprint.post("/<draft_token>/import")
@require_organiser_role("owner", "editor")
def import_list(slug: str, draft_token: str) -> ResponseReturnValue:
    """Everybody or nobody."""
    event = event_for(slug)
    draft = _draft(event, draft_token)
    if draft is None:
        return _gone(slug, "attendee_list.registration_list")
    rows = _rows(draft)
    chosen, form = _columns_form(event, rows, request.form), ImportForm(request.form, event)
    if not chosen.validate():
        return _columns_page(event, draft, draft_token, chosen), 422
    if not form.validate():
        return _preview_page(event, draft, draft_token, chosen, rows, form), 422
    wish = form.to_wish(chosen.columns)
    done = import_people(draft, rows, wish, now_utc())
    if isinstance(done, DraftGone):
        return _gone(slug, "attendee_list.registration_list")
    if isinstance(done, NotImported):
        form.form_errors.append(import_words.not_imported_words(done))
        return _preview_page(event_for(slug), draft, draft_token, chosen, rows, form), 422
    flash(import_words.imported_words(done, told=wish.tell), "success" if done.added or done.waiting else "info")
    return redirect(url_for("attendee_list.registration_list", slug=slug), 303)


@blueprint.post("/<draft_token>/give-up")
@require_organiser_role("owner", "editor")
def give_up(slug: str, draft_token: str) -> ResponseReturnValue:
    """Delete the uploaded list."""
    draft = _draft(event_for(slug), draft_token)
    if draft is not None:
        delete_draft(draft.id)
    flash(str(import_words.GIVEN_UP), "info")
    return redirect(url_for("importing.upload", slug=slug), 303)


def _draft(event: Event, token: str) -> UploadedList | None:
    """The list behind a token; None when it is gone, 404 when it never was this account's."""
    draft = open_draft(token, event.id, current_account().id, now_utc())
    if draft is NoDraft.NOT_FOUND:
        abort(404)
    return draft if isinstance(draft, UploadedList) else None


def _gone(slug: str, endpoint: str = "importing.upload") -> ResponseReturnValue:
    flash(str(import_words.DRAFT_GONE), "warning")
    return redirect(url_for(endpoint, slug=slug), 303)


def _rows(draft: UploadedList) -> Sequence[ListRow]:
    rows = read_list(draft.content)
    if isinstance(rows, CannotRead):  # it was read when it was uploaded: the limits are others now
        abort(404)
    return rows


def _columns_form(event: Event, rows: Sequence[ListRow], formdata: MultiDict[str, str] | None) -> ColumnsForm:
    questions = import_questions(event.id)
    guess = guess_columns(rows, questions)
    return columns_form(columns_shown(rows, has_headings=guess.has_headings), questions, guess, formdata)


def _upload_page(event: Event, form: UploadForm) -> str:
    return render_template("panel/registrations/import_upload.html", event=event, form=form, most_rows=MOST_ROWS)


def _columns_page(event: Event, draft: UploadedList, token: str, form: ColumnsForm) -> str:
    return render_template(
        "panel/registrations/import_columns.html", event=event, draft=draft, draft_token=token, form=form
    )


def _preview_page(
    event: Event, draft: UploadedList, token: str, chosen: ColumnsForm, rows: Sequence[ListRow], form: ImportForm
) -> str:
    judged = judge_list(event.id, rows, chosen.columns)
    counts = verdict_counts(judged)
    return render_template(
        "panel/registrations/import_preview.html",
        event=event,
        draft=draft,
        draft_token=token,
        form=form,
        columns=columns_as_fields(chosen.columns),
        counts={verdict.value: number for verdict, number in counts.items()},
        missing=missing_places(event, counts[Verdict.GOOD]),
        words=import_words,
        reason_words=reason_words,
        tell_hints=TELL_HINTS,
        **_shown_rows(judged),
    )


def _shown_rows(judged: Sequence[JudgedRow]) -> dict[str, Any]:
    """One page of the rows, of one verdict if the address asks for it."""
    asked = request.args.get("show", "")
    show = asked if asked in {verdict.value for verdict in Verdict} else ""
    found = [row for row in judged if not show or row.verdict.value == show]
    pages = page_count(len(found), ROWS_PER_PAGE)
    page = read_page(request.args.get("page", ""), pages)
    return {
        "show": show,
        "rows": found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE],
        "page": page,
        "pages": pages,
    }
