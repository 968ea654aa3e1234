"""Accounts and what they may do: inviting, roles, leaving, coming back. Each step stands in the trail."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from eventreg.database import transaction
from eventreg.organisers import account_mails, audit
from eventreg.organisers.models import ADMINISTRATOR, Account, Membership, Organiser
from eventreg.organisers.password_rules import generated_password
from eventreg.organisers.queries import (
    account_by_email,
    administrator_count,
    administrator_role,
    membership,
    owner_count,
)
from eventreg.organisers.sign_in import close_all_sessions, invitation_token, reset_token, store_password


class AccountRefusal(Enum):
    """Why an account or a role was not changed."""

    LAST_ADMINISTRATOR = "last_administrator"
    LAST_OWNER = "last_owner"
    NOT_FOUND = "not_found"
    HAS_PASSWORD = "has_password"  # noqa: S105  # a reason


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is to work here, and as what. Without an organiser: only an account, for the administrator to
    use."""

    email: str
    name: str
    language: str
    organiser_id: int | None = None
    role: str = "editor"
    administrator: bool = False


def invite(invitation: Invitation, by_account_id: int | None, now: datetime) -> Account:
    """Gives the role to the account with this address; a new account is made and gets a link by mail.

    Somebody who already signs in gets the role and no mail with a link. An existing role at the organiser is
    replaced.
    """
    with transaction() as session:
        account, is_new = _account_with_role(invitation, by_account_id, now)
        if account.password is None and account.active:
            organiser_name = ""
            if invitation.organiser_id is not None:
                organiser_name = session.get_one(Organiser, invitation.organiser_id).name
            account_mails.account_invited(account, invitation_token(account), organiser_name, now)
            if not is_new:
                audit.record(by_account_id, "invited_again", detail={"account": account.id}, now=now)
        return account


def add_account(invitation: Invitation, now: datetime) -> tuple[Account, str | None]:
    """The same from the command line, without mail: a new account gets a generated password, which is returned."""
    with transaction():
        account, is_new = _account_with_role(invitation, None, now)
        return account, give_generated_password(account.id, now) if is_new else None


def _account_with_role(invitation: Invitation, by_account_id: int | None, now: datetime) -> tuple[Account, bool]:
    with transaction() as session:
        account = account_by_email(invitation.email)
        is_new = account is None
        if account is None:
            account = Account(
                email=invitation.email,
                name=invitation.name,
                language=invitation.language,
                fs_uniquifier=secrets.token_hex(16),
                created_at=now,
            )
            session.add(account)
            session.flush()
            audit.record(by_account_id, "account_made", detail={"account": account.id}, now=now)
        if invitation.organiser_id is not None:
            _give_role(account.id, invitation.organiser_id, invitation.role, by_account_id, now)
        if invitation.administrator:
            make_administrator(account.id, by_account_id, now)
        return account, is_new


def invite_again(account_id: int, by_account_id: int, now: datetime) -> AccountRefusal | None:
    """Sends a new link to somebody who has not used the first; older links die."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None or not account.active:
            return AccountRefusal.NOT_FOUND
        if account.password is not None:
            return AccountRefusal.HAS_PASSWORD
        close_all_sessions(account.id)
        account_mails.account_invited(account, invitation_token(account), "", now)
        audit.record(by_account_id, "invited_again", detail={"account": account_id}, now=now)
        return None


def ask_for_reset(email: str, now: datetime) -> None:
    """'Forgotten password': mails a link if there is such an account.

    An entry is written either way, so that the work and the time are the same (abuse 35).
    """
    with transaction():
        account = account_by_email(email)
        is_known = account is not None and account.active
        audit.record(account.id if account and is_known else None, "password_reset_asked", now=now)
        if account is not None and is_known:
            if account.password is None:
                account_mails.account_invited(account, invitation_token(account), "", now)
            else:
                account_mails.password_reset(account, reset_token(account), now)


def give_generated_password(account_id: int, now: datetime) -> str:
    """A password to print or read out, for the command line; the panel asks to change it. Ends all
    sessions."""
    password = generated_password()
    with transaction():
        store_password(account_id, password, generated=True)
        audit.record(None, "password_generated", detail={"account": account_id}, now=now)
    return password


def deactivate(account_id: int, by_account_id: int | None, now: datetime) -> AccountRefusal | None:
    """The account cannot sign in any more; its sessions and links end at once; what it did stays."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            return AccountRefusal.NOT_FOUND
        if account.active and _is_administrator(account) and administrator_count() <= 1:
            return AccountRefusal.LAST_ADMINISTRATOR
        account.active = False
        close_all_sessions(account_id)
        audit.record(by_account_id, "account_deactivated", detail={"account": account_id}, now=now)
        return None


