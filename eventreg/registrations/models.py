"""One person's sign-up for one event."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime
from eventreg.events.models import Event


class Registration(Base):
    """A person signed up for an event.

    Unique by (event, address, name): several persons may share an office's mailbox. A cancelled registration stays
    (it can be undone); signing up again with the same name and address brings the same row back to life.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "address_key", "name_key"),
        CheckConstraint("state IN ('confirmed', 'cancelled')", name="state"),
        Index("ix_registrations_list", "event_id", "state", "sort_key"),
        Index("ix_registrations_quota", "event_id", "quota_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    state: Mapped[str] = mapped_column(String(12), default="confirmed")
    name: Mapped[str] = mapped_column(String(120))  # as the person typed it, tidied
    name_key: Mapped[str] = mapped_column(String(240))  # registrations.name_rules.name_key
    surname: Mapped[str] = mapped_column(String(120))  # guessed; the organiser may correct it
    sort_key: Mapped[str] = mapped_column(String(500))  # registrations.name_rules.sort_key
    email: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))  # lower case: the same mailbox
    quota_key: Mapped[str] = mapped_column(String(254))  # plus and dot variants folded: caps count on it
    language: Mapped[str] = mapped_column(String(2), default="pl")  # of the page signed up on: mails speak it
    source: Mapped[str] = mapped_column(String(10), default="web")  # web, or panel: added by the organiser
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("information_clauses.id"))  # the version shown
    uid: Mapped[str] = mapped_column(String(120), unique=True)  # of the invitation, for life
    ical_sequence: Mapped[int] = mapped_column(default=0)  # of the last invitation, update or cancel sent
    link_key: Mapped[str] = mapped_column(String(40), unique=True)  # in the signed link to the own page
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_by: Mapped[str | None] = mapped_column(String(10))  # person, organiser or event

    event: Mapped[Event] = relationship()
