"""A calendar of somebody else that an organiser follows, and the events last read from it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime
from eventreg.organisers.models import Organiser


class ExternalCalendar(Base):
    """The address of an iCalendar feed, what of it is shown, and how the last look at it went.

    `outcome` names how the last look ended: 'new' before the first one, 'read', 'unchanged', or a failure
    (fetch_rules.Outcome). What was read before a failure stays.
    """

    __tablename__ = "external_calendars"
    __table_args__ = (
        CheckConstraint("shows IN ('all', 'words', 'by_hand')", name="shows"),
        Index("ix_external_calendars_due", "next_check_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))  # the source, as visitors read it: 'Związek Miast Polskich'
    feed_url: Mapped[str] = mapped_column(String(500))  # http(s); webcal:// is turned into https://
    page_url: Mapped[str] = mapped_column(String(500), default="")  # where an event without a link of its own leads
    kind: Mapped[str | None] = mapped_column(String(12))  # of its events, for filters; None: in no kind's list
    shows: Mapped[str] = mapped_column(String(8), default="by_hand")
    words: Mapped[str] = mapped_column(String(400), default="")  # with 'words': an event that has one of them is shown
    etag: Mapped[str] = mapped_column(String(300), default="")  # of the last good answer, for conditional requests
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    content_mark: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the last good answer
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_check_at: Mapped[datetime] = mapped_column(UTCDateTime)  # a worker claims it by moving this on
    failures: Mapped[int] = mapped_column(default=0)  # one after the other
    outcome: Mapped[str] = mapped_column(String(20), default="new")
    events_read: Mapped[int] = mapped_column(default=0)
    events_left_out: Mapped[int] = mapped_column(default=0)  # unreadable, too old, or beyond the limit
    events_repeating: Mapped[int] = mapped_column(default=0)  # of which only the first date is shown
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organiser: Mapped[Organiser] = relationship(lazy="joined", innerjoin=True)
    events: Mapped[list["ExternalEvent"]] = relationship(
        back_populates="calendar", order_by="ExternalEvent.starts_at", cascade="all, delete-orphan"
    )


class ExternalEvent(Base):
    """One event of an external calendar, as plain text: nothing in it is trusted.

    `shown` is what the calendar's rule and the organiser's choice come to; lists and feeds ask for it alone.
    """

    __tablename__ = "external_events"
    __table_args__ = (
        UniqueConstraint("calendar_id", "source_key"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        Index("ix_external_events_listing", "shown", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("external_calendars.id", ondelete="CASCADE"))
    source_key: Mapped[str] = mapped_column(String(64))  # SHA-256 of the source's UID and RECURRENCE-ID
    uid: Mapped[str] = mapped_column(String(120), unique=True)  # ours, in our feeds: the source's may be a copy of ours
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    url: Mapped[str] = mapped_column(String(500), default="")  # http(s) or empty
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Warsaw")
    all_day: Mapped[bool] = mapped_column(default=False)
    cancelled: Mapped[bool] = mapped_column(default=False)
    chosen: Mapped[bool | None] = mapped_column()  # by hand: show it, hide it; None: as the calendar's rule says
    shown: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)  # when we saw it read differently
    revision: Mapped[int] = mapped_column(default=1)

    calendar: Mapped[ExternalCalendar] = relationship(back_populates="events")
