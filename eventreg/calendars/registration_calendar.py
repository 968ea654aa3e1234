"""One registration's calendar entry, in words: from frozen facts for mails, from the row for the own page."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from eventreg.calendars.invitation import Invitation, Party, publish_bytes
from eventreg.calendars.programme_rules import is_cut
from eventreg.i18n import in_locale
from eventreg.links import absolute_url
from eventreg.outbox.mail_facts import EventFacts, OrganiserFacts
from eventreg.registrations.facts_for_mails import event_facts, organiser_facts, with_programme
from eventreg.registrations.models import Registration


def sender_of(organiser: OrganiserFacts) -> Party:
    """From of the mails and ORGANIZER of the invitations: one address (calendar.md 4).

    The organiser's own where the mail server lets us write from it, else the installation's.
    """
    own = organiser.contact_email if organiser.sends_as_itself else ""
    return Party(organiser.name, own or current_app.extensions["eventreg.config"].mail_from)


def invitation_for(
    event: EventFacts, organiser: OrganiserFacts, uid: str, sequence: int, dtstamp: datetime, language: str
) -> Invitation:
    """The entry in the person's language. The link to her own page stays out: calendars are shared."""
    page = absolute_url("event_page.event_page", language, slug=event.slug)
    online = event.online_url if event.attendance != "place" else ""
    with in_locale(language):
        lines = [event.summary] if event.summary else []
        if event.cancelled and event.cancel_reason:
            lines.append(event.cancel_reason)
        if online:
            lines.append(_("Join online: %(link)s", link=online))
        lines.append(_("Organiser: %(name)s", name=organiser.name))
        contact = ", ".join(part for part in (event.contact_name, event.contact_email, event.contact_phone) if part)
        if contact:
            lines.append(_("Contact: %(contact)s", contact=contact))
        lines.append(_("Page of the event: %(link)s", link=page))
        if event.programme:
            lines.extend(("", event.programme))  # last: the programme may be long, and is cut first
            if is_cut(event.programme):
                lines[-1] += " " + _("The rest of the programme is on the page of the event.")
        label = _("Join online")
    return Invitation(
        uid=uid,
        sequence=sequence,
        dtstamp=dtstamp,
        organizer=sender_of(organiser),
        summary=event.title,
        times=event.times,
        description="\n".join(lines),
        location=", ".join(event.place_lines) if event.attendance != "online" else "",
        page_url=page,
        online_url=online,
        online_label=label,
    )


def calendar_of_registration(registration: Registration) -> bytes:
    """The file behind 'Add to calendar' on the own page: METHOD:PUBLISH with the UID of her invitation."""
    event = registration.event
    changed_at = max(event.updated_at, registration.confirmed_at or registration.created_at)
    invitation = invitation_for(
        with_programme(event_facts(event), event),
        organiser_facts(event.organiser),
        registration.uid,
        max(registration.ical_sequence, 0),  # -1: she has a place, and no invitation was written yet
        changed_at,
        registration.language,
    )
    return publish_bytes(invitation, cancelled=event.state == "cancelled" or registration.state == "cancelled")
