"""What the text kept with a mail that did not leave (`mails.last_error`) means, for people who read no English.

The text is either an SMTP answer ('550 5.1.1 No such user') or an exception ('TimeoutError: timed out'); both are
written by outbox.smtp_delivery, and 'not composed: ...', 'not filed: ...' by outbox.delivering.
"""

import re
from enum import StrEnum


class FailureKind(StrEnum):
    """Why a mail did not leave."""

    NO_ANSWER = "no_answer"
    NAME_UNKNOWN = "name_unknown"
    TIME_OUT = "time_out"
    CERTIFICATE = "certificate"
    ENCRYPTION = "encryption"
    CONNECTION_LOST = "connection_lost"
    SIGN_IN_REFUSED = "sign_in_refused"
    RECIPIENT_REFUSED = "recipient_refused"
    MAIL_REFUSED = "mail_refused"
    PUT_OFF = "put_off"
    NOT_COMPOSED = "not_composed"
    NOT_FILED = "not_filed"
    OTHER = "other"


_SIGNS = (
    ("not composed:", FailureKind.NOT_COMPOSED),
    ("not filed:", FailureKind.NOT_FILED),
    ("certificate_verify_failed", FailureKind.CERTIFICATE),
    ("sslcertverificationerror", FailureKind.CERTIFICATE),
    ("sslerror", FailureKind.ENCRYPTION),
    ("smtpnotsupportederror", FailureKind.ENCRYPTION),
    ("gaierror", FailureKind.NAME_UNKNOWN),
    ("timed out", FailureKind.TIME_OUT),
    ("timeouterror", FailureKind.TIME_OUT),
    ("connectionrefusederror", FailureKind.NO_ANSWER),
    ("unreachable", FailureKind.NO_ANSWER),
    ("no route to host", FailureKind.NO_ANSWER),
    ("smtpserverdisconnected", FailureKind.CONNECTION_LOST),
    ("connectionreseterror", FailureKind.CONNECTION_LOST),
    ("connectionabortederror", FailureKind.CONNECTION_LOST),
    ("brokenpipeerror", FailureKind.CONNECTION_LOST),
    ("ssleoferror", FailureKind.CONNECTION_LOST),
)
"""The first that is found in the text, in small letters, counts."""

_ANSWER = re.compile(r"(-1|[2-5]\d\d) (?:([245])\.(\d{1,3})\.\d{1,3}\b)?")
_ACCESS_CODES = frozenset({530, 534, 535, 538})  # RFC 4954, 6
_RECIPIENT_CODES = frozenset({550, 551, 553})  # RFC 5321, 4.2.3


def failure_kind(text: str) -> FailureKind:
    """The kind of failure that a kept text tells of; OTHER when it is none of those known."""
    answer = _ANSWER.match(f"{text} ")
    if answer is not None:
        return _kind_of_answer(int(answer[1]), answer[3])
    low = text.casefold()
    return next((kind for sign, kind in _SIGNS if sign in low), FailureKind.OTHER)


def _kind_of_answer(code: int, subject: str | None) -> FailureKind:
    """`subject` is the middle number of an enhanced status code (RFC 3463): 1 is addressing."""
    if code in (-1, 421):
        return FailureKind.CONNECTION_LOST
    if code in _ACCESS_CODES:
        return FailureKind.SIGN_IN_REFUSED
    if code >= 500:
        about_recipient = subject == "1" or (subject is None and code in _RECIPIENT_CODES)
        return FailureKind.RECIPIENT_REFUSED if about_recipient else FailureKind.MAIL_REFUSED
    return FailureKind.PUT_OFF if code >= 400 else FailureKind.OTHER
