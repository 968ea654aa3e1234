"""The trail of who did what: of one organiser for its owner, of the site for the administrator."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from eventreg.events.event_rules import DEFAULT_ZONE
from eventreg.events.when_rules import table_moment
from eventreg.http_headers import LARGEST_ROW_NUMBER
from eventreg.i18n import request_language
from eventreg.organisers.access import (
    organiser_for,
    require_organiser_role,
    require_site_administrator,
)
from eventreg.organisers.account_forms import ROLE_WORDS
from eventreg.organisers.audit_words import ACTIONS, BY_THE_PERSON
from eventreg.organisers.models import Organiser
from eventreg.organisers.queries import AUDIT_PAGE, account_names, audit_page, event_titles, organiser_names

blueprint = Blueprint("audit", __name__, url_prefix="/panel")


@blueprint.get("/organisers/<slug>/trail")
@require_organiser_role("owner")
def organiser_trail(slug: str) -> ResponseReturnValue:
    """What was done for one organiser, newest first."""
    return _page(organiser_for(slug))


@blueprint.get("/administration/trail")
@require_site_administrator
def site_trail() -> ResponseReturnValue:
    """What was done on the whole site: by whom and to which account or organiser; no titles of events."""
    return _page(None)


def _page(organiser: Organiser | None) -> str:
    before = request.args.get("before", LARGEST_ROW_NUMBER, type=int)
    found = audit_page(organiser.id if organiser else None, min(max(before, 0), LARGEST_ROW_NUMBER))
    entries, more = found[:AUDIT_PAGE], len(found) > AUDIT_PAGE
    details = [entry.detail for entry in entries if entry.detail]
    return render_template(
        "panel/organiser/trail.html",
        organiser=organiser,
        entries=entries,
        older=entries[-1].id if more else None,
        actions=ACTIONS,
        by_the_person=BY_THE_PERSON,
        role_words=ROLE_WORDS,
        moment=lambda at: table_moment(at, DEFAULT_ZONE, request_language(), with_year=True),
        titles=event_titles([entry.event_id for entry in entries if entry.event_id]) if organiser else {},
        names=account_names([detail["account"] for detail in details if "account" in detail]),
        organisers={} if organiser else organiser_names(),
    )
