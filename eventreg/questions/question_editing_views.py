"""What an event's form asks: the panel's pages for it."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, has_role, require_organiser_role
from eventreg.questions import queries
from eventreg.questions.editing_rules import MOST_QUESTIONS, has_choices, mark_of
from eventreg.questions.question_editing import (
    CannotEdit,
    Removed,
    Saved,
    add_question,
    add_ready_made,
    change_question,
    move_question,
    remove_question,
    restore_question,
)
from eventreg.questions.question_forms import QuestionForm, form_for_kind, form_of_question
from eventreg.questions.question_rules import KINDS, AskedQuestion
from eventreg.questions.question_words import KIND_WORDS
from eventreg.questions.ready_made_rules import READY_MADE, in_language

blueprint = Blueprint("questions", __name__, url_prefix="/panel/events/<slug>/questions")


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("")
@require_organiser_role("editor")
def question_list(slug: str) -> ResponseReturnValue:
    """The questions in order, and ways to add one."""
    return _list_page(event_for(slug))


@blueprint.post("/ready-made")
@require_organiser_role("editor")
def add_ticked(slug: str) -> ResponseReturnValue:
    """Adds the ready-made questions that were ticked."""
    event = event_for(slug)
    keys = [key for key in READY_MADE if key in request.form.getlist("keys")]
    if not keys:
        flash(_("Nothing was ticked."), "info")
        return _to_list(slug)
    outcome = add_ready_made(event.id, keys, current_account().id, now_utc())
    if isinstance(outcome, CannotEdit):
        return _cannot(slug, outcome)
    flash(_("The questions stand on the form."), "success")
    return _to_list(slug)


@blueprint.get("/new")
@require_organiser_role("editor")
def new_question(slug: str) -> ResponseReturnValue:
    """The empty form for a question of one's own."""
    return _form_page(event_for(slug), form_for_kind(_kind()), None)


@blueprint.post("/new")
@require_organiser_role("editor")
def create(slug: str) -> ResponseReturnValue:
    """Adds it."""
    event, form = event_for(slug), form_for_kind(_kind(), formdata=request.form)
    if not form.validate():
        return _form_page(event, form, None), 422
    outcome = add_question(event.id, form.draft, current_account().id, now_utc())
    return _after_saving(slug, outcome)


@blueprint.get("/<int:question_id>")
@require_organiser_role("editor")
def edit(slug: str, question_id: int) -> ResponseReturnValue:
    """The form, filled in."""
    event = event_for(slug)
    question = _question(event, question_id)
    if question.is_removed:
        return _cannot(slug, CannotEdit.GONE)
    return _form_page(event, form_of_question(question), question)


@blueprint.post("/<int:question_id>")
@require_organiser_role("editor")
def save(slug: str, question_id: int) -> ResponseReturnValue:
    """Saves it, unless a colleague was faster."""
    event = event_for(slug)
    question = _question(event, question_id)
    form = form_for_kind(question.kind, question.ready_made, request.form)
    if not form.validate():
        return _form_page(event, form, question), 422
    outcome = change_question(event.id, question_id, form.draft, form.mark.data or "", current_account().id, now_utc())
    if outcome is CannotEdit.CHANGED_MEANWHILE:
        theirs = _question(event, question_id)
        form.mark.data = mark_of(theirs)
        return _form_page(event, form, theirs, is_stale=True), 409
    return _after_saving(slug, outcome)


@blueprint.post("/<int:question_id>/move")
@require_organiser_role("editor")
def move(slug: str, question_id: int) -> ResponseReturnValue:
    """One place up or down."""
    event = event_for(slug)
    question = _question(event, question_id)
    step = -1 if request.form.get("step") == "up" else 1
    outcome = move_question(event.id, question.id, step, current_account().id, now_utc())
    return _cannot(slug, outcome) if isinstance(outcome, CannotEdit) else _to_list(slug)


