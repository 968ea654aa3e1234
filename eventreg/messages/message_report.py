"""How a message went: figures, what was not delivered and why, how long it took."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from eventreg.messages.message_rules import Figures, state_shown
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import FailedMail, failed_mails, figures_of
from eventreg.outbox.mail_preview import without_addresses

SHOWN_OF_A_REASON = 100
"""Addresses listed under one reason; the mail log has them all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why mails were given up, as the server said it (without addresses), how many, and the first of them."""

    answer: str
    count: int
    mails: list[FailedMail]


@dataclass(frozen=True, slots=True)
class Report:
    """One message as its page shows it. `took` is None while it goes out."""

    state: str
    figures: Figures
    reasons: list[Reason]
    took: timedelta | None


def report_of(message: EventMessage, now: datetime) -> Report:
    """Counted from the outbox at `now`, so it is right whether or not anybody has looked before."""
    figures = figures_of([message.id])[message.id]
    state = state_shown(message.state, figures)
    is_over = state in ("done", "stopped")
    ended = message.finished_at or now
    took = ended - message.started_at if is_over and message.started_at is not None else None
    return Report(state, figures, _reasons(failed_mails(message.id)) if figures.failed else [], took)


def _reasons(mails: list[FailedMail]) -> list[Reason]:
    """The most frequent first."""
    by_answer = sorted(mails, key=lambda mail: without_addresses(mail.error))
    reasons = []
    for answer, group in groupby(by_answer, key=lambda mail: without_addresses(mail.error)):
        found = list(group)
        reasons.append(Reason(answer, len(found), found[:SHOWN_OF_A_REASON]))
    return sorted(reasons, key=lambda reason: -reason.count)
