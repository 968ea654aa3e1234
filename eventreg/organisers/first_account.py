"""The account that the first start makes, so that somebody can get in."""

import secrets
from datetime import datetime

from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.organisers.models import ADMINISTRATOR, Account, Membership, Organiser, Role
from eventreg.organisers.queries import administrator_role
from eventreg.organisers.sign_in import store_password

FIRST_ADDRESS = "admin@example.org"
"""Nobody's mailbox: the going-live checklist asks for an account with a real one."""


def ensure_first_account(now: datetime) -> tuple[str, str | None]:
    """The administrator's address, and her password if the account was made just now (else None).

    She owns the sample organisers, so that the panel shows something at once.
    """
    with transaction() as session:
        known = session.scalar(
            select(Account).where(Account.roles.any(Role.name == ADMINISTRATOR)).order_by(Account.id).limit(1)
        )
        if known is not None:
            return known.email, None
        account = Account(
            email=FIRST_ADDRESS,
            name="Administrator",
            fs_uniquifier=secrets.token_hex(32),
            created_at=now,
        )
        account.roles.append(administrator_role())
        session.add(account)
        session.flush()
        for organiser_id in db.session.scalars(select(Organiser.id).where(Organiser.is_sample)):
            session.add(Membership(account_id=account.id, organiser_id=organiser_id, role="owner"))
        password = secrets.token_urlsafe(12)
        store_password(account.id, password, generated=True)
        return account.email, password
