"""The administrator's screens for the site: overview, operator, declaration, going-live list."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.organisers.access import current_account, require_site_administrator
from eventreg.site.going_live import site_state
from eventreg.site.going_live_rules import Check, going_live_points
from eventreg.site.site_settings import change_site, declaration_settings, operator
from eventreg.site.site_settings_forms import DeclarationForm, OperatorForm
from eventreg.site.site_words import CHECK_WORDS, FIELD_NAMES

blueprint = Blueprint("site_administration", __name__, url_prefix="/panel/administration")


@blueprint.get("/")
@require_site_administrator
def overview() -> ResponseReturnValue:
    """What the administrator cares for."""
    open_points = sum(1 for point in going_live_points(site_state(now_utc())) if not point.done)
    return render_template("panel/administration/overview.html", open_points=open_points)


@blueprint.get("/going-live")
@require_site_administrator
def going_live() -> ResponseReturnValue:
    """What is still sample, empty or unsafe."""
    return render_template(
        "panel/administration/going_live.html",
        points=going_live_points(site_state(now_utc())),
        words=CHECK_WORDS,
        field_names=FIELD_NAMES,
        where={
            Check.ORGANISER_EXISTS: url_for("organiser_editing.organiser_list"),
            Check.CLAUSES_WRITTEN: url_for("organiser_editing.organiser_list"),
            Check.REAL_ADMINISTRATOR: url_for("account_administration.new_account"),
            Check.NO_GENERATED_PASSWORD: url_for("account_administration.account_list"),
            Check.OPERATOR_NAMED: url_for("site_administration.edit_operator"),
            Check.DECLARATION_COMPLETE: url_for("site_administration.edit_declaration"),
            Check.DECLARATION_REVIEWED: url_for("site_administration.edit_declaration"),
            Check.SECOND_FACTOR: url_for("own_account.second_factor_page"),
        },
    )


@blueprint.route("/operator", methods=["GET", "POST"])
@require_site_administrator
def edit_operator() -> ResponseReturnValue:
    """Who runs the site, and additions to the privacy page."""
    form = OperatorForm(obj=operator())
    if request.method == "POST" and form.validate():
        change_site(form.to_operator(), current_account().id, now_utc())
        flash(_("Saved."), "success")
        return redirect(url_for("site_administration.edit_operator"), 303)
    return render_template("panel/administration/operator.html", form=form), 422 if form.errors else 200


@blueprint.route("/declaration", methods=["GET", "POST"])
@require_site_administrator
def edit_declaration() -> ResponseReturnValue:
    """The fields of the accessibility declaration."""
    form = DeclarationForm()
    if request.method == "GET":
        form.show(declaration_settings())
    elif form.validate():
        change_site(form.to_settings(), current_account().id, now_utc())
        flash(_("Saved."), "success")
        return redirect(url_for("site_administration.edit_declaration"), 303)
    return render_template("panel/administration/declaration.html", form=form), 422 if form.errors else 200