def activate(account_id: int, by_account_id: int | None, now: datetime) -> AccountRefusal | None:
    """The account may sign in again, with its old password and roles."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            return AccountRefusal.NOT_FOUND
        account.active = True
        audit.record(by_account_id, "account_activated", detail={"account": account_id}, now=now)
        return None


def make_administrator(account_id: int, by_account_id: int | None, now: datetime) -> AccountRefusal | None:
    """From now on the account cares for the whole site."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        if not _is_administrator(account):
            account.roles.append(administrator_role())
            audit.record(by_account_id, "administrator_made", detail={"account": account_id}, now=now)
        return None


def unmake_administrator(account_id: int, by_account_id: int | None, now: datetime) -> AccountRefusal | None:
    """Takes the care for the site away; never from the last active administrator."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None or not _is_administrator(account):
            return AccountRefusal.NOT_FOUND
        if account.active and administrator_count() <= 1:
            return AccountRefusal.LAST_ADMINISTRATOR
        account.roles = [role for role in account.roles if role.name != ADMINISTRATOR]
        audit.record(by_account_id, "administrator_unmade", detail={"account": account_id}, now=now)
        return None


def change_role(
    membership_id: int, organiser_id: int, role: str, by_account_id: int, now: datetime
) -> AccountRefusal | None:
    """Another role at the same organiser; the last owner stays owner."""
    with transaction():
        entry = membership(membership_id, organiser_id)
        if entry is None:
            return AccountRefusal.NOT_FOUND
        if entry.role == "owner" and role != "owner" and _is_last_owner(entry):
            return AccountRefusal.LAST_OWNER
        _give_role(entry.account_id, organiser_id, role, by_account_id, now)
        return None


def remove_from_organiser(
    membership_id: int, organiser_id: int, by_account_id: int, now: datetime
) -> AccountRefusal | None:
    """The person no longer works for the organiser; the account stays."""
    with transaction() as session:
        entry = membership(membership_id, organiser_id)
        if entry is None:
            return AccountRefusal.NOT_FOUND
        if entry.role == "owner" and _is_last_owner(entry):
            return AccountRefusal.LAST_OWNER
        session.delete(entry)
        audit.record(by_account_id, "role_taken", organiser_id, detail={"account": entry.account_id}, now=now)
        return None


def change_own_details(account_id: int, name: str, language: str, now: datetime) -> None:
    """The person's own name and the language of mails to her."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        account.name, account.language = name, language
        audit.record(account_id, "own_details_changed", now=now)


def _give_role(account_id: int, organiser_id: int, role: str, by_account_id: int | None, now: datetime) -> None:
    with transaction() as session:
        account = session.get_one(Account, account_id)
        entry = next((m for m in account.memberships if m.organiser_id == organiser_id), None)
        if entry is None:
            account.memberships.append(Membership(organiser_id=organiser_id, role=role))
        elif entry.role == role:
            return
        else:
            entry.role = role
        detail = {"account": account_id, "role": role}
        audit.record(by_account_id, "role_given", organiser_id, detail=detail, now=now)


def _is_administrator(account: Account) -> bool:
    return any(role.name == ADMINISTRATOR for role in account.roles)


def _is_last_owner(entry: Membership) -> bool:
    return entry.account.active and owner_count(entry.organiser_id) <= 1
