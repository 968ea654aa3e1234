"""An owner's screen for the information clause: draft, edit, versions."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.event_rules import DEFAULT_ZONE
from eventreg.events.markdown_rules import to_html
from eventreg.events.when_rules import timestamp
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, organiser_for, require_organiser_role
from eventreg.organisers.models import Organiser
from eventreg.organisers.panel_forms import stripped
from eventreg.privacy.clause_forms import ClauseForm
from eventreg.privacy.clause_rules import PLACEHOLDERS, BodyKind, gaps
from eventreg.privacy.clauses import clause_to_edit, drafted, save_clause
from eventreg.privacy.queries import clause_version, clause_versions

blueprint = Blueprint("clause", __name__, url_prefix="/panel/organisers/<slug>/clause")


@blueprint.get("/")
@require_organiser_role("owner")
def edit_clause(slug: str) -> ResponseReturnValue:
    """The present version to go on from; a draft when there is none."""
    organiser, form = organiser_for(slug), ClauseForm(formdata=None)
    form.show(clause_to_edit(organiser))
    return _page(organiser, form)


@blueprint.post("/")
@require_organiser_role("owner")
def submit_clause(slug: str) -> ResponseReturnValue:
    """Saves a new version; or, with `action=draft`, only fills the texts from the draft anew."""
    organiser, form = organiser_for(slug), ClauseForm()
    if request.form.get("action") == "draft":
        draft, typed = drafted(organiser, form.facts()), (form.text_pl.data, form.text_en.data)
        form.show(draft)
        return _page(organiser, form, is_fresh_draft=True, replaced=_replaced((draft.text_pl, draft.text_en), typed))
    if not form.validate():
        return _page(organiser, form, replaced=_replaced()), 422
    clause = save_clause(organiser.id, form.to_source(), current_account().id, now_utc())
    flash(_("Version %(number)d is saved and shown from now on.", number=clause.version), "success")
    return redirect(url_for("clause.edit_clause", slug=slug), 303)


@blueprint.get("/versions/<int:version>")
@require_organiser_role("owner")
def show_version(slug: str, version: int) -> ResponseReturnValue:
    """One version as it was shown to people."""
    organiser = organiser_for(slug)
    clause = clause_version(organiser.id, version) or abort(404)
    return render_template(
        "panel/organiser/clause_version.html",
        organiser=organiser,
        clause=clause,
        html_pl=to_html(clause.text_pl, first_heading=3),
        html_en=to_html(clause.text_en, first_heading=3),
        moment=timestamp(clause.created_at, DEFAULT_ZONE, request_language()),
    )


def _replaced(draft: Sequence[str] = (), typed: Sequence[str | None] = ()) -> list[str]:
    """What was typed and a draft has replaced since the page was opened, each text once."""
    texts = [*request.form.getlist("replaced"), *typed]
    tidy = dict.fromkeys(stripped(text) for text in texts)
    return [text for text in tidy if text and text not in draft]


def _page(organiser: Organiser, form: ClauseForm, *, is_fresh_draft: bool = False, replaced: Sequence[str] = ()) -> str:
    return render_template(
        "panel/organiser/clause.html",
        organiser=organiser,
        form=form,
        is_fresh_draft=is_fresh_draft,
        replaced=replaced,
        gaps=[form[name].label.text for name in gaps(BodyKind(organiser.kind), form.facts())],
        placeholders=PLACEHOLDERS,
        versions=clause_versions(organiser.id),
        moment=lambda at: timestamp(at, DEFAULT_ZONE, request_language()),
    )
