"""A mail for reading in the panel: what was filed, else what is composed from its facts; secret links masked."""

import email
import re
from email import policy
from email.message import EmailMessage, Message, MIMEPart
from typing import Any

from eventreg.logs import log
from eventreg.outbox.composing import Readable, compose, mask_secret_links
from eventreg.outbox.filing import filed_mail
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import ClaimedMail

_LARGEST_PREVIEW = 200_000
_ADDRESS = re.compile(r"[^\s<>\"'():;,]+@[^\s<>\"'():;,]+")


def preview_of(mail: Mail, *, with_secrets: bool = False) -> Readable | None:
    """Subject, text and HTML; None when the mail cannot be composed (the log tells why it failed).

    `with_secrets` keeps the links; only for an invitation to the panel that could not be mailed.
    """
    try:
        message = _filed(mail) or compose(_as_claimed(mail))
        found = Readable(str(message["Subject"]), _body(message, "plain"), _body(message, "html"))
    except Exception as error:  # whatever made it fail to leave makes it fail here, too
        log.warning("mail_not_shown", mail_id=mail.id, error=type(error).__name__)
        return None
    if with_secrets:
        return found
    return Readable(found.subject, mask_secret_links(found.text), mask_secret_links(found.html))


def attachments_of(mail: Mail) -> list[str]:
    """The names of the files that the mail carries."""
    try:
        message = _filed(mail) or compose(_as_claimed(mail))
    except Exception as error:
        log.warning("mail_not_shown", mail_id=mail.id, error=type(error).__name__)
        return []
    return [name for part in message.iter_attachments() if (name := part.get_filename())]


def without_addresses(text: str | None) -> str:
    """What a mail server said, for the administrator: addresses of people masked."""
    return _ADDRESS.sub("…@…", text or "")


def _filed(mail: Mail) -> EmailMessage | None:
    content = filed_mail(mail.message_id) if mail.state == "filed" else None
    if content is None:
        return None
    message: Message[Any, Any] = email.message_from_bytes(content, policy=policy.default)
    return message if isinstance(message, EmailMessage) else None


def _as_claimed(mail: Mail) -> ClaimedMail:
    return ClaimedMail(
        id=mail.id,
        occasion=mail.occasion,
        to_address=mail.to_address,
        to_name=mail.to_name,
        language=mail.language,
        facts=mail.facts,
        message_id=mail.message_id,
        attempts=mail.attempts,
        created_at=mail.created_at,
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content())[:_LARGEST_PREVIEW] if isinstance(part, MIMEPart) else ""
