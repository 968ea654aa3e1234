"""'Lost your link?': type the address, read the same neutral answer, and look into the mailbox."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.own_page_forms import FindLinksForm
from eventreg.registrations.own_page_rules import MAIL_LINKS_EVERY_MINUTES

blueprint = Blueprint("finding_links", __name__, url_prefix="/find-registration")

PER_CLIENT = "20 per minute; 100 per hour"
"""A whole office is one client address; the mail to each mailbox has a limit of its own."""


@blueprint.get("")
def find_page() -> ResponseReturnValue:
    """The form."""
    return render_template("public/find_registration.html", form=FindLinksForm(None), has_errors=False)


@blueprint.post("")
@limiter.limit(PER_CLIENT)
def find() -> ResponseReturnValue:
    """One mail to that mailbox, or none; the answer never tells which (abuse 16)."""
    form = FindLinksForm(request.form)
    if not form.validate():
        return render_template("public/find_registration.html", form=form, has_errors=True), 422
    mail_links(form.checked_email, request_language(), now_utc())
    return redirect(url_for("finding_links.sent_page"), 303)


@blueprint.get("/sent")
def sent_page() -> ResponseReturnValue:
    """What happens next; the same for everybody."""
    return render_template("public/links_sent.html", minutes=MAIL_LINKS_EVERY_MINUTES)
