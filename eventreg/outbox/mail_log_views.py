"""The panel's mail log: each mail's state, a preview, 'try again'.

What one organiser's mails say is never shown to another; the site's administrator sees stuck mails without
recipient and content (abuse 28).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.event_rules import DEFAULT_ZONE
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.events.when_rules import table_moment, timestamp
from eventreg.i18n import request_language
from eventreg.messages.due_reminders import reminder_log
from eventreg.organisers import audit
from eventreg.organisers.access import (
    current_account,
    event_for,
    has_role,
    organiser_for,
    require_organiser_role,
    require_site_administrator,
)
from eventreg.outbox import mail_words, queries
from eventreg.outbox.heartbeat import worker_state
from eventreg.outbox.mail_preview import attachments_of, preview_of, without_addresses
from eventreg.outbox.models import Mail
from eventreg.outbox.trying_again import try_again

blueprint = Blueprint("mail_log", __name__, url_prefix="/panel")

PREVIEW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'"
)
"""A mail's HTML in its frame: no script, no form, no link, nothing loaded."""

FRAMING_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The site's own policy and, besides, that frame."""


@blueprint.get("/events/<slug>/mail")
@require_organiser_role("owner", "editor")
def event_log(slug: str) -> ResponseReturnValue:
    """What an event's participants were told, newest first, and when they will be reminded."""
    event, now = event_for(slug), now_utc()
    chosen, states, page = _asked()
    return render_template(
        "panel/mail/event_log.html",
        **event_page_words(event, now, request_language()),
        **_log_words(chosen),
        reminders=reminder_log(event, now),
        has_begun=event.starts_at <= now,
        log=queries.mails_of_event(event.id, states, page),
    )


@blueprint.get("/organisers/<slug>/mail")
@require_organiser_role("owner", "editor")
def organiser_log(slug: str) -> ResponseReturnValue:
    """What all events of an organiser told people."""
    organiser = organiser_for(slug)
    chosen, states, page = _asked()
    log = queries.mails_of_organiser(organiser.id, states, page)
    return render_template(
        "panel/mail/organiser_log.html",
        organiser=organiser,
        is_owner=has_role(organiser.id, "owner"),
        **_log_words(chosen),
        log=log,
        events=queries.events_of(log.mails),
    )


@blueprint.get("/events/<slug>/mail/<int:mail_id>")
@require_organiser_role("owner", "editor")
def preview(slug: str, mail_id: int) -> ResponseReturnValue:
    """One mail as it reads; the link that belongs to the person alone is masked."""
    event, mail = _mail(slug, mail_id)
    response = make_response(
        render_template(
            "panel/mail/preview.html",
            event=event,
            mail=mail,
            preview=preview_of(mail),
            files=attachments_of(mail),
            has_mail_server=_has_mail_server(),
            **_words(),
        )
    )
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


@blueprint.get("/events/<slug>/mail/<int:mail_id>/html")
@require_organiser_role("owner", "editor")
def preview_html(slug: str, mail_id: int) -> ResponseReturnValue:
    """The mail's HTML for the frame of the preview."""
    _event, mail = _mail(slug, mail_id)
    found = preview_of(mail)
    if found is None:
        abort(404)
    return _framed(found.html)


@blueprint.post("/events/<slug>/mail/<int:mail_id>/again")
@require_organiser_role("owner", "editor")
def send_again(slug: str, mail_id: int) -> ResponseReturnValue:
    """Try a mail again that did not get through."""
    event, mail = _mail(slug, mail_id)
    _try(mail.id, event.organiser_id, event.id)
    return redirect(url_for("mail_log.preview", slug=slug, mail_id=mail_id), 303)


@blueprint.get("/administration/mail")
@require_site_administrator
def site_log() -> ResponseReturnValue:
    """Stuck mails of the whole site, the worker and the mail server."""
    now = now_utc()
    return render_template(
        "panel/mail/site_log.html",
        mails=queries.stuck_mails(now),
        worker=worker_state(now),
        has_mail_server=_has_mail_server(),
        without_addresses=without_addresses,
        **_words(),
    )


@blueprint.get("/administration/mail/<int:mail_id>")
@require_site_administrator
def filed_invitation(mail_id: int) -> ResponseReturnValue:
    """Without a mail server: the invitation of somebody to the panel, to be handed on; no other mail."""
    mail = queries.account_mail(mail_id)
    if mail is None or mail.state != "filed" or mail.occasion != "account_invited":
        abort(404)
    return render_template(
        "panel/mail/filed_invitation.html", mail=mail, preview=preview_of(mail, with_secrets=True), **_words()
    )


@blueprint.post("/administration/mail/<int:mail_id>/again")
@require_site_administrator
def send_stuck_again(mail_id: int) -> ResponseReturnValue:
    """Try a stuck mail of any organiser again, unseen."""
    if mail_id not in {mail.id for mail in queries.stuck_mails(now_utc())}:
        abort(404)
    organiser_id, event_id = queries.owner_of(mail_id)
    _try(mail_id, organiser_id, event_id)
    return redirect(url_for("mail_log.site_log"), 303)


def _mail(slug: str, mail_id: int) -> tuple[Event, Mail]:
    event = event_for(slug)
    mail = queries.mail_of_event(mail_id, event.id)
    if mail is None:
        abort(404)
    return event, mail


def _has_mail_server() -> bool:
    return current_app.extensions["eventreg.config"].mail_server is not None


def _try(mail_id: int, organiser_id: int | None, event_id: int | None) -> None:
    now = now_utc()
    refused = try_again(mail_id, now)
    if refused is not None:
        flash(str(mail_words.CANNOT_TRY_WORDS[refused]), "warning")
        return
    audit.record(current_account().id, "mail_tried_again", organiser_id, event_id, detail={"mail": mail_id}, now=now)
    flash(_("The mail will be sent in a moment."), "success")


def _asked() -> tuple[str, Sequence[str], int]:
    """The filter chosen, its states, the page."""
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in mail_words.FILTERS else ""
    return chosen, mail_words.FILTERS[chosen][1], request.args.get("page", 1, type=int)


def _log_words(chosen: str) -> dict[str, Any]:
    return {"chosen": chosen, "filters": mail_words.FILTERS, **_words()}


def _words() -> dict[str, Any]:
    return {"words": mail_words, "moment": _moment, "stamp": _stamp}


def _moment(at: datetime) -> str:
    return table_moment(at, DEFAULT_ZONE, request_language(), with_year=True)


def _stamp(at: datetime) -> str:
    return timestamp(at, DEFAULT_ZONE, request_language())


def _framed(html: str) -> Response:
    response = make_response(html)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
