"""The words on screen for registrations, their mails and what could not be done. All lazy."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.sign_up_rules import Refusal

STATE_WORDS = {
    "confirmed": lazy_pgettext("state of a registration", "Confirmed"),
    "pending": lazy_pgettext("state of a registration", "To be decided"),
    "waitlisted": lazy_pgettext("state of a registration", "Waiting list"),
    "unconfirmed": lazy_pgettext("state of a registration", "Address not confirmed"),
    "declined": lazy_pgettext("state of a registration", "Not admitted"),
    "cancelled": lazy_pgettext("state of a registration", "Cancelled"),
}
STATE_TONES = {
    "confirmed": "good",
    "pending": "last",
    "waitlisted": "info",
    "unconfirmed": "info",
    "declined": "quiet",
    "cancelled": "quiet",
}

MAIL_WORDS = {
    "queued": lazy_pgettext("state of a mail", "waiting to be sent"),
    "sending": lazy_pgettext("state of a mail", "being sent"),
    "sent": lazy_pgettext("state of a mail", "sent"),
    "filed": lazy_pgettext("state of a mail", "filed, no mail server"),
    "failed": lazy_pgettext("state of a mail", "not delivered"),
    "superseded": lazy_pgettext("state of a mail", "replaced by a newer one"),
}

OCCASION_WORDS = {
    "sign_up_confirmed": lazy_pgettext("occasion of a mail", "Confirmation"),
    "sign_up_waitlisted": lazy_pgettext("occasion of a mail", "On the waiting list"),
    "sign_up_pending": lazy_pgettext("occasion of a mail", "Registration received"),
    "address_to_confirm": lazy_pgettext("occasion of a mail", "Request to confirm the address"),
    "place_given": lazy_pgettext("occasion of a mail", "Place from the waiting list"),
    "place_offered": lazy_pgettext("occasion of a mail", "Offer of a place"),
    "offer_expired": lazy_pgettext("occasion of a mail", "Offer has run out"),
    "registration_accepted": lazy_pgettext("occasion of a mail", "Admitted"),
    "registration_declined": lazy_pgettext("occasion of a mail", "Not admitted"),
    "registrations_together": lazy_pgettext("occasion of a mail", "Several registrations"),
    "already_registered": lazy_pgettext("occasion of a mail", "Already signed up"),
    "registration_cancelled": lazy_pgettext("occasion of a mail", "Cancellation"),
    "event_changed": lazy_pgettext("occasion of a mail", "Event changed"),
    "event_cancelled": lazy_pgettext("occasion of a mail", "Event cancelled"),
    "reminder": lazy_pgettext("occasion of a mail", "Reminder"),
    "thanks": lazy_pgettext("occasion of a mail", "Thanks"),
}

SOURCE_WORDS = {
    "web": lazy_pgettext("source of a registration", "Form on the page"),
    "panel": lazy_pgettext("source of a registration", "Added by the organiser"),
    "import": lazy_pgettext("source of a registration", "Imported list"),
}

CANCELLED_BY_WORDS = {
    "person": _l("Cancelled by the person"),
    "organiser": _l("Cancelled by the organiser"),
    "event": _l("The event was cancelled"),
    "expired": _l("The time to confirm or to take the place ran out"),
    "substituted": _l("Somebody else comes instead"),
    "moved": _l("Moved to another event"),
}

CANNOT_CHANGE_WORDS = {
    CannotChange.NOT_FOUND: _l("There is no such registration any more."),
    CannotChange.EVENT_OVER: _l("The event is over, so the list stays as it is."),
    CannotChange.EVENT_CANCELLED: _l("The event is cancelled, so the list stays as it is."),
    CannotChange.NO_PLACES: _l("All places are taken. Please raise the number of places first."),
    CannotChange.NOT_YOURS_TO_RESTORE: _l("This registration was cancelled by the organiser."),
}

REFUSAL_WORDS = {
    Refusal.NO_SUCH_EVENT: _l("There is no such event any more."),
    Refusal.NOT_OPEN: _l("The event is cancelled or in the archive, so nobody can be added."),
    Refusal.FULL: _l("All places are taken. Tick the box below to add this person all the same."),
    Refusal.ADDRESS_CAP: _l("This address already has as many people as allowed."),
    Refusal.DOMAIN: _l("The organiser takes sign-ups from certain mail domains only."),
    Refusal.OPTION_FULL: _l("One of the chosen options has no place left."),
}
