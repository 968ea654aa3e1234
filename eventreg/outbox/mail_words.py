"""The words on screen for mails: occasions, states, filters, what went wrong, why nothing is tried again. All lazy."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from eventreg.outbox.failure_rules import FailureKind, failure_kind
from eventreg.outbox.trying_again import CannotTryAgain
from eventreg.registrations import attendee_words

STATE_WORDS = attendee_words.MAIL_WORDS

STATE_TONES = {
    "queued": "info",
    "sending": "info",
    "sent": "good",
    "filed": "last",
    "failed": "bad",
    "superseded": "quiet",
    "held": "last",
    "stopped": "quiet",
}

OCCASION_WORDS = {
    **attendee_words.OCCASION_WORDS,
    "account_invited": lazy_pgettext("occasion of a mail", "Invitation to the panel"),
    "password_reset": lazy_pgettext("occasion of a mail", "New password"),
}

FILTERS = {
    "": (_l("All"), ()),
    "waiting": (_l("Waiting"), ("queued", "sending", "held")),
    "left": (lazy_pgettext("mails", "Sent"), ("sent", "filed")),
    "trouble": (_l("Not delivered"), ("failed",)),
}
"""What the log may be narrowed to: the words and the states."""

CANNOT_TRY_WORDS = {
    CannotTryAgain.NOT_FOUND: _l("There is no such mail any more."),
    CannotTryAgain.UNDER_WAY: _l("The mail is being sent right now."),
    CannotTryAgain.ALREADY_SENT: _l("The mail was sent already."),
    CannotTryAgain.NEWER_MAIL: _l("A newer mail tells this person what holds now, so the old one stays unsent."),
    CannotTryAgain.PAUSED: _l("The message this mail belongs to is paused. Please continue it first."),
    CannotTryAgain.STOPPED: _l("The message this mail belongs to was stopped."),
}

FAILURE_WORDS = {
    FailureKind.NO_ANSWER: _l("The mail server does not answer."),
    FailureKind.NAME_UNKNOWN: _l("The name of the mail server is not known. Please check its address."),
    FailureKind.TIME_OUT: _l("The mail server did not answer in time."),
    FailureKind.CERTIFICATE: _l("The certificate of the mail server is not trusted, so nothing was sent to it."),
    FailureKind.ENCRYPTION: _l("No encrypted connection to the mail server was possible."),
    FailureKind.CONNECTION_LOST: _l("The connection to the mail server was lost."),
    FailureKind.SIGN_IN_REFUSED: _l("The mail server does not accept this site's user name or password."),
    FailureKind.RECIPIENT_REFUSED: _l("The mail server does not accept this recipient's address. It says:"),
    FailureKind.MAIL_REFUSED: _l("The mail server did not accept the mail. It says:"),
    FailureKind.PUT_OFF: _l("The mail server asks to try again later. It says:"),
    FailureKind.NOT_COMPOSED: _l("The mail could not be composed."),
    FailureKind.NOT_FILED: _l("The mail could not be saved as a file."),
    FailureKind.OTHER: _l("The mail could not be sent."),
}


def failure_words(text: str) -> str:
    """Plain words for what was kept with a mail that did not leave."""
    return str(FAILURE_WORDS[failure_kind(text)])
