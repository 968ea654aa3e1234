"""The page 'Sign-up rules' of one event."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.event_changes import ChangedMeanwhile, Gone, NothingChanged
from eventreg.events.event_loading import policy_of
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.events.sign_up_policy import PolicySet, set_sign_up_policy
from eventreg.events.sign_up_policy_forms import SignUpPolicyForm
from eventreg.events.sign_up_policy_words import (
    PROMOTION_HINTS,
    WAITING_LIST_HINTS,
    promoted_words,
    replaced_settings,
    rules_sections,
)
from eventreg.i18n import request_language
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.registrations.queries import state_counts

blueprint = Blueprint("sign_up_policy", __name__, url_prefix="/panel/events/<slug>")


@blueprint.get("/sign-up")
@require_organiser_role("editor")
def sign_up_rules(slug: str) -> ResponseReturnValue:
    """The rules, filled in."""
    event = event_for(slug)
    if event.state == "archived":
        return redirect(url_for("event_history.history", slug=slug))
    return _page(event, SignUpPolicyForm.of(policy_of(event), event.revision))


@blueprint.post("/sign-up")
@require_organiser_role("editor")
def save(slug: str) -> ResponseReturnValue:
    """Saves the rules and says what came of it."""
    event, form = event_for(slug), SignUpPolicyForm()
    if not form.validate():
        return _page(event, form), 422
    match set_sign_up_policy(event.id, form.policy, form.known_revision(), current_account().id, now_utc()):
        case PolicySet(event=changed, promoted=promoted):
            words = promoted_words(changed.promotion, promoted)
            flash(" ".join(filter(None, (_("The sign-up rules are saved."), words))), "success")
        case NothingChanged():
            flash(_("Nothing was changed."), "info")
        case ChangedMeanwhile(event=present):
            form.revision.data = str(present.revision)
            theirs = replaced_settings(form.policy, policy_of(present))
            return _page(present, form, meanwhile=theirs, is_stale=True), 409
        case Gone():
            flash(_("The event was moved to the archive meanwhile. Nothing was saved."), "warning")
            return redirect(url_for("own_events.own_event_list"), 303)
    return redirect(url_for("sign_up_policy.sign_up_rules", slug=slug), 303)


def _left_pending(event: Event) -> int:
    """How many registrations wait for a decision although it is asked for no longer: they stay as they are."""
    is_decided = event.approval or event.state != "published" or event.ends_at <= now_utc()
    return 0 if is_decided else state_counts(event.id).get("pending", 0)


def _page(event: Event, form: SignUpPolicyForm, meanwhile: object = (), *, is_stale: bool = False) -> str:
    return render_template(
        "panel/events/sign_up_rules.html",
        form=form,
        meanwhile=meanwhile,
        is_stale=is_stale,
        left_pending=_left_pending(event),
        has_errors=bool(form.errors),
        is_typed=request.method == "POST",
        waiting_list_hints=WAITING_LIST_HINTS,
        promotion_hints=PROMOTION_HINTS,
        sections=rules_sections(),
        **event_page_words(event, now_utc(), request_language()),
    )
