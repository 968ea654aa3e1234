"""The words on screen for registrations, their mails and what could not be done. All lazy."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from eventreg.registrations.adding_by_hand import CannotAdd
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.moving_between_events import CannotMove
from eventreg.registrations.sign_up_rules import Refusal
from eventreg.registrations.waiting_list import CannotPromote

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
    "held": lazy_pgettext("state of a mail", "held, the message is paused"),
    "stopped": lazy_pgettext("state of a mail", "stopped, not sent"),
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
    "registration_accepted_waiting": lazy_pgettext("occasion of a mail", "Admitted, on the waiting list"),
    "registration_declined": lazy_pgettext("occasion of a mail", "Not admitted"),
    "registrations_together": lazy_pgettext("occasion of a mail", "Several registrations"),
    "group_signed_up": lazy_pgettext("occasion of a mail", "Sign-up of several people"),
    "already_registered": lazy_pgettext("occasion of a mail", "Already signed up"),
    "registration_cancelled": lazy_pgettext("occasion of a mail", "Cancellation"),
    "registration_moved": lazy_pgettext("occasion of a mail", "Moved to another event"),
    "event_changed": lazy_pgettext("occasion of a mail", "Event changed"),
    "event_cancelled": lazy_pgettext("occasion of a mail", "Event cancelled"),
    "substituted": lazy_pgettext("occasion of a mail", "Somebody comes instead"),
    "substitute_invited": lazy_pgettext("occasion of a mail", "Substitute invited"),
    "address_change_asked": lazy_pgettext("occasion of a mail", "New address to be confirmed"),
    "address_changed": lazy_pgettext("occasion of a mail", "Address changed"),
    "links_found": lazy_pgettext("occasion of a mail", "Links sent again"),
    "personal_calendar": lazy_pgettext("occasion of a mail", "Address of the personal calendar"),
    "event_message": lazy_pgettext("occasion of a mail", "Message"),
    "reminder": lazy_pgettext("occasion of a mail", "Reminder"),
    "thanks": lazy_pgettext("occasion of a mail", "Thanks"),
}

SOURCE_WORDS = {
    "web": lazy_pgettext("source of a registration", "Form on the page"),
    "panel": lazy_pgettext("source of a registration", "Added by the organiser"),
    "import": lazy_pgettext("source of a registration", "Imported list"),
}

CATEGORY_WORDS = {
    "participant": lazy_pgettext("category of a person", "Participant"),
    "speaker": lazy_pgettext("category of a person", "Speaker"),
    "guest": lazy_pgettext("category of a person", "Guest"),
    "media": lazy_pgettext("category of a person", "Media"),
}

CHANNEL_WORDS = {
    "": lazy_pgettext("channel", "Not given"),
    "telephone": lazy_pgettext("channel", "Telephone"),
    "letter": lazy_pgettext("channel", "Letter"),
    "mail": lazy_pgettext("channel", "E-mail"),
    "in_person": lazy_pgettext("channel", "In person"),
    "walk_in": lazy_pgettext("channel", "Walk-in, on the day"),
}

ATTENDANCE_WORDS = {
    True: lazy_pgettext("attendance", "Present"),
    False: lazy_pgettext("attendance", "Absent"),
    None: lazy_pgettext("attendance", "Not said"),
}

CANCELLED_BY_WORDS = {
    "person": _l("Cancelled by the person"),
    "organiser": _l("Cancelled by the organiser"),
    "event": _l("The event was cancelled"),
    "expired": _l("The offered place was not taken in time"),
    "unconfirmed": _l("The address was not confirmed in time"),
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
    Refusal.FULL: _l("All places are taken. Tick a box below: over the limit, or to the waiting list."),
    Refusal.ADDRESS_CAP: _l("This address already has as many people as allowed."),
    Refusal.DOMAIN: _l("The organiser takes sign-ups from certain mail domains only."),
    Refusal.OPTION_FULL: _l("One of the chosen options has no place left."),
}

CANNOT_ADD_WORDS = {
    CannotAdd.EVENT_OVER: _l("The event is over. Only people who were there can still be entered, as walk-ins."),
    CannotAdd.NOT_THE_DAY: _l("A walk-in can be entered from the day of the event on."),
}

CANNOT_PROMOTE_WORDS = {
    CannotPromote.NOT_FOUND: _l("There is no such registration any more."),
    CannotPromote.NOT_WAITING: _l(
        "This person is not on the waiting list any more: the registration was cancelled, or has a place already."
    ),
    CannotPromote.NO_PLACES: _l("All places are taken. Tick the box to give one more place all the same."),
    CannotPromote.EVENT_OVER: _l("The event is cancelled or over, so the list stays as it is."),
}

CANNOT_MOVE_WORDS = {
    CannotMove.NOT_FOUND: _l("Please choose one of the events."),
    CannotMove.NOT_MOVABLE: _l("Only a confirmed, waiting or undecided registration can be moved."),
    CannotMove.EVENT_CLOSED: _l("The event is cancelled or over, so the list stays as it is."),
    CannotMove.TARGET_CLOSED: _l("The chosen event does not take anybody: it is over, cancelled or not published."),
    CannotMove.SAME_PERSON: _l("This person is signed up for the chosen event already. Nothing was changed."),
    CannotMove.NO_PLACES: _l("The chosen event has no place left and no waiting list. Nothing was changed."),
}
