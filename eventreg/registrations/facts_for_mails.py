"""An event and a registration as the facts that a mail freezes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from eventreg.calendars.invitation import Method
from eventreg.calendars.programme_rules import programme_text
from eventreg.events.event_rules import ChangeKind, EventDiff
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser
from eventreg.outbox.mail_facts import (
    EventFacts,
    InvitationFacts,
    OrganiserFacts,
    RegistrationFacts,
    RegistrationMailFacts,
)
from eventreg.registrations.models import Registration

_TIMES = ("starts_at", "ends_at")


def event_facts(event: Event) -> EventFacts:
    """The event as it stands now, for a mail. The contact is the event's own, else the organiser's."""
    return EventFacts(
        id=event.id,
        slug=event.slug,
        title=event.title,
        kind=event.kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        summary=event.summary,
        time_zone=event.time_zone,
        all_day=event.all_day,
        attendance=event.attendance,
        venue=event.venue,
        room=event.room,
        street=event.street,
        postal_code=event.postal_code,
        city=event.city,
        country=event.country,
        online_url=event.online_url,
        contact_name=event.contact_name,
        contact_email=event.contact_email or event.organiser.contact_email,
        contact_phone=event.contact_phone or event.organiser.contact_phone,
        cancelled=event.state == "cancelled",
        cancel_reason=event.cancel_reason,
        day_phone=event.day_phone,
        materials_url=event.materials_url,
    )


def invited_event_facts(event: Event, people: Sequence[RegistrationFacts]) -> EventFacts:
    """The same for a mail about these people: where one of them is invited, the invitation lists the programme.

    Everywhere else it stays out: it may be thousands of characters, kept once for each mail.
    """
    facts = event_facts(event)
    asked = [one.invitation.method for one in people if one.invitation is not None and one.state == "confirmed"]
    invites = any(method is not Method.CANCEL for method in asked) and not facts.cancelled
    return with_programme(facts, event) if invites else facts


def with_programme(facts: EventFacts, event: Event) -> EventFacts:
    """The event with its programme, for its entry in a calendar."""
    return replace(facts, programme=programme_text(event.programme))


def event_before(event: Event, diff: EventDiff) -> EventFacts:
    """The event as it was: today's facts with the old values of what changed."""
    facts = event_facts(event)
    for change in diff.changes:
        facts = with_values(facts, change.kind, change.before)
    return facts


def with_values(facts: EventFacts, kind: str, values: Mapping[str, Any]) -> EventFacts:
    """The event with other values of one kind of change (`FieldsChange.before`; moments in ISO 8601)."""
    if kind not in (ChangeKind.TIME, ChangeKind.PLACE, ChangeKind.ONLINE, ChangeKind.TITLE):
        return facts
    read: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in _TIMES and isinstance(value, str) else value
        for name, value in values.items()
    }
    return replace(facts, **read)


def person_facts(
    registration: Registration, invitation: InvitationFacts | None = None, position: int = 0
) -> RegistrationFacts:
    """One person signed up, with the invitation that the mail carries, if any, and her position in line."""
    return RegistrationFacts(
        id=registration.id,
        name=registration.name,
        state=registration.state,
        link_key=registration.link_key,
        invitation=invitation,
        position=position,
        until=registration.offer_until or registration.hold_until,
    )


def registration_mail_facts(
    event: Event, people: tuple[RegistrationFacts, ...], *, shared: bool = False
) -> RegistrationMailFacts:
    """All that a mail about these people's registrations for the event tells."""
    return RegistrationMailFacts(
        invited_event_facts(event, people), organiser_facts(event.organiser), people, shared=shared
    )


def organiser_facts(organiser: Organiser) -> OrganiserFacts:
    """Who invites, for a mail."""
    return OrganiserFacts(
        name=organiser.name,
        contact_email=organiser.contact_email,
        contact_phone=organiser.contact_phone,
        sends_as_itself=organiser.sends_as_itself,
        slug=organiser.slug,
    )
