"""Organising bodies, the people who work for them, and who did what."""

from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime

ORGANISER_KINDS = ("public_body", "ngo", "other")
MEMBER_ROLES = ("owner", "editor", "door")
ADMINISTRATOR = "administrator"
"""The site-wide role of the one who installs and cares for the site."""


class Organiser(Base):
    """A body that publishes events: a marshal's office, a city, a think-tank."""

    __tablename__ = "organisers"
    __table_args__ = (CheckConstraint("kind IN ('public_body', 'ngo', 'other')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # the controller under RODO, if it differs
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20), default="public_body")
    contact_email: Mapped[str] = mapped_column(String(254))  # answers to mails go here
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    about: Mapped[str] = mapped_column(Text, default="")  # Markdown
    # From = contact_email, where the mail server lets it
    sends_as_itself: Mapped[bool] = mapped_column(default=False)
    # an NGO may switch the 'metryczka' off
    has_publication_record: Mapped[bool] = mapped_column(default=True)
    # no key: clauses point here, two keys would be a cycle
    current_clause_id: Mapped[int | None] = mapped_column()
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


account_roles = Table(
    "account_roles",
    Base.metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A site-wide role; only ADMINISTRATOR exists. Roles within an organiser stand in Membership."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(200))


class Account(Base, UserMixin):
    """A person who signs in. Without a password until the invitation's link was used."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # changing it ends all sessions
    language: Mapped[str] = mapped_column(String(2), default="pl")
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))  # encrypted; None: no second factor
    # the time step of the last code used: no code works twice
    tf_last_counter: Mapped[int | None] = mapped_column()
    # printed at first start and not changed since
    generated_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # narrower than UserMixin's
        secondary=account_roles, lazy="selectin"
    )
    memberships: Mapped[list["Membership"]] = relationship(back_populates="account", cascade="all, delete-orphan")


class Membership(Base):
    """What an account may do for an organiser: owner (people, clause, all), editor (events, lists), door."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("account_id", "organiser_id"),
        CheckConstraint("role IN ('owner', 'editor', 'door')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(10))

    account: Mapped[Account] = relationship(back_populates="memberships")
    organiser: Mapped[Organiser] = relationship()


class AuditEntry(Base):
    """Who did what, when. Holds ids, never names or addresses of participants; rows are only added."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_organiser", "organiser_id", "id"),
        Index("ix_audit_entries_event", "event_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # None: a command
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("organisers.id", ondelete="SET NULL"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="SET NULL"))
    registration_id: Mapped[int | None] = mapped_column()  # no key: the entry outlives an erased registration
    action: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    account: Mapped[Account | None] = relationship()
