"""The totals of the answers, and who needs which support (that for owners alone, and in the trail)."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.own_event_pages import event_page_words
from eventreg.events.when_rules import HOME_ZONE, timestamp
from eventreg.exports.csv_writing import csv_chunks
from eventreg.i18n import request_language
from eventreg.organisers import audit
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.questions.queries import access_needs_of
from eventreg.questions.totals import QuestionTotals, totals_of

blueprint = Blueprint("question_totals", __name__, url_prefix="/panel/events/<slug>/questions")


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/totals")
@require_organiser_role("editor")
def totals(slug: str) -> ResponseReturnValue:
    """The numbers, to look at and to print."""
    event, now = event_for(slug), now_utc()
    return render_template(
        "panel/questions/totals.html",
        all_totals=totals_of(event.id, request_language()),
        counted_on=timestamp(now, HOME_ZONE, request_language()),
        **event_page_words(event, now, request_language()),
    )


@blueprint.get("/totals.csv")
@require_organiser_role("editor")
def totals_csv(slug: str) -> ResponseReturnValue:
    """The same numbers for a spreadsheet."""
    event = event_for(slug)
    headings = [_("Question"), _("Answer"), _("People with a place"), _("Everybody signed up"), _("Limit")]
    rows = [row for one in totals_of(event.id, request_language()) for row in _rows(one)]
    response = Response(b"".join(csv_chunks(headings, rows)), mimetype="text/csv")
    file_name = _("totals")  # in ASCII
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}-{file_name}.csv"'
    return response


def _rows(one: QuestionTotals) -> list[list[str | int | None]]:
    label = one.question.label
    rows: list[list[str | int | None]] = [
        [label, total.label or _("answered in words"), total.placed, total.live, total.places]
        for total in one.totals or (one.answered,)
    ]
    return [*rows, [label, _("no answer"), one.silent.placed, one.silent.live, None]]


@blueprint.get("/access-needs")
@require_organiser_role("owner")
def access_needs(slug: str) -> ResponseReturnValue:
    """Who has a place and asked for support."""
    event, now = event_for(slug), now_utc()
    if request.method == "GET":  # and not HEAD
        audit.record(current_account().id, "access_needs_seen", event.organiser_id, event.id, now=now)
    return render_template(
        "panel/questions/access_needs.html",
        people=access_needs_of(event.id),
        **event_page_words(event, now, request_language()),
    )
