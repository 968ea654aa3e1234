"""The administrator's list of organisers, and each one's details."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.organisers.access import current_account, require_site_administrator
from eventreg.organisers.organiser_editing import change_organiser, make_organiser
from eventreg.organisers.organiser_forms import KIND_WORDS, OrganiserForm
from eventreg.organisers.queries import all_organisers, organiser_by_slug

blueprint = Blueprint("organiser_editing", __name__, url_prefix="/panel/administration/organisers")


@blueprint.get("/")
@require_site_administrator
def organiser_list() -> ResponseReturnValue:
    """All organisers."""
    return render_template("panel/administration/organisers.html", organisers=all_organisers(), kind_words=KIND_WORDS)


@blueprint.route("/new", methods=["GET", "POST"])
@require_site_administrator
def new_organiser() -> ResponseReturnValue:
    """The form of a new organiser."""
    form = OrganiserForm()
    if request.method == "POST" and form.validate():
        organiser = make_organiser(form.to_details(), current_account().id, now_utc())
        flash(_("The organiser is made. Now invite its owner."), "success")
        return redirect(url_for("account_administration.new_account", organiser=organiser.slug), 303)
    page = render_template("panel/administration/organiser.html", form=form, organiser=None)
    return page, 422 if form.errors else 200


@blueprint.route("/<slug>", methods=["GET", "POST"])
@require_site_administrator
def edit_organiser(slug: str) -> ResponseReturnValue:
    """The details of an organiser."""
    organiser = organiser_by_slug(slug)
    if organiser is None:
        abort(404)
    form = OrganiserForm(obj=organiser)
    if request.method == "POST" and form.validate():
        change_organiser(organiser.id, form.to_details(), current_account().id, now_utc())
        flash(_("Saved."), "success")
        return redirect(url_for("organiser_editing.edit_organiser", slug=slug), 303)
    page = render_template("panel/administration/organiser.html", form=form, organiser=organiser)
    return page, 422 if form.errors else 200
