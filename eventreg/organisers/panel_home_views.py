"""The first page of the panel: straight to the work."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.organisers.access import (
    current_account,
    is_administrator,
    organisers_with_role,
    require_sign_in,
)

blueprint = Blueprint("panel_home", __name__)


@blueprint.get("/panel/")
@require_sign_in
def panel_home() -> ResponseReturnValue:
    """Events for whoever has some; administration for the one who only cares for the site."""
    if is_administrator(current_account()) and not organisers_with_role("door"):
        return redirect(url_for("site_administration.overview"))
    return redirect(request.script_root + "/panel/events")
