"""A mail that did not get through is sent once more, because somebody asks for it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from eventreg.database import transaction
from eventreg.outbox.models import Mail
from eventreg.outbox.superseding_rules import NEVER_SUPERSEDED


class CannotTryAgain(StrEnum):
    """Why a mail is not tried again."""

    NOT_FOUND = "not_found"
    UNDER_WAY = "under_way"
    ALREADY_SENT = "already_sent"
    NEWER_MAIL = "newer_mail"  # a newer mail tells this person what holds now; the old one would contradict it
    PAUSED = "paused"  # its message is paused
    STOPPED = "stopped"  # its message was stopped before it left


def try_again(mail_id: int, now: datetime) -> CannotTryAgain | None:
    """Send a failed, waiting or filed mail as soon as possible; None when that was arranged."""
    with transaction() as session:
        mail = session.get(Mail, mail_id, with_for_update={"of": Mail}, populate_existing=True)
        if mail is None:
            return CannotTryAgain.NOT_FOUND
        if mail.state == "sending":
            return CannotTryAgain.UNDER_WAY
        if mail.state == "sent":
            return CannotTryAgain.ALREADY_SENT
        message = mail.event_message
        if mail.state == "held" or (message is not None and message.state == "paused"):
            return CannotTryAgain.PAUSED
        if mail.state == "stopped":
            return CannotTryAgain.STOPPED
        if _is_old_news(session, mail):
            return CannotTryAgain.NEWER_MAIL
        mail.state, mail.attempts, mail.next_try_at, mail.sent_at = "queued", 0, now, None
        return None


def _is_old_news(session: Session, mail: Mail) -> bool:
    """Whether a newer mail tells what this one would; what no other mail tells never is old news."""
    if mail.occasion in NEVER_SUPERSEDED:
        return False
    newer = exists().where(
        Mail.registration_id == mail.registration_id,
        Mail.id > mail.id,
        Mail.state != "superseded",
        Mail.occasion.not_in(NEVER_SUPERSEDED),
    )
    return mail.state == "superseded" or bool(session.scalar(select(newer)))
