"""The contact's page of a group, from the signed link in her mails: who stands where; cancel, confirm, take a place.

GET never changes anything (abuse 24). Of people with addresses of their own it shows name and standing alone.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.events.when_rules import HOME_ZONE, when_words
from eventreg.extensions import limiter
from eventreg.i18n import request_language
from eventreg.links import read_token, signed_token
from eventreg.registrations.attendee_words import STATE_TONES
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.group_answering import confirm_group, take_place_of
from eventreg.registrations.group_cancelling import cancel_of_group
from eventreg.registrations.group_members import Member, group_by_link_key, members_of
from eventreg.registrations.group_page_rules import Control, may_cancel, may_confirm, may_take_place
from eventreg.registrations.group_page_words import detail_words, problem_words, state_words, taken_words
from eventreg.registrations.holds_and_offers import Taken
from eventreg.registrations.models import RegistrationGroup

blueprint = Blueprint("group_page", __name__, url_prefix="/groups/<token>")

TOKEN_PURPOSE = "group"  # noqa: S105  # the purpose signed into the link, no secret


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One line of the page. `token` opens her own page; '' when that is not the contact's business."""

    id: int
    name: str
    state: str
    tone: str
    detail: str
    token: str
    may_cancel: bool
    may_take_place: bool


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """Personal pages are in no cache and no search engine (abuse 40)."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("")
@limiter.limit("120 per minute")
def group_page(token: str) -> ResponseReturnValue:
    """Everybody of the group."""
    return _page(token, _group(token))


@blueprint.get("/cancel-all")
@limiter.limit("120 per minute")
def ask_cancel_all(token: str) -> ResponseReturnValue:
    """Whether all of them are meant."""
    return _page(token, _group(token), asks=True)


@blueprint.get("/cancel")
@blueprint.get("/confirm")
@blueprint.get("/take")
def back_to_group(token: str) -> ResponseReturnValue:
    """Somebody reloaded or opened the address of a button."""
    return redirect(url_for("group_page.group_page", token=token), 303)


@blueprint.post("/cancel")
@limiter.limit("30 per minute")
def cancel(token: str) -> ResponseReturnValue:
    """Give one person's place back."""
    outcome = cancel_of_group(_group(token).id, [_asked_person()], now_utc())
    return _after(token, problem_words(outcome) if isinstance(outcome, CannotChange) else "")


@blueprint.post("/cancel-all")
@limiter.limit("30 per minute")
def cancel_all(token: str) -> ResponseReturnValue:
    """Give all places back."""
    outcome = cancel_of_group(_group(token).id, None, now_utc())
    return _after(token, problem_words(outcome) if isinstance(outcome, CannotChange) else "")


@blueprint.post("/confirm")
@limiter.limit("30 per minute")
def confirm(token: str) -> ResponseReturnValue:
    """The contact's address is hers: everybody who was signed up with it counts."""
    outcome = confirm_group(_group(token).id, now_utc())
    if isinstance(outcome, CannotChange):
        return _after(token, problem_words(outcome))
    missed = Taken.TOO_LATE if outcome.too_late else Taken.NO_PLACES if outcome.no_places else Taken.CONFIRMED
    return _after(token, taken_words(missed))


@blueprint.post("/take")
@limiter.limit("30 per minute")
def take(token: str) -> ResponseReturnValue:
    """Take the place that is offered to one person."""
    outcome = take_place_of(_group(token).id, _asked_person(), now_utc())
    words = problem_words(outcome) if isinstance(outcome, CannotChange) else taken_words(outcome)
    return _after(token, words)


def _asked_person() -> int:
    typed = request.form.get("person", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _group(token: str) -> RegistrationGroup:
    link_key = read_token(TOKEN_PURPOSE, token)
    group = group_by_link_key(link_key) if link_key else None
    if group is None:
        abort(404)
    return group


def _after(token: str, problem: str) -> ResponseReturnValue:
    if not problem:
        return redirect(url_for("group_page.group_page", token=token), 303)
    return _page(token, _group(token), problem=problem), 409


def _page(token: str, group: RegistrationGroup, *, problem: str = "", asks: bool = False) -> str:
    members = members_of(group)
    event, now, language = group.event, now_utc(), request_language()
    is_open = event.state not in ("cancelled", "archived") and now < event.ends_at
    return render_template(
        "public/group_cancel_all.html" if asks else "public/group_page.html",
        token=token,
        event=event,
        when=when_words(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        people=[_shown(one, language, is_open) for one in members],
        can_confirm=is_open and any(may_confirm(one.standing) for one in members),
        is_open=is_open,
        problem=problem,
    )


def _shown(member: Member, language: str, is_open: bool) -> ShownPerson:
    person, standing = member.registration, member.standing
    is_hers = standing.control is Control.OWN_MAILBOX
    return ShownPerson(
        id=person.id,
        name=person.name,
        state=state_words(member),
        tone="last" if standing.has_offer else STATE_TONES[standing.state],
        detail=detail_words(member, HOME_ZONE, language, now_utc()),
        token=signed_token("registration", person.link_key) if is_hers else "",
        may_cancel=is_open and may_cancel(standing),
        may_take_place=is_open and may_take_place(standing),
    )
