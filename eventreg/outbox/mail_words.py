"""The words on screen for mails: occasions, states, filters, why a mail is not tried again. All lazy."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from eventreg.outbox.queue import CannotTryAgain
from eventreg.registrations import attendee_words

STATE_WORDS = attendee_words.MAIL_WORDS

STATE_TONES = {
    "queued": "info",
    "sending": "info",
    "sent": "good",
    "filed": "last",
    "failed": "bad",
    "superseded": "quiet",
}

OCCASION_WORDS = {
    **attendee_words.OCCASION_WORDS,
    "account_invited": lazy_pgettext("occasion of a mail", "Invitation to the panel"),
    "password_reset": lazy_pgettext("occasion of a mail", "New password"),
}

FILTERS = {
    "": (_l("All"), ()),
    "waiting": (_l("Waiting"), ("queued", "sending")),
    "left": (lazy_pgettext("mails", "Sent"), ("sent", "filed")),
    "trouble": (_l("Not delivered"), ("failed",)),
}
"""What the log may be narrowed to: the words and the states."""

CANNOT_TRY_WORDS = {
    CannotTryAgain.NOT_FOUND: _l("There is no such mail any more."),
    CannotTryAgain.UNDER_WAY: _l("The mail is being sent right now."),
    CannotTryAgain.ALREADY_SENT: _l("The mail was sent already."),
    CannotTryAgain.NEWER_MAIL: _l("A newer mail tells this person what holds now, so the old one stays unsent."),
}
