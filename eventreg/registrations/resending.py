"""Sending a confirmation once more, because the first one was lost or never came."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations import queries, registration_mails
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.models import Registration


def resend_confirmation(
    registration_id: int, event_id: int, account_id: int, now: datetime
) -> Registration | CannotChange:
    """Queue the confirmation with its invitation again; only for somebody who holds a place."""
    with transaction():
        event = queries.lock_event(event_id)
        registration = queries.registration_of_event(registration_id, event_id)
        if event is None or registration is None or registration.state != "confirmed":
            return CannotChange.NOT_FOUND
        if event.state == "cancelled":
            return CannotChange.EVENT_CANCELLED
        if event.state == "archived" or now >= event.ends_at:
            return CannotChange.EVENT_OVER
        others = queries.live_count_of_address(event_id, registration.address_key) - 1
        registration_mails.resend_confirmation(event, registration, now, shared_mailbox=others > 0)
        audit.record(account_id, "confirmation_resent", event.organiser_id, event_id, registration_id, now=now)
        return registration
