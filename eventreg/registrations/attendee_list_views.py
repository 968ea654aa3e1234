"""The panel's list of registrations: who comes, and what the organiser may do about it."""

from babel.dates import format_skeleton
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventreg.clock import now_utc
from eventreg.events.models import Event
from eventreg.events.own_event_pages import event_page_words
from eventreg.events.when_rules import deadline, long_date, table_moment
from eventreg.i18n import request_language
from eventreg.organisers import audit
from eventreg.organisers.access import current_account, event_for, require_organiser_role
from eventreg.questions.queries import answers_by_registration
from eventreg.registrations import attendee_words
from eventreg.registrations.adding_by_hand import CannotAdd, add_by_hand
from eventreg.registrations.attendance_rules import is_day_of_event
from eventreg.registrations.attendee_forms import AddPersonForm, CapForm
from eventreg.registrations.attendee_list import ListWish, figures_of, page_of_list
from eventreg.registrations.attendee_list_rules import EMPTY_ROWS_ON_PAPER, read_category, read_state
from eventreg.registrations.queries import registration_rows
from eventreg.registrations.raising_address_cap import set_cap_per_address
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Refused, SignUpResult, Waitlisted
from eventreg.registrations.surname_rules import split_at_surname

blueprint = Blueprint("attendee_list", __name__, url_prefix="/panel/events/<slug>/registrations")


@blueprint.get("")
@require_organiser_role("owner", "editor")
def registration_list(slug: str) -> ResponseReturnValue:
    """Figures, search, one page of people, and what may be done."""
    return _list_page(event_for(slug))


@blueprint.route("/add", methods=["GET", "POST"])
@require_organiser_role("owner", "editor")
def add_person(slug: str) -> ResponseReturnValue:
    """Sign somebody up by hand; the same rules and the same mail as on the public form."""
    event = event_for(slug)
    form = AddPersonForm(request.form if request.method == "POST" else None, language=event.language)
    if request.method == "GET":
        return _add_page(event, form)
    if not form.validate():
        return _add_page(event, form), 422
    result = add_by_hand(event.id, event.organiser_id, form.to_request(), current_account().id, now_utc())
    match result:
        case CannotAdd():
            form.channel.errors = [str(attendee_words.CANNOT_ADD_WORDS[result])]
            return _add_page(event_for(slug), form), 422
        case Refused():
            form.form_errors.append(str(attendee_words.REFUSAL_WORDS[result.reason]))
            return _add_page(event_for(slug), form), 422
        case AlreadyRegistered():
            flash(_("%(name)s is on the list already.", name=form.checked_name), "info")
            return _to_person(slug, result.registration_id)
        case _:
            flash(_added_words(result, form), "success")
    return redirect(url_for("attendee_list.registration_list", slug=slug), 303)


@blueprint.post("/cap")
@require_organiser_role("owner", "editor")
def change_cap(slug: str) -> ResponseReturnValue:
    """How many people one address may sign up."""
    event = event_for(slug)
    form = CapForm(request.form)
    if not form.validate():
        return _list_page(event, form), 422
    cap = int(form.cap.data or 1)
    if set_cap_per_address(event.id, cap, current_account().id, now_utc()):
        flash(_("Saved. People per e-mail address: %(number)d.", number=cap), "success")
    return redirect(url_for("attendee_list.registration_list", slug=slug), 303)


@blueprint.get("/print")
@require_organiser_role("owner", "editor")
def attendance_sheet(slug: str) -> ResponseReturnValue:
    """The paper for the door: people by surname with room to sign, and rows for those who just come."""
    event = event_for(slug)
    if request.method == "GET":  # and not HEAD
        audit.record(current_account().id, "list_printed", event.organiser_id, event.id, now=now_utc())
    rows = list(registration_rows(event.id, "confirmed"))
    return render_template(
        "panel/registrations/attendance_sheet.html",
        **event_page_words(event, now_utc(), request_language()),
        people=[(row, split_at_surname(row.name, row.surname)) for row in rows],
        shows_category=any(row.category != "participant" for row in rows),
        words=attendee_words,
        empty_rows=EMPTY_ROWS_ON_PAPER,
        printed_on=long_date(now_utc(), event.time_zone, request_language()),
    )


def _list_page(event: Event, cap_form: CapForm | None = None) -> str:
    wish = ListWish(
        search=request.args.get("q", ""),
        state=read_state(request.args.get("state", "")),
        newest_first=request.args.get("order") == "newest",
        page=request.args.get("page", ""),
        category=read_category(request.args.get("category", "")),
        lacks_invitation=request.args.get("invitation") == "lacking",
    )
    list_page = page_of_list(event, wish)
    ids = [line.registration.id for line in list_page.lines]
    return render_template(
        "panel/registrations/registration_list.html",
        **event_page_words(event, now_utc(), request_language()),
        figures=figures_of(event, now_utc()),
        wish=wish,
        list_page=list_page,
        answers=answers_by_registration(ids, request_language()),
        all_ticked=request.args.get("ticked") == "all",
        seen=now_utc().isoformat(),
        may_mark=is_day_of_event(event.starts_at, event.time_zone, now_utc()),
        words=attendee_words,
        cap_form=cap_form or CapForm(cap=event.cap_per_address),
        moment=lambda at: table_moment(at, event.time_zone, request_language()),
        until=lambda at: deadline(at, event.time_zone, request_language()),
        day=lambda date: format_skeleton("dMMM", date, locale=request_language()),
    )


def _to_person(slug: str, registration_id: int) -> ResponseReturnValue:
    return redirect(url_for("attendee.person", slug=slug, registration_id=registration_id), 303)


def _added_words(result: SignUpResult, form: AddPersonForm) -> str:
    if isinstance(result, Waitlisted):
        return _("Added to the waiting list: %(name)s.", name=form.checked_name)
    if form.tell.data:
        return _("Added: %(name)s. A confirmation is on its way.", name=form.checked_name)
    return _("Added: %(name)s. No mail was sent.", name=form.checked_name)


def _add_page(event: Event, form: AddPersonForm) -> str:
    full = event.capacity is not None and event.places_taken >= event.capacity
    return render_template(
        "panel/registrations/add_person.html",
        event=event,
        form=form,
        is_full=full,
        is_over=now_utc() >= event.ends_at,
    )
