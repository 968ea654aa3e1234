"""The numbers and rules of signing in: how often one may try, how long things are valid, where one may go"
" next."""

import re
from dataclasses import dataclass
from datetime import timedelta

SESSION_LIFETIME = timedelta(hours=20)
"""Idle time after which a session ends. From 20 hours on no warning is required (WCAG 2.2, 2.2.1)."""

SECOND_FACTOR_WITHIN = timedelta(minutes=10)
"""How long the second step of a sign-in waits for its code."""

SECOND_FACTOR_SETUP_WITHIN = timedelta(minutes=30)

RESET_LINK_VALID = timedelta(hours=24)
INVITATION_VALID = timedelta(days=14)

CODE_WINDOW_SECONDS = 30
"""How far the clock of an authenticator may be off, either way."""

_INSIDE_PANEL = re.compile(r"/panel(?:[/?][!-\[\]-~]*)?")
_LONGEST_NEXT = 500


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """So many failed attempts in so many seconds; then wait."""

    attempts: int
    seconds: int


FAILURES_PER_ACCOUNT_AND_CLIENT = (
    AttemptLimit(5, 60),
    AttemptLimit(10, 15 * 60),
    AttemptLimit(30, 24 * 3600),
)
"""Growing pauses for one client at one account. Other clients, the victim's own among them, go on."""

FAILURES_PER_CLIENT = (AttemptLimit(30, 15 * 60), AttemptLimit(200, 24 * 3600))
"""One client at any accounts: password spraying. An office behind one address has many people, hence the"
" room."""

WRONG_CODES_PER_ACCOUNT = (AttemptLimit(20, 3600), AttemptLimit(60, 24 * 3600))
"""Wrong codes at one account from all clients together: six digits must not be guessed from many addresses. Only who
has the password gets that far, so a stranger cannot lock anybody out with it."""

RESET_MAILS_PER_ACCOUNT = (AttemptLimit(3, 3600), AttemptLimit(10, 24 * 3600))
RESET_REQUESTS_PER_CLIENT = (AttemptLimit(10, 3600), AttemptLimit(50, 24 * 3600))


def safe_next(target: str | None) -> str | None:
    """The address inside the panel to go on to, or None when `target` leads anywhere else (abuse 38).

    Only a path that begins with /panel: no scheme, no host, no backslash, no doubled slash at the start, no
    control or non-ASCII character. Never back to signing in or out.
    """
    if not target or len(target) > _LONGEST_NEXT or not _INSIDE_PANEL.fullmatch(target):
        return None
    path = target.partition("?")[0]
    if "//" in path or ".." in path or path.startswith(("/panel/sign-", "/panel/second-factor")):
        return None
    return target
