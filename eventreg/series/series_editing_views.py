"""Series and their editions in the panel: few and simple screens."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.clock import now_utc
from eventreg.organisers.access import current_account, organisers_with_role, require_organiser_role
from eventreg.organisers.models import Organiser
from eventreg.series.models import Edition, Series
from eventreg.series.series_editing import (
    SeriesSlugTaken,
    StillUsed,
    delete_edition,
    delete_series,
    edition_of,
    own_series,
    save_edition,
    save_series,
)
from eventreg.series.series_forms import EditionForm, SeriesForm

blueprint = Blueprint("series_editing", __name__, url_prefix="/panel/series")


@blueprint.get("")
@require_organiser_role("editor")
def series_list() -> ResponseReturnValue:
    """The own series with their editions."""
    return render_template("panel/series/list.html", all_series=_mine())


@blueprint.route("/new", methods=["GET", "POST"])
@require_organiser_role("editor")
def new_series() -> ResponseReturnValue:
    """A new series of one of the own organisers."""
    organiser = _chosen_organiser()
    return _series_form(None, organiser)


@blueprint.route("/<slug>", methods=["GET", "POST"])
@require_organiser_role("editor")
def series(slug: str) -> ResponseReturnValue:
    """One series: its text, and its editions."""
    found = _series_for(slug)
    return _series_form(found, found.organiser)


@blueprint.post("/<slug>/delete")
@require_organiser_role("editor")
def remove_series(slug: str) -> ResponseReturnValue:
    """Deletes a series that no event belongs to."""
    found = _series_for(slug)
    outcome = delete_series(found.id, current_account().id, now_utc())
    if isinstance(outcome, StillUsed):
        flash(_still_used(outcome), "warning")
        return redirect(url_for("series_editing.series", slug=slug), 303)
    flash(_("The series is deleted."), "success")
    return redirect(url_for("series_editing.series_list"), 303)


@blueprint.route("/<slug>/editions/new", methods=["GET", "POST"])
@require_organiser_role("editor")
def new_edition(slug: str) -> ResponseReturnValue:
    """One more edition."""
    return _edition_form(_series_for(slug), None)


@blueprint.route("/<slug>/editions/<int:edition_id>", methods=["GET", "POST"])
@require_organiser_role("editor")
def edition(slug: str, edition_id: int) -> ResponseReturnValue:
    """One edition of an own series."""
    found = _series_for(slug)
    return _edition_form(found, edition_of(found.id, edition_id) or abort(404))


@blueprint.post("/<slug>/editions/<int:edition_id>/delete")
@require_organiser_role("editor")
def remove_edition(slug: str, edition_id: int) -> ResponseReturnValue:
    """Deletes an edition that no event belongs to."""
    outcome = delete_edition(_series_for(slug), edition_id, current_account().id, now_utc())
    if outcome is False:
        abort(404)
    if isinstance(outcome, StillUsed):
        flash(_still_used(outcome), "warning")
    else:
        flash(_("The edition is deleted."), "success")
    return redirect(url_for("series_editing.series", slug=slug), 303)


def _series_form(found: Series | None, organiser: Organiser) -> ResponseReturnValue:
    form = SeriesForm(obj=found)
    status = 200
    if request.method == "POST":
        if form.validate():
            series_id = None if found is None else found.id
            saved = save_series(series_id, organiser.id, form.to_fields(), current_account().id, now_utc())
            if isinstance(saved, Series):
                flash(_("The series is saved."), "success")
                return redirect(url_for("series_editing.series", slug=saved.slug), 303)
            assert isinstance(saved, SeriesSlugTaken)  # the other outcome
            form.slug.errors = [_("Another series has this address. Please choose another one.")]
        status = 422
    page = render_template(
        "panel/series/series.html",
        form=form,
        series=found,
        organiser=organiser,
        organisers=organisers_with_role("editor"),
        has_errors=bool(form.errors),
    )
    return page, status


def _edition_form(found: Series, edition: Edition | None) -> ResponseReturnValue:
    form = EditionForm(obj=edition)
    status = 200
    if request.method == "POST":
        if form.validate():
            edition_id = None if edition is None else edition.id
            if save_edition(found, edition_id, form.to_fields(), current_account().id, now_utc()) is None:
                abort(404)
            flash(_("The edition is saved."), "success")
            return redirect(url_for("series_editing.series", slug=found.slug), 303)
        status = 422
    page = render_template(
        "panel/series/edition.html", form=form, series=found, edition=edition, has_errors=bool(form.errors)
    )
    return page, status


def _mine() -> list[Series]:
    return list(own_series([organiser.id for organiser in organisers_with_role("editor")]))


def _series_for(slug: str) -> Series:
    """The series if it belongs to an organiser that the signed-in person works for; else 404 (abuse 28)."""
    return next((series for series in _mine() if series.slug == slug), None) or abort(404)


def _chosen_organiser() -> Organiser:
    asked = request.values.get("organiser", "")
    organisers = organisers_with_role("editor")
    chosen = [organiser for organiser in organisers if organiser.slug == asked] if asked else list(organisers)
    return chosen[0] if chosen else abort(404)


def _still_used(outcome: StillUsed) -> str:
    return ngettext(
        "%(num)d event belongs to it, so nothing was deleted.",
        "%(num)d events belong to it, so nothing was deleted.",
        outcome.events,
    )
