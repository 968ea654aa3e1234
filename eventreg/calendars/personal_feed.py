"""A personal calendar as it is subscribed to: all registrations of one person, nobody else in it (abuse 32)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from eventreg.calendars.feed import EventEntry, FeedHeader
from eventreg.calendars.ical_feed import feed_bytes
from eventreg.calendars.personal_entry import EntryStatus, personal_entry
from eventreg.calendars.registration_calendar import invitation_for
from eventreg.events.models import Event
from eventreg.events.when_rules import deadline
from eventreg.i18n import in_locale
from eventreg.outbox.mail_facts import EventFacts
from eventreg.registrations.facts_for_mails import event_facts, organiser_facts, with_programme
from eventreg.registrations.models import PersonalCalendar, Registration
from eventreg.registrations.personal_calendar import registrations_in
from eventreg.registrations.personal_calendar_rules import EntryStanding, OwnEntry, entry_standing

_STATUS = {
    EntryStanding.CONFIRMED: EntryStatus.CONFIRMED,
    EntryStanding.OFFERED: EntryStatus.TENTATIVE,
    EntryStanding.WAITING: EntryStatus.TENTATIVE,
    EntryStanding.PENDING: EntryStatus.TENTATIVE,
    EntryStanding.CANCELLED: EntryStatus.CANCELLED,
    EntryStanding.EVENT_CANCELLED: EntryStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class PersonalFeed:
    """The bytes, the strong ETag without its quotes, and when what it tells changed last."""

    body: bytes
    tag: str
    changed_at: datetime


def personal_feed(calendar: PersonalCalendar, language: str, now: datetime) -> PersonalFeed:
    """The calendar at `now` in a language; the same bytes while nothing in it changes."""
    with in_locale(language):
        told = [
            (registration, standing)
            for registration in registrations_in(calendar)
            if (standing := entry_standing(_known(registration), now)) is not None
        ]
        told.sort(key=lambda one: (one[0].event.starts_at, one[0].id))
        body = feed_bytes(_header(language), [_entry(one, standing, language) for one, standing in told])
    changes = [_changed_at(registration) for registration, _standing in told]
    return PersonalFeed(body, hashlib.sha256(body).hexdigest()[:32], max([calendar.created_at, *changes]))


def calendar_name() -> str:
    """What programs call it; whose it is stays out, since people show their calendars to others."""
    return _("My events – %(site)s", site=current_app.extensions["eventreg.config"].site_name)


def _header(language: str) -> FeedHeader:
    """Without SOURCE: the address is a secret, and programs that export or share a calendar would hand it on."""
    site = current_app.extensions["eventreg.config"].site_name
    return FeedHeader(
        name=calendar_name(),
        description=_("Events that I am signed up for: %(site)s", site=site),
        source_url="",
        language=language,
    )


def _known(registration: Registration) -> OwnEntry:
    event = registration.event
    return OwnEntry(
        state=registration.state,
        was_confirmed=registration.confirmed_at is not None,
        has_offer=registration.offer_until is not None,
        cancelled_by=registration.cancelled_by,
        cancelled_at=registration.cancelled_at,
        event_state=event.state,
        event_ends_at=event.ends_at,
        event_cancelled_at=event.cancelled_at,
    )


def _changed_at(registration: Registration) -> datetime:
    return max(registration.event.updated_at, registration.updated_at or registration.created_at)


def _entry(registration: Registration, standing: EntryStanding, language: str) -> EventEntry:
    """With the text of her invitation, less the contact: an official's name and address need not be in calendars that
    people share; both are on the page of the event."""
    event = registration.event
    # Each of the two revisions only rises, and so does their sum.
    entry = invitation_for(
        _told_facts(event, standing),
        organiser_facts(event.organiser),
        registration.uid,
        event.revision + registration.revision,
        _changed_at(registration),
        language,
    )
    entry = replace(
        entry,
        summary=_summary(event.title, standing),
        location=entry.location or (_("Online") if event.attendance != "place" and not entry.online_url else ""),
    )
    if standing is EntryStanding.OFFERED and registration.offer_until is not None:
        until = deadline(registration.offer_until, event.time_zone, language)
        kept = _("A place is kept until %(until)s.", until=until)
        entry = replace(entry, description=f"{kept}\n{entry.description}")
    return personal_entry(entry, _STATUS[standing])


def _told_facts(event: Event, standing: EntryStanding) -> EventFacts:
    """The online address is for those who take part."""
    facts = replace(event_facts(event), contact_name="", contact_email="", contact_phone="")
    if standing is EntryStanding.CONFIRMED:
        return with_programme(facts, event)
    return replace(facts, online_url="")


def _summary(title: str, standing: EntryStanding) -> str:
    """In words, since many programs pass STATUS by."""
    match standing:
        case EntryStanding.CONFIRMED:
            return title
        case EntryStanding.OFFERED:
            return _("%(title)s (a place is offered)", title=title)
        case EntryStanding.WAITING:
            return _("%(title)s (waiting list)", title=title)
        case EntryStanding.PENDING:
            return _("%(title)s (the organiser has not decided yet)", title=title)
        case EntryStanding.CANCELLED:
            return _("%(title)s (registration cancelled)", title=title)
        case EntryStanding.EVENT_CANCELLED:
            return _("%(title)s (event cancelled)", title=title)
