"""The page of an event: what, when, where, for whom, and the sign-up form beside it."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventreg.calendars.adding_to_calendar import public_calendar_links
from eventreg.clock import now_utc
from eventreg.events import queries
from eventreg.events.change_register import publication_record
from eventreg.events.event_words import KIND_WORDS
from eventreg.events.listed_events import LABEL_TONES, LABEL_WORDS
from eventreg.events.listing_rules import page_label
from eventreg.events.markdown_rules import excerpt, to_html
from eventreg.events.models import Event
from eventreg.events.public_answers import addresses_of, remembered_page
from eventreg.events.sign_up_policy_words import allowed_domains_words, freed_place_words
from eventreg.events.sign_up_window_rules import Places, SignUpStatus, places_of, sign_up_status
from eventreg.events.structured_data_rules import EventForSearch, event_json_ld
from eventreg.events.when_rules import HOME_ZONE, deadline, long_date, machine_time, timestamp, when_words
from eventreg.extensions import compress
from eventreg.i18n import request_language
from eventreg.links import absolute_url
from eventreg.privacy.queries import clause_by_id
from eventreg.questions.queries import full_option_ids
from eventreg.registrations.facts_for_mails import event_facts
from eventreg.registrations.sign_up_forms import SignUpForm, sign_up_form_of

blueprint = Blueprint("event_page", __name__)

MAP_ADDRESS = "https://www.openstreetmap.org/search?query="
"""Where the map link leads; a link out, nothing is fetched from there."""


@blueprint.get("/events/<slug>")
@compress.compressed()
def event_page(slug: str) -> ResponseReturnValue:
    """The event; a former address redirects for good."""
    event = queries.event_by_slug(slug)
    if event is None:
        moved = queries.event_by_former_slug(slug)
        if moved is None or moved.state not in queries.PUBLIC_STATES:
            abort(404)
        return redirect(url_for("event_page.event_page", slug=moved.slug), 301)
    if event.state not in queries.PUBLIC_STATES:
        abort(404)
    now = now_utc()
    return remembered_page(_fingerprint(event, now), lambda: _rendered(event, _empty_form(event), now))


def render_event_page(event: Event, form: SignUpForm, status: int) -> Response:
    """The same page with a form that was sent: what was typed stays, errors stand on top. Never cached."""
    response = make_response(_rendered(event, form, now_utc()), status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def preview_of_event(event: Event) -> str:
    """The page as visitors would see it, for the organiser who has not published it yet."""
    return _rendered(event, _empty_form(event), now_utc(), is_preview=True)


def _empty_form(event: Event) -> SignUpForm:
    return sign_up_form_of(event.id, request_language())(formdata=None)


def _fingerprint(event: Event, now: datetime) -> tuple[object, ...]:
    """Everything the page shows that can change without the event's own revision, and the revision."""
    organiser = event.organiser
    return (
        event.uid,  # never given twice, unlike row numbers on SQLite
        event.revision,
        event.updated_at,
        request_language(),
        sign_up_status(queries.window_of(event), now),
        places_of(event.capacity, event.places_taken),
        full_option_ids(event.id),
        organiser.name,
        organiser.slug,
        organiser.contact_email,
        organiser.contact_phone,
        organiser.current_clause_id,
        organiser.has_publication_record,
        event.series and (event.series.slug, event.series.title),
        event.edition and event.edition.number,
    )


def _rendered(event: Event, form: SignUpForm, now: datetime, *, is_preview: bool = False) -> str:
    language = request_language()
    window = queries.window_of(event)
    if is_preview:
        window = replace(window, state="published")  # as it will look
    status = sign_up_status(window, now)
    places = places_of(event.capacity, event.places_taken)
    label = page_label(status, places)
    clause = clause_by_id(event.organiser.current_clause_id)
    clause_text = clause and ((clause.text_en if language == "en" else "") or clause.text_pl)
    return render_template(
        "public/event.html",
        event=event,
        kind=KIND_WORDS[event.kind],
        label_words=LABEL_WORDS[label],
        label_tone=LABEL_TONES[label],
        when=when_words(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        starts=machine_time(event.starts_at, event.time_zone),
        in_warsaw_time=language != "pl" and event.time_zone == HOME_ZONE and not event.all_day,
        programme=to_html(event.programme),
        has_own_heading=event.programme.lstrip().startswith("#"),
        accessibility=to_html(event.venue_accessibility, first_heading=3),
        access_until=event.access_contact_until and _day(event.access_contact_until, language),
        description=event.summary or excerpt(event.programme) or event.title,
        map_url=_map_url(event),
        contact_email=event.contact_email or event.organiser.contact_email,
        contact_phone=event.contact_phone or event.organiser.contact_phone,
        form=form,
        has_errors=bool(form.errors),
        status=status.value,
        is_full=places is Places.NONE,
        domains=allowed_domains_words(event.allowed_domains),
        freed_words=freed_place_words(event.promotion, event.offer_hours),
        opens=event.sign_up_opens_at and _deadline(event.sign_up_opens_at, language),
        closes=event.sign_up_closes_at and _deadline(event.sign_up_closes_at, language),
        clause=clause_text and to_html(clause_text, first_heading=3),
        clause_language="en" if clause and language == "en" and clause.text_en else "pl",
        changed=timestamp(event.updated_at, HOME_ZONE, language),
        record=publication_record(event, language),
        json_ld="" if is_preview else _json_ld(event, status, language),
        is_preview=is_preview,
        calendar_links=public_calendar_links(event_facts(event), event.organiser.name, language),
        other_addresses=addresses_of(
            "event_editing.preview" if is_preview else "event_page.event_page", slug=event.slug
        ),
    )


def _deadline(moment: datetime, language: str) -> str:
    return deadline(moment, HOME_ZONE, language)


def _day(moment: datetime, language: str) -> str:
    return long_date(moment, HOME_ZONE, language)


def _map_url(event: Event) -> str:
    """A search for the address on a map; '' when there is no street to search for."""
    if event.attendance == "online" or not event.city or not (event.street or event.venue):
        return ""
    return MAP_ADDRESS + quote(", ".join(filter(None, (event.street or event.venue, event.city, event.country))))


def _json_ld(event: Event, status: SignUpStatus, language: str) -> str:
    facts = EventForSearch(
        url=absolute_url("event_page.event_page", language, slug=event.slug),
        title=event.title,
        summary=event.summary or excerpt(event.programme),
        language=event.language,
        starts=machine_time(event.starts_at, event.time_zone),
        ends=machine_time(event.ends_at, event.time_zone),
        attendance=event.attendance,
        status=status,
        venue=event.venue,
        street=event.street,
        postal_code=event.postal_code,
        city=event.city,
        country=event.country,
        capacity=event.capacity,
        is_free=not event.cost,
        organiser_name=event.organiser.name,
        organiser_url=absolute_url("organiser_page.organiser_page", language, slug=event.organiser.slug),
        image=f"{current_app.config['BASE_URL']}/static/og-image.png",
    )
    return event_json_ld(facts)
