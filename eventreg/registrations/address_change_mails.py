"""What the two mailboxes are told when a registration moves from one to the other (abuse 27).

The old one never gets the new link, the new one none before both have agreed: the mails that ask carry no link to the
own page at all.
"""

from dataclasses import replace
from datetime import datetime

from eventreg.calendars.invitation import Method
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import AddressChangeFacts, InvitationFacts
from eventreg.outbox.queue import MailOrder, enqueue, supersede_unsent
from eventreg.registrations.facts_for_mails import person_facts, registration_mail_facts
from eventreg.registrations.models import AddressChange, Registration
from eventreg.registrations.registration_mails import About, tell_people

ASKED = "address_change_asked"


def ask_both(event: Event, registration: Registration, change: AddressChange, now: datetime) -> None:
    """One mail to each mailbox, with a link of its own to the page where it agrees."""
    to_old = AddressChangeFacts(False, change.old_link_key, change.new_email, change.expires_at)
    to_new = AddressChangeFacts(True, change.new_link_key, until=change.expires_at)
    for address, about in ((registration.email, to_old), (change.new_email, to_new)):
        enqueue(_order(ASKED, event, registration, address, about), now)


def tell_moved(
    event: Event, registration: Registration, old_address: str, now: datetime, *, by_organiser: bool = False
) -> None:
    """The old mailbox loses the entry of its calendar, the new one is invited, with the same UID.

    Call it when the row has its new address and link. The cancel comes first and has the smaller SEQUENCE: where both
    mailboxes feed one calendar the entry stays. An address that nobody confirmed gets no further mail (abuse 15): the
    new one alone is asked. A mailbox to which the organiser moves somebody may be the first that she reads, so it is
    told where the data came from (RODO art. 14).
    """
    source = _source(registration) if by_organiser else About()
    if registration.state == "unconfirmed":
        tell_people(event, [registration], now, source)
        return
    supersede_unsent([registration.id])
    was_invited = registration.state == "confirmed" and registration.ical_sequence >= 0
    cancel = None
    if was_invited:
        registration.ical_sequence += 1
        cancel = InvitationFacts(Method.CANCEL, registration.uid, registration.ical_sequence, now)
    to_old = AddressChangeFacts(to_new=False, by_organiser=by_organiser)
    enqueue(_order("address_changed", event, registration, old_address, to_old, cancel), now)
    to_new = AddressChangeFacts(to_new=True, by_organiser=by_organiser)
    about = replace(source, occasion="address_changed", is_new=True, address_change=to_new)
    tell_people(event, [registration], now, about)


def _source(registration: Registration) -> About:
    """Who gave the person's name, unless she did."""
    group = registration.group
    contact = group.email if group is not None and group.address_key != registration.address_key else ""
    return About(signed_up_by=contact, added_by_organiser=registration.source != "web")


def _order(
    occasion: str,
    event: Event,
    registration: Registration,
    address: str,
    about: AddressChangeFacts,
    invitation: InvitationFacts | None = None,
) -> MailOrder:
    person = replace(person_facts(registration, invitation), link_key="")
    return MailOrder(
        occasion=occasion,
        to_address=address,
        to_name=registration.name,
        language=registration.language,
        facts=replace(registration_mail_facts(event, (person,)), address_change=about),
        event_id=event.id,
        organiser_id=event.organiser_id,
        registration_id=registration.id,
    )
