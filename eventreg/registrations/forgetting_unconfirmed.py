"""Addresses that nobody confirmed in time are not kept: their owners may never have wanted anything of us.

For a day the link in the mail still brings a registration back; then it goes, with its answers and mails.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select

from eventreg.database import db, transaction
from eventreg.registrations.models import Registration, RegistrationGroup

KEPT = timedelta(days=1)


def forget_unconfirmed(now: datetime) -> int:
    """Delete what was never confirmed and ran out more than a day ago; returns how many registrations went.

    Looks first, so that an idle worker writes nothing.
    """
    if db.session.scalar(select(Registration.id).where(*_of_nobody(now)).limit(1)) is None:
        return 0
    with transaction() as session:
        groups = set(session.scalars(select(Registration.group_id).where(*_of_nobody(now))))
        gone = session.execute(
            delete(Registration).where(*_of_nobody(now)).returning(Registration.id),
            execution_options={"synchronize_session": False},
        )
        count = len(gone.all())
        is_empty = ~exists().where(Registration.group_id == RegistrationGroup.id)
        session.execute(
            delete(RegistrationGroup).where(RegistrationGroup.id.in_(groups - {None}), is_empty),
            execution_options={"synchronize_session": False},
        )
    return count


def _of_nobody(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Registration.state == "cancelled",
        Registration.cancelled_by == "unconfirmed",
        Registration.cancelled_at < now - KEPT,
    )
