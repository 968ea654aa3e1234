"""Organisers, accounts and the trail: rows in, rows out."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import ADMINISTRATOR, Account, AuditEntry, Membership, Organiser, Role

AUDIT_PAGE = 50
"""Entries of the trail on one page."""


def account_by_email(email: str) -> Account | None:
    """The account with this address (already lower case)."""
    return db.session.scalar(select(Account).where(Account.email == email))


def account_by_uniquifier(uniquifier: str) -> Account | None:
    """The account whose sessions and links carry this mark."""
    return db.session.scalar(select(Account).where(Account.fs_uniquifier == uniquifier))


def account_by_id(account_id: int) -> Account | None:
    """The account with its memberships."""
    return db.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .options(selectinload(Account.memberships).joinedload(Membership.organiser))
    )


def all_accounts() -> Sequence[Account]:
    """Everybody who can sign in, by address, with what they may do."""
    return db.session.scalars(
        select(Account)
        .options(selectinload(Account.memberships).joinedload(Membership.organiser))
        .order_by(Account.email)
    ).all()


def roles_of(account_id: int) -> dict[int, str]:
    """Organiser id -> the role an account has there."""
    rows = db.session.execute(
        select(Membership.organiser_id, Membership.role).where(Membership.account_id == account_id)
    )
    return {row.organiser_id: row.role for row in rows}


def organiser_by_slug(slug: str) -> Organiser | None:
    """The organiser at an address."""
    return db.session.scalar(select(Organiser).where(Organiser.slug == slug))


def all_organisers() -> Sequence[Organiser]:
    """Every organiser, by name."""
    return db.session.scalars(select(Organiser).order_by(Organiser.name)).all()


def organisers_by_ids(ids: Sequence[int]) -> Sequence[Organiser]:
    """The organisers with these ids, by name."""
    return db.session.scalars(select(Organiser).where(Organiser.id.in_(ids)).order_by(Organiser.name)).all()


def people_of(organiser_id: int) -> Sequence[Membership]:
    """Who works for an organiser, owners first, then by address."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.account)
        .where(Membership.organiser_id == organiser_id)
        .options(selectinload(Membership.account))
        .order_by(Membership.role.desc(), Account.email)
    ).all()


def membership(membership_id: int, organiser_id: int) -> Membership | None:
    """One person's role, only if it belongs to this organiser (abuse 28)."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.id == membership_id, Membership.organiser_id == organiser_id)
        .options(selectinload(Membership.account))
    )


def owner_count(organiser_id: int) -> int:
    """How many active accounts own an organiser."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Membership.account)
            .where(Membership.organiser_id == organiser_id, Membership.role == "owner", Account.active)
        )
        or 0
    )


def administrator_count() -> int:
    """How many active accounts care for the site."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Account)
            .where(Account.active, Account.roles.any(Role.name == ADMINISTRATOR))
        )
        or 0
    )


def administrator_role() -> Role:
    """The site-wide role; made on first use, inside the caller's transaction."""
    role = db.session.scalar(select(Role).where(Role.name == ADMINISTRATOR))
    if role is None:
        role = Role(name=ADMINISTRATOR)
        db.session.add(role)
    return role


def audit_page(organiser_id: int | None, before: int | None) -> Sequence[AuditEntry]:
    """The trail, newest first: of one organiser, or of the whole site; `before` is the last id already seen.

    One entry more than AUDIT_PAGE is returned when there is another page.
    """
    query = select(AuditEntry).options(selectinload(AuditEntry.account)).order_by(AuditEntry.id.desc())
    if organiser_id is not None:
        query = query.where(AuditEntry.organiser_id == organiser_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return db.session.scalars(query.limit(AUDIT_PAGE + 1)).all()


def account_names(ids: Sequence[int]) -> dict[int, str]:
    """Account id -> name, or the address where no name is known."""
    rows = db.session.execute(select(Account.id, Account.name, Account.email).where(Account.id.in_(ids)))
    return {row.id: row.name or row.email for row in rows}


def organiser_names() -> dict[int, str]:
    """Organiser id -> name."""
    return {row.id: row.name for row in db.session.execute(select(Organiser.id, Organiser.name))}


def event_titles(ids: Sequence[int]) -> dict[int, str]:
    """Event id -> title."""
    return {row.id: row.title for row in db.session.execute(select(Event.id, Event.title).where(Event.id.in_(ids)))}
