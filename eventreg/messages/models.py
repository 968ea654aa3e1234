"""A message to the people of an event, and the runs of reminders."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime
from eventreg.events.models import Event
from eventreg.organisers.models import Account


class EventMessage(Base):
    """What an organiser writes to the people of an event; kept with the event.

    States: draft -> sending <-> paused -> done, or stopped. Its mails carry its id (Mail.event_message_id), so the
    figures of its report are counted from the outbox.
    """

    __tablename__ = "event_messages"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sending', 'paused', 'stopped', 'done')", name="state"),
        Index("ix_event_messages_event", "event_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(8), default="draft")
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)  # messages.audience_rules
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    event: Mapped[Event] = relationship()
    account: Mapped[Account | None] = relationship()


class ReminderRun(Base):
    """A reminder that has gone out: once for each kind and start of an event, so again after a move of the date."""

    __tablename__ = "reminder_runs"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "starts_at"),
        CheckConstraint("kind IN ('days', 'hours', 'thanks')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(6))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)  # of the event when it was reminded of
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ran_at: Mapped[datetime] = mapped_column(UTCDateTime)
    mails: Mapped[int] = mapped_column(default=0)
