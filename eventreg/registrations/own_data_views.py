"""All that is kept about a person's registration, for download by herself (RODO art. 15 and 20)."""

import json

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.registrations.own_data import own_data
from eventreg.registrations.own_page_views import BUTTON_LIMIT, keep_private, registration_or_404

blueprint = Blueprint("own_data", __name__, url_prefix="/registrations/<token>")
blueprint.after_request(keep_private)


@blueprint.get("/data.json")
@limiter.limit(BUTTON_LIMIT)
def data_file(token: str) -> ResponseReturnValue:
    """A JSON file to be saved, readable for people too."""
    registration = registration_or_404(token)
    data = own_data(registration, request_language(), now_utc())
    response = make_response(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{registration.event.slug}.json"'
    return response
