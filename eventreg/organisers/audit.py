"""The trail of who did what. Ids only: names and addresses of participants never enter it."""

from datetime import datetime
from typing import Any

from eventreg.clock import now_utc
from eventreg.database import transaction
from eventreg.organisers.models import AuditEntry


def record(
    account_id: int | None,
    action: str,
    organiser_id: int | None = None,
    event_id: int | None = None,
    registration_id: int | None = None,
    detail: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Add one entry, in the open transaction if there is one.

    `account_id` None means a command line. `action` is a word of `audit_words.ACTIONS`; `detail` holds facts
    without personal data (names of changed fields, a role, a number).
    """
    with transaction() as session:
        session.add(
            AuditEntry(
                at=now or now_utc(),
                account_id=account_id,
                organiser_id=organiser_id,
                event_id=event_id,
                registration_id=registration_id,
                action=action,
                detail=detail,
            )
        )
