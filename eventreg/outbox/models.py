"""The outbox: every mail that leaves, written in the same transaction as what it tells about."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime
from eventreg.messages.models import EventMessage


class Mail(Base):
    """One mail to one mailbox.

    `facts` holds all it tells, frozen at queueing (outbox.mail_facts). Erasing a registration erases its
    mails. States: queued -> sending -> sent (or filed, without a mail server) or back to queued or failed;
    superseded when a newer mail about the same registration was queued before this one left. Mails of a message that
    is paused are held; those of one that was stopped never leave.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'filed', 'failed', 'superseded', 'held', 'stopped')", name="state"
        ),
        CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed_while_sending"),
        Index("ix_mails_due", "state", "is_bulk", "next_try_at"),
        Index("ix_mails_order", "order_key", "id"),
        Index("ix_mails_registration", "registration_id", "id"),
        Index("ix_mails_event", "event_id", "id"),
        Index("ix_mails_event_quota", "event_id", "created_at", "occasion"),
        Index("ix_mails_organiser", "organiser_id", "id"),
        Index("ix_mails_quota", "quota_key", "created_at"),
        Index("ix_mails_message", "event_message_id", "state"),
        Index("ix_mails_sent", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(40))  # the folder in templates/mail
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("organisers.id", ondelete="CASCADE"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    event_message_id: Mapped[int | None] = mapped_column(ForeignKey("event_messages.id", ondelete="CASCADE"))
    is_bulk: Mapped[bool] = mapped_column(default=False)  # one of many: leaves after the others, so many a minute
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(120), default="")
    quota_key: Mapped[str] = mapped_column(String(254))  # the address with plus and dot variants folded
    order_key: Mapped[str] = mapped_column(String(300))  # mails with one key leave in the order of their ids
    language: Mapped[str] = mapped_column(String(2))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[str] = mapped_column(String(320), unique=True)  # chosen once, the same on every try
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(120))  # host:process:mark of the worker
    last_error: Mapped[str | None] = mapped_column(String(500))  # what the mail server said, or what went wrong here
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    event_message: Mapped[EventMessage | None] = relationship()


class ClientForms(Base):
    """How many forms that send mails one client sent in an hour; `mark` names nobody (client_marks), kept for a day."""

    __tablename__ = "client_forms"

    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)  # the beginning of the hour
    forms: Mapped[int] = mapped_column()


class WorkerHeartbeat(Base):
    """When the worker was last at work; one row per kind of work."""

    __tablename__ = "worker_heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    worker: Mapped[str] = mapped_column(String(120))
    mail_server_away_since: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None: it answered last time
