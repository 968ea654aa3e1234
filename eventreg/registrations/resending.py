"""Sending a confirmation once more, because the first one was lost or never came."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations import queries, registration_mails
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.models import Registration
from eventreg.registrations.standing_rules import LIVE_STATES


def resend_confirmation(
    registration_id: int, event_id: int, account_id: int, now: datetime
) -> Registration | CannotChange:
    """Queue the mail that tells a live registration where it stands; with a place, the invitation comes again."""
    with transaction():
        event = queries.lock_event(event_id)
        registration = queries.registration_of_event(registration_id, event_id)
        if event is None or registration is None or registration.state not in LIVE_STATES:
            return CannotChange.NOT_FOUND
        if event.state == "cancelled":
            return CannotChange.EVENT_CANCELLED
        if event.state == "archived" or now >= event.ends_at:
            return CannotChange.EVENT_OVER
        registration_mails.tell_standing(event, [registration], now)
        audit.record(account_id, "confirmation_resent", event.organiser_id, event_id, registration_id, now=now)
        return registration