@blueprint.post("/<int:question_id>/remove")
@require_organiser_role("editor")
def remove(slug: str, question_id: int) -> ResponseReturnValue:
    """Off the form; answers stay."""
    event = event_for(slug)
    question = _question(event, question_id)
    match remove_question(event.id, question.id, current_account().id, now_utc()):
        case Removed(kept=True):
            flash(
                _("The question is off the form. The answers given so far stay in the list and in exports."), "success"
            )
        case Removed():
            flash(_("The question is deleted. Nobody had answered it."), "success")
        case cannot:
            return _cannot(slug, cannot)
    return _to_list(slug)


@blueprint.post("/<int:question_id>/restore")
@require_organiser_role("editor")
def restore(slug: str, question_id: int) -> ResponseReturnValue:
    """Back on the form."""
    event = event_for(slug)
    question = _question(event, question_id)
    outcome = restore_question(event.id, question.id, current_account().id, now_utc())
    if isinstance(outcome, CannotEdit):
        return _cannot(slug, outcome)
    flash(_("The question stands on the form again, as the last one."), "success")
    return _to_list(slug)


def _question(event: Event, question_id: int) -> AskedQuestion:
    """404 for what is not this event's: of other events, or deleted meanwhile (abuse 33)."""
    found = next((one for one in queries.all_questions(event.id) if one.id == question_id), None)
    if found is None:
        abort(404)
    return found


def _kind() -> str:
    kind = request.values.get("kind", "short_text")
    if kind not in KINDS:
        abort(404)
    return kind


def _to_list(slug: str) -> ResponseReturnValue:
    return redirect(url_for("questions.question_list", slug=slug), 303)


def _cannot(slug: str, outcome: CannotEdit) -> ResponseReturnValue:
    words = {
        CannotEdit.GONE: _(
            "This was changed in the meantime. Nothing was saved. Please look at the questions as they are now."
        ),
        CannotEdit.TOO_MANY: _("A form has at most %(most)d questions. Nothing was added.", most=MOST_QUESTIONS),
        CannotEdit.CHANGED_MEANWHILE: _("Somebody else has changed this question in the meantime."),
    }
    flash(words[outcome], "warning")
    return _to_list(slug)


def _after_saving(slug: str, outcome: Saved | CannotEdit) -> ResponseReturnValue:
    if isinstance(outcome, CannotEdit):
        return _cannot(slug, outcome)
    flash(_("The question is saved."), "success")
    if outcome.over_limit:
        flash(
            _(
                "More people have chosen this than the new limit allows: %(options)s. Nobody loses what was chosen.",
                options=", ".join(outcome.over_limit),
            ),
            "warning",
        )
    return _to_list(slug)


def _list_page(event: Event) -> str:
    language = request_language()
    every = [in_language(question, language) for question in queries.all_questions(event.id)]
    asked = [question for question in every if not question.is_removed]
    there = {question.ready_made for question in asked}
    return render_template(
        "panel/questions/list.html",
        asked=asked,
        removed=[question for question in every if question.is_removed],
        ready_made=[(key, made.label[language]) for key, made in READY_MADE.items() if key not in there],
        kinds=KIND_WORDS,
        answered=queries.answered_question_ids(event.id),
        is_owner=has_role(event.organiser_id, "owner"),
        **event_page_words(event, now_utc(), language),
    )


def _form_page(event: Event, form: QuestionForm, question: AskedQuestion | None, *, is_stale: bool = False) -> str:
    words: dict[str, Any] = event_page_words(event, now_utc(), request_language())
    taken = queries.taken_counts([option.id for option in question.options]) if question else {}
    return render_template(
        "panel/questions/form.html",
        form=form,
        question=question,
        is_stale=is_stale,
        kind_name=KIND_WORDS[form.kind],
        has_choices=has_choices(form.kind),
        taken_words=_taken_words(taken),
        answered=question is not None and question.id in queries.answered_question_ids(event.id),
        has_errors=bool(form.errors),
        **words,
    )


def _taken_words(taken: dict[int, int]) -> dict[str, str]:
    """Stored option id, as the form holds it -> how many chose it."""
    return {str(id_): ngettext("chosen by %(num)d person", "chosen by %(num)d people", n) for id_, n in taken.items()}
